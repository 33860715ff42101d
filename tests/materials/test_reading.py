"""Timecodes, addresses of moments, captions: what is taken and what is not."""

from __future__ import annotations

import pytest
from flask import Flask

from app.core.db import write
from app.materials import chaptering
from app.materials.captions import read_captions, spoken_text
from app.materials.errors import CaptionsRefused, ChapterRefused, TranscriptRefused
from app.materials.hosting import at_second, host_of, is_web_address
from app.materials.timecodes import read_timecode, timecode
from app.materials.tracking import check_captions, transcript_text
from tests.factories_webinars import make_agenda_item, make_webinar

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    ("text", "second"),
    [("0:00", 0), ("4:30", 270), (" 12.05 ", 725), ("75:00", 4500), ("1:02:05", 3725)],
)
def test_timecodes_are_read(text: str, second: int) -> None:
    assert read_timecode(text) == second


@pytest.mark.parametrize(
    "text", ["", "4", "4:60", "1:75:00", "-1:00", "4:30pm", "99:00:00", "٤:٣٠"]
)
def test_other_words_are_no_timecodes(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        read_timecode(text)


def test_timecodes_are_written() -> None:
    assert [timecode(second) for second in (0, 270, 3725)] == ["0:00", "4:30", "1:02:05"]


@pytest.mark.parametrize(
    ("url", "moment"),
    [
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc&t=90s"),
        ("https://youtu.be/abc?t=5", "https://youtu.be/abc?t=90s"),
        ("https://vimeo.com/4711", "https://vimeo.com/4711#t=90s"),
        ("https://tube.example.org/w/4711", "https://tube.example.org/w/4711?start=90s"),
        ("https://cloud.example.org/s/4711", ""),
        ("https://youtube.com.evil.example/watch?v=abc", ""),
    ],
)
def test_moments_are_linked_where_the_rule_is_known(url: str, moment: str) -> None:
    assert at_second(url, 90) == moment


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://video.example.org/4711", True),
        ("https://video.example.org:8443/4711", True),
        ("http://video.example.org/4711", False),
        ("https://video", False),
        ("https://me:secret@video.example.org/4711", False),
        ("https://video.example.org:99999/", False),
        ("https://[::1/", False),
        ("javascript:alert(1)//a.b", False),
    ],
)
def test_web_addresses_are_whole(url: str, is_one: bool) -> None:
    assert is_web_address(url) is is_one


def test_host_is_what_people_know() -> None:
    assert [host_of("https://www.example.org/a"), host_of("https://[::1/")] == ["example.org", ""]


GOOD = (
    "\ufeffWEBVTT - Graz\r\n\r\nNOTE a\r\nremark\r\n\r\nSTYLE\r\n::cue { }\r\n\r\n"
    "1\r\n00:01.000 --> 00:02.500 align:start line:0\r\n<v Speaker>Who &amp; what</v>\r\n\r\n"
    "01:00:00.000 --> 01:00:04.000\r\nΑθήνα 🎥\r\n"
).encode()


def test_captions_are_read(app: Flask) -> None:
    cues = read_captions(GOOD)

    assert [(cue.start, cue.end, cue.text) for cue in cues] == [
        (1.0, 2.5, "Who & what"),
        (3600.0, 3604.0, "Αθήνα 🎥"),
    ]
    assert spoken_text(cues) == "Who & what\n\nΑθήνα 🎥"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file has to begin"),
        (b"1\n00:01.000 --> 00:02.000\nHi", "The file has to begin"),
        (b"WEBVTTX\n\n00:01.000 --> 00:02.000\nHi", "The file has to begin"),
        (b"WEBVTT\n\n", "There is no cue"),
        (b"WEBVTT\n\n00:01,000 --> 00:02,000\nHi", "Line 3: A cue needs its times"),
        (b"WEBVTT\n\n00:03.000 --> 00:02.000\nHi", "Line 3: A cue ends before"),
        (
            b"WEBVTT\n\n00:03.000 --> 00:04.000\nHi\n\n00:01.000 --> 00:02.000\nHi",
            "Line 6: A cue begins before",
        ),
        (b"WEBVTT\n\n00:61.000 --> 00:62.000\nHi", "Line 3: A cue needs its times"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\xfe", "not plain text"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\0", "not plain text"),
        (b"WEBVTT\n\n" + b"x" * (2 << 20), "at most 2 MB"),
    ],
)
def test_odd_captions_are_refused_with_the_line(app: Flask, content: bytes, words: str) -> None:
    with pytest.raises(CaptionsRefused, match=words):
        check_captions(content, "a.vtt")


def test_captions_are_named_as_such(app: Flask) -> None:
    with pytest.raises(CaptionsRefused, match=r"\.vtt"):
        check_captions(GOOD, "a.srt")


def test_transcripts_come_as_text_or_captions(app: Flask) -> None:
    assert transcript_text("\ufeffGrüße\n".encode(), "a.TXT") == "Grüße"
    assert transcript_text(GOOD, "a.vtt") == "Who & what\n\nΑθήνα 🎥"
    for content, name in ((b"\xff", "a.txt"), (b"a", "a.docx"), (b"a" * (2 << 20) + b"b", "a.md")):
        with pytest.raises(TranscriptRefused):
            transcript_text(content, name)


def test_chapters_begin_as_the_programme(app: Flask) -> None:
    webinar = make_webinar()
    for position, (title, minutes) in enumerate(
        [("Welcome", 5), ("How Graz counts", 20), ("Questions", None), ("Close", 5)], start=1
    ):
        make_agenda_item(webinar, title, position=position, minutes=minutes)

    rows = chaptering.from_programme(webinar, 90)

    assert chaptering.as_lines(rows) == "1:30 Welcome\n6:30 How Graz counts\n26:30 Questions"


def test_chapters_keep_their_item_of_the_programme(app: Flask) -> None:
    webinar = make_webinar()
    item = make_agenda_item(webinar, "Welcome")

    with write():
        chaptering.replace(webinar, chaptering.read_lines("2:00 Break\n\n0:10  welcome "))

    rows = chaptering.the_chapters(webinar)
    assert [(row.second, row.title, row.agenda_item_id) for row in rows] == [
        (10, "welcome", item.id),
        (120, "Break", None),
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("Welcome", "Line 1: Begin with the time"),
        ("0:00 Welcome\n5 Questions", "Line 2: Begin with the time"),
        ("0:00", "Line 1: Write a title"),
        (f"0:00 {'x' * 201}", "Line 1: Write a title"),
        ("0:00 One\n0:00 Two", "Line 2: Two chapters"),
        ("\n".join(f"{n}:00 Chapter" for n in range(61)), "at most 60"),
    ],
)
def test_odd_chapters_are_refused_with_the_line(app: Flask, lines: str, words: str) -> None:
    with pytest.raises(ChapterRefused, match=words):
        chaptering.read_lines(lines)
