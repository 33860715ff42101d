"""The organisers' page of a recording, and the transcript."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.materials.models import Chapter, RecordingTrack, WebinarRecording
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_live import VTT, make_recording, make_track
from tests.factories_webinars import make_agenda_item, make_organiser, make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]
SAVED = {
    "url": "https://video.example.org/w/4711",
    "language": "en",
    "minutes": "58",
    "starts_at": "4:30",
    "sharing": "audience",
    "version": "0",
}
TRACK = {"kind": "captions", "language": "en"}


@pytest.fixture
def organiser(app: Any) -> User:
    return make_organiser()


@pytest.fixture
def webinar(organiser: User) -> Webinar:
    return make_webinar(organiser=organiser, starts_in=timedelta(hours=-3), recording="all")


@pytest.fixture
def desk(client_for: SignIn, organiser: User) -> FlaskClient:
    return client_for(organiser)


def recorded(webinar: Webinar) -> WebinarRecording:
    db.session.rollback()
    return db.session.get_one(WebinarRecording, webinar.id)


def tracks(webinar: Webinar) -> list[RecordingTrack]:
    db.session.rollback()
    here = db.select(RecordingTrack).where(RecordingTrack.webinar_id == webinar.id)
    return list(db.session.scalars(here.order_by(RecordingTrack.id)))


def save(desk: FlaskClient, webinar: Webinar, **changes: Any) -> Any:
    return desk.post(f"/webinars/{webinar.id}/recording", data=SAVED | changes)


def put(desk: FlaskClient, webinar: Webinar, content: bytes | None, name: str, **more: Any) -> Any:
    sent = {} if content is None else {"upload": (io.BytesIO(content), name)}
    return desk.post(f"/webinars/{webinar.id}/recording/tracks", data=TRACK | sent | more)


def publish(desk: FlaskClient, webinar: Webinar, **data: Any) -> Any:
    return desk.post(f"/webinars/{webinar.id}/recording/publish", data=data)


def test_recording_is_saved_and_changed(desk: FlaskClient, webinar: Webinar) -> None:
    first = save(desk, webinar).status_code
    row = recorded(webinar)
    facts = (row.url, row.minutes, row.starts_at_second, row.published_at)
    again = save(desk, webinar, version="1", ends_on="2027-06-30").status_code

    assert (first, facts) == (302, (SAVED["url"], 58, 270, None))
    assert (again, str(recorded(webinar).ends_on)) == (302, "2027-06-30")
    assert 'value="4:30"' in desk.get(f"/webinars/{webinar.id}/recording").text


def test_older_form_changes_nothing(desk: FlaskClient, webinar: Webinar) -> None:
    save(desk, webinar)
    save(desk, webinar, version="1", minutes="60")
    stale = save(desk, webinar, version="1", minutes="70")

    assert (stale.status_code, "Somebody else changed" in stale.text) == (422, True)
    assert ('value="70"' in stale.text, recorded(webinar).minutes) == (True, 60)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": ""}, "Give the address of the recording."),
        ({"url": "http://video.example.org"}, "Give the whole address"),
        ({"url": f"https://video.example.org/{'x' * 600}"}, "longer than 500"),
        ({"minutes": "0"}, "From 1 to 1,440 minutes."),
        ({"minutes": "many"}, "Write a whole number."),
        ({"starts_at": "later"}, "Write minutes and seconds"),
        ({"ends_on": "summer"}, "Write the day"),
        ({"sharing": "all"}, "Not a valid choice"),
        ({"consent_note": "x" * 501}, "Up to 500 characters."),
    ],
)
def test_odd_forms_come_back(
    desk: FlaskClient, webinar: Webinar, changes: dict[str, str], words: str
) -> None:
    answer = save(desk, webinar, **changes)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert db.session.get(WebinarRecording, webinar.id) is None


def test_published_and_taken_off_again(
    desk: FlaskClient, webinar: Webinar, client: FlaskClient
) -> None:
    save(desk, webinar)
    address = f"/webinars/{webinar.id}-counting-together"
    seen = ["video.example.org" in client.get(address).text]
    for act in ("publish", "publish", "unpublish", "unpublish"):
        assert desk.post(f"/webinars/{webinar.id}/recording/{act}").status_code == 302
        seen.append("video.example.org" in client.get(address).text)

    assert seen == [False, True, True, False, False]
    assert "Undo" in desk.get(f"/webinars/{webinar.id}/recording").text


def test_refusal_of_a_speaker_holds_it_back(desk: FlaskClient, webinar: Webinar) -> None:
    make_speaker(webinar, "Mayor", may_record=False)
    make_speaker(webinar, "Statistician", position=2)
    save(desk, webinar)
    page = desk.get(f"/webinars/{webinar.id}/recording").text
    refused = publish(desk, webinar)
    unsaid = publish(desk, webinar, is_cut="y")
    save(desk, webinar, version="1", consent_note="The mayor is cut out.")
    done = publish(desk, webinar, is_cut="y")

    assert "Does not agree to be recorded: Mayor." in page
    assert "Never asked, or no answer: Statistician." in page
    assert (refused.status_code, unsaid.status_code, done.status_code) == (422, 422, 302)
    assert "Say in a few words what was cut out" in unsaid.text
    assert recorded(webinar).published_at is not None


def test_promise_not_to_record_holds_it_back(desk: FlaskClient, webinar: Webinar) -> None:
    with write():
        webinar.recording = "none"
    save(desk, webinar)
    answer = publish(desk, webinar)

    assert (answer.status_code, "announced as not recorded" in answer.text) == (422, True)
    assert recorded(webinar).published_at is None


def test_speaker_who_declined_to_come_holds_nothing_back(
    desk: FlaskClient, webinar: Webinar
) -> None:
    make_speaker(webinar, may_record=False, state="declined")
    save(desk, webinar)

    assert publish(desk, webinar).status_code == 302


@pytest.mark.parametrize(
    ("changes", "hours", "words"),
    [
        ({}, -3, "Save the address of the recording first."),
        ({"ends_on": "2020-01-01"}, -3, "The last day of this recording is over."),
        ({}, 3, "A recording is published when the webinar is over."),
    ],
)
def test_not_everything_can_be_published(
    desk: FlaskClient, organiser: User, changes: dict[str, str], hours: int, words: str
) -> None:
    webinar = make_webinar(organiser=organiser, starts_in=timedelta(hours=hours), recording="all")
    if changes or hours > 0:
        save(desk, webinar, **changes)
    answer = publish(desk, webinar)

    assert (answer.status_code, words in answer.text) == (422, True)


def test_captions_are_kept_and_replaced(desk: FlaskClient, webinar: Webinar) -> None:
    first = put(desk, webinar, VTT, "first.vtt")
    put(desk, webinar, VTT, "second.vtt", is_machine_made="y")
    put(desk, webinar, VTT, "german.vtt", language="de")

    names = [(one.language, one.file.name if one.file else "") for one in tracks(webinar)]
    assert (first.status_code, names) == (302, [("en", "second.vtt"), ("de", "german.vtt")])
    assert tracks(webinar)[0].is_machine_made is True


def test_transcript_is_text_pasted_or_sent(desk: FlaskClient, webinar: Webinar) -> None:
    put(desk, webinar, None, "", kind="transcript", text="Good morning.\n\nWe count.")
    put(desk, webinar, VTT, "a.vtt", kind="transcript", language="de")

    texts = [(one.text, one.file_id) for one in tracks(webinar)]
    assert texts == [("Good morning.\n\nWe count.", None), ("Good morning.\n\nWe count.", None)]


@pytest.mark.parametrize(
    ("content", "name", "changes", "words"),
    [
        (None, "", {}, "Choose a file with captions."),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHi", "a.srt", {}, "Save captions as WebVTT"),
        (b"WEBVTT\n\n0:1 --> 0:2\nHi", "a.vtt", {}, "Line 3: A cue needs its times"),
        (b"\xff\xfe", "a.vtt", {}, "not plain text"),
        (None, "", {"kind": "transcript"}, "paste the text"),
        (b"PK", "a.docx", {"kind": "transcript"}, "VTT, TXT or MD"),
        (None, "", {"kind": "transcript", "text": "x" * 400_001}, "Up to 400,000"),
        (None, "", {"kind": "film"}, "Not a valid choice"),
        (None, "", {"language": ""}, "Choose one from the list."),
    ],
)
def test_odd_texts_are_refused(
    desk: FlaskClient,
    webinar: Webinar,
    content: bytes | None,
    name: str,
    changes: dict[str, str],
    words: str,
) -> None:
    answer = put(desk, webinar, content, name, **changes)

    assert (answer.status_code, words in answer.text, tracks(webinar)) == (422, True, [])


def test_text_is_taken_away(desk: FlaskClient, webinar: Webinar) -> None:
    track = make_track(webinar)
    path = f"/webinars/{webinar.id}/recording/tracks/{track.id}/remove"

    assert [desk.post(path).status_code for _time in range(2)] == [302, 404]
    assert tracks(webinar) == []


def test_chapters_begin_as_the_programme_and_are_mended(
    desk: FlaskClient, webinar: Webinar
) -> None:
    make_agenda_item(webinar, "Welcome", position=1, minutes=5)
    make_agenda_item(webinar, "How Graz counts", position=2, minutes=20)
    save(desk, webinar)
    page = desk.get(f"/webinars/{webinar.id}/recording").text
    path = f"/webinars/{webinar.id}/recording/chapters"
    saved = desk.post(path, data={"lines": "4:40 Welcome\n10:00 How Graz counts"})
    odd = desk.post(path, data={"lines": "Welcome"})

    assert "4:30 Welcome\n9:30 How Graz counts" in page.replace("\r\n", "\n")
    assert (saved.status_code, odd.status_code, "Line 1" in odd.text) == (302, 422, True)
    db.session.rollback()
    rows = db.session.scalars(db.select(Chapter.second).order_by(Chapter.second)).all()
    assert rows == [280, 600]


def test_transcript_is_a_page(desk: FlaskClient, webinar: Webinar, client: FlaskClient) -> None:
    make_recording(webinar)
    make_track(webinar, text="<b>Good</b> morning.\n\nWe count.", is_machine_made=True)
    make_track(webinar, language="de", text="Guten Morgen.")
    page = client.get(f"/webinars/{webinar.id}/transcript?language=en")

    assert "<p>&lt;b&gt;Good&lt;/b&gt; morning.</p>" in page.text
    assert ["A machine wrote this" in page.text, "German" in page.text] == [True, True]
    for odd in ("", "?language=fr", "?language=%00", "?language=" + "x" * 10_000):
        assert client.get(f"/webinars/{webinar.id}/transcript{odd}").status_code == 404


PLACES = ["", "/publish", "/unpublish", "/tracks", "/tracks/1/remove", "/chapters"]


@pytest.mark.parametrize("place", PLACES)
def test_others_are_kept_out(
    client: FlaskClient, client_for: SignIn, webinar: Webinar, place: str
) -> None:
    path = f"/webinars/{webinar.id}/recording{place}"
    member = client_for(make_user())

    answers = [
        client.post(path).status_code,
        member.post(path).status_code,
        member.post(f"/webinars/0/recording{place}").status_code,
    ]
    assert answers == [302, 403, 404]


@pytest.mark.parametrize("count", [1, 30])
def test_page_takes_the_same_few_statements(
    desk: FlaskClient, webinar: Webinar, count_statements: Any, count: int
) -> None:
    make_recording(webinar, published_at=utcnow())
    for number in range(count):
        make_track(webinar, language=f"a{number}")
    path = f"/webinars/{webinar.id}/recording"
    with count_statements() as statements:
        desk.get(path)

    assert len(statements) == 9
