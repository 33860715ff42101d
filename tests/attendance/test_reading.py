"""Reports of Zoom and Teams in the shapes in which they come."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from app.attendance.enums import Column, DayOrder, ReportKind
from app.attendance.errors import FileTooLarge, IsSpreadsheet, NoFile, NotAReport, TooManyLines
from app.attendance.reading.decoding import MOST_BYTES, rows_of, text_of
from app.attendance.reading.moments import order_of, read_moment, seconds_in
from app.attendance.reading.names import name_key
from app.attendance.reading.report import Choices, Understood, understood
from app.core.errors import DomainError
from tests.factories_attendance import REPORTS, report_bytes

pytestmark = pytest.mark.any_engine

DAY = date(2026, 11, 18)
BRUSSELS = Choices("Europe/Brussels", DAY)
FILES = sorted(path.name for path in REPORTS.glob("*.csv"))
RIGHTS, HOUSING = "Human rights officer", "Housing officer"

Told = list[tuple[str, str, str, str, int | None]]


def read(name: str, choices: Choices = BRUSSELS) -> Understood:
    return understood(text_of(report_bytes(name)), choices)


def told(report: Understood) -> Told:
    return [
        (one.name, one.email, clock(one.joined_at), clock(one.left_at), one.minutes)
        for one in report.stays
    ]


def clock(moment: datetime | None) -> str:
    """In UTC, an hour behind Brussels."""
    return f"{moment.astimezone(UTC):%H:%M}" if moment else ""


@pytest.mark.parametrize(
    ("name", "kind", "stays"),
    [
        ("zoom_en_participants.csv", ReportKind.ZOOM, [
            (RIGHTS, "rights@graz.example", "08:52", "09:31", 40),
            (RIGHTS, "rights@graz.example", "09:25", "10:20", 55),
            (HOUSING, "", "08:59", "10:15", 76),  # not the time in the waiting room
            ("iPhone", "", "09:00", "09:10", 10),
        ]),
        ("zoom_de_meeting_rows.csv", ReportKind.ZOOM, [
            (f"Menschenrechtsbüro ({RIGHTS})", "rights@graz.example", "09:00", "09:30", 30),
            (f"Menschenrechtsbüro ({RIGHTS})", "rights@graz.example", "09:40", "10:10", 30),
            ("Beauftragte für Gleichstellung", "", "09:05", "10:15", 70),
        ]),
        ("zoom_es_participantes.csv", ReportKind.ZOOM, [
            ("Técnica de vivienda", "rights@graz.example", "09:02", "10:02", 60),
            (HOUSING, "", "09:00", "09:20", 20),
        ]),
        ("zoom_fr_participants.csv", ReportKind.ZOOM, [
            ("Chargée de mission égalité", "rights@graz.example", "09:00", "10:15", 75),
            (HOUSING, "", "09:10", "09:40", 30),
        ]),
        ("zoom_en_usage.csv", ReportKind.ZOOM, [
            (RIGHTS, "rights@graz.example", "09:00", "09:45", 45),
            (HOUSING, "", "09:00", "10:15", 75),
        ]),
        ("zoom_en_webinar.csv", ReportKind.ZOOM, [
            ("Network office", "office@network.example", "08:50", "10:20", 90),
            (RIGHTS, "rights@graz.example", "09:15", "10:15", 60),  # the other never came
        ]),
        ("zoom_en_totals.csv", ReportKind.ZOOM, [
            (RIGHTS, "rights@graz.example", "", "", 64),
            (HOUSING, "", "", "", 12),
        ]),
        ("teams_en_old_list.csv", ReportKind.TEAMS, [
            (RIGHTS, "", "08:58", "09:28", None),
            (RIGHTS, "", "09:35", "10:05", None),
            ("Officer, Housing (External)", "", "09:05", "", None),
            ("Somebody of the hotel", "", "09:01", "09:02", None),
        ]),
        ("teams_en_sections.csv", ReportKind.TEAMS, [
            ("Network office", "office@network.example", "08:45", "10:22", 97),
            (RIGHTS, "rights@graz.example", "08:58", "09:28", 30),
            (RIGHTS, "rights@graz.example", "09:35", "10:05", 30),
            (f"{HOUSING} (Unverified)", "", "09:05", "10:15", 70),
        ]),
        ("teams_de_sections.csv", ReportKind.TEAMS, [
            (RIGHTS, "rights@graz.example", "08:58", "10:05", 60),
            (HOUSING, "housing@york.example", "09:05", "09:25", 20),
        ]),
        ("teams_es_sections.csv", ReportKind.TEAMS, [
            (RIGHTS, "rights@graz.example", "09:00", "10:02", 62),
            (HOUSING, "", "09:30", "09:55", 25),
        ]),
    ],
)  # fmt: skip
def test_each_shape_is_read(name: str, kind: ReportKind, stays: Told) -> None:
    report = read(name)

    assert told(report) == stays
    assert (report.kind, report.is_sure, report.asks_order) == (kind, True, False)


def test_headings_that_nobody_knows_are_worked_out_and_asked_about() -> None:
    by_place, by_content = read("teams_unknown_language.csv"), read("by_hand_ambiguous.csv")

    assert [by_place.is_sure, by_content.is_sure] == [False, False]
    assert told(by_place) == [
        (RIGHTS, "rights@graz.example", "09:00", "10:00", 60),
        (HOUSING, "housing@york.example", "09:00", "10:10", 70),
    ]
    assert by_content.columns == {
        Column.NAME: 0, Column.EMAIL: 1, Column.JOINED: 2, Column.LEFT: 3,
    }  # fmt: skip


def test_columns_that_an_organiser_names_are_used_and_still_asked_about() -> None:
    swapped = {Column.NAME: 0, Column.EMAIL: 1, Column.JOINED: 3, Column.LEFT: 2}
    choices = Choices("Europe/Brussels", DAY, DayOrder.MONTH_FIRST, swapped)

    report = read("by_hand_ambiguous.csv", choices)

    assert report.columns == swapped
    assert report.is_sure is False


def test_columns_as_they_were_understood_are_no_choice() -> None:
    own = Choices("Europe/Brussels", DAY, None, dict(read("zoom_en_totals.csv").columns))

    assert read("zoom_en_totals.csv", own).is_sure


def test_ambiguous_dates_are_asked_about_and_nothing_is_guessed() -> None:
    report = read("by_hand_ambiguous.csv")

    assert (report.order, report.asks_order) == (None, True)
    assert {stay.joined_at for stay in report.stays} == {None}


@pytest.mark.parametrize(
    ("order", "day"),
    [(DayOrder.DAY_FIRST, date(2026, 6, 5)), (DayOrder.MONTH_FIRST, date(2026, 5, 6))],
)
def test_the_organisers_answer_decides(order: DayOrder, day: date) -> None:
    report = read("by_hand_ambiguous.csv", Choices("UTC", DAY, order))

    assert {stay.joined_at.date() for stay in report.stays if stay.joined_at} == {day}


def test_the_day_of_the_webinar_decides_where_only_one_reading_fits() -> None:
    assert read("by_hand_ambiguous.csv", Choices("UTC", date(2026, 6, 5))).order == "day"
    assert read("by_hand_ambiguous.csv", Choices("UTC", date(2026, 5, 7))).order == "month"


def test_the_report_itself_decides_before_anybody_is_asked() -> None:
    said = Choices("Europe/Brussels", DAY, DayOrder.MONTH_FIRST)

    assert read("zoom_es_participantes.csv", said).order == DayOrder.DAY_FIRST


def test_hours_are_those_of_the_chosen_zone() -> None:
    report = read("zoom_es_participantes.csv", Choices("Europe/Athens", DAY))

    assert clock(report.stays[0].joined_at) == "08:02"


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-11-18T09:00:00Z", "2026-11-18 09:00"),
        ("2026-11-18 10:00:00+01:00", "2026-11-18 09:00"),
        ("2026/11/18 10:00", "2026-11-18 09:00"),
        ("18.11.2026, 10:00", "2026-11-18 09:00"),
        ("18.11.26 10.00", "2026-11-18 09:00"),
        ("18-11-2026 10:00:00", "2026-11-18 09:00"),
        ("11/18/26, 10:00:00\u202fAM", "2026-11-18 09:00"),
        ("18/11/2026 10:00 a. m.", "2026-11-18 09:00"),
        ("11/18/2026 12:00:00 AM", "2026-11-17 23:00"),
        ("11/18/2026 12:30:00 PM", "2026-11-18 11:30"),
        ("10:00", "2026-11-18 09:00"),
    ],
)
def test_moments(cell: str, moment: str) -> None:
    text = f"Name;Email;Join time\nA;a@b.example;{cell}"

    (stay,) = understood(text, BRUSSELS).stays

    assert stay.joined_at is not None
    assert f"{stay.joined_at:%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    "cell", ["", "--", "yesterday", "31/31/2026 10:00", "10:61", "13:00 PM", "2026-02-30 10:00",
             "1/1/0001 10:00", "99999-1-1 1:00", "10:00 +99:00", "٠٩:٠٠", "1/1/126 10:00"],
)  # fmt: skip
def test_what_is_no_moment(cell: str) -> None:
    assert read_moment(cell) is None


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("62", 3720), ("62.5", 3750), ("62,5", 3750), ("1:02:03", 3723), ("1h 2m 3s", 3723),
        ("1 Std. 2 Min.", 3720), ("1\u00a0h 47\u00a0min", 6420), ("33s", 33), ("3h", 10800),
        ("1 uur 2 minuten", 3720), ("1 tim 2 min", 3720), ("", None), ("--", None),
        ("2 fortnights", None), ("1e99", None), ("999999", 86400),
    ],
)  # fmt: skip
def test_lengths(cell: str, seconds: int | None) -> None:
    assert seconds_in(cell) == seconds


def test_order_without_a_day_is_asked() -> None:
    moment = read_moment("5/6/26 10:00")
    assert moment is not None

    assert order_of([moment], None) is None
    assert order_of([], None) == DayOrder.DAY_FIRST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Officer, Housing (External)", "housing OFFICER"),
        ("Chargée d’égalité", "chargee d'egalite"),
        ("Łódź [Guest]", "łódź"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_letters_and_separators(encoding: str, delimiter: str) -> None:
    rows = [["Name", "Email", "Duration (Minutes)"], ["Łódź, office; 1", "a@b.example", "5"]]
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)

    assert rows_of(text_of(file.getvalue().encode(encoding))) == rows


def test_excels_line_about_the_separator_is_followed() -> None:
    assert rows_of("sep=;\r\na;b,c\r\n") == [["a", "b,c"]]


def test_control_characters_are_left_out() -> None:
    assert rows_of("a\x07\u202e,b\x00") == [["a", "b"]]


def test_what_is_no_report_is_refused_with_a_sentence() -> None:
    with pytest.raises(NoFile):
        text_of(b"")
    with pytest.raises(FileTooLarge):
        text_of(b"a" * (MOST_BYTES + 1))
    for archive in (b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest"):
        with pytest.raises(IsSpreadsheet):
            text_of(archive)
    with pytest.raises(NotAReport):
        text_of(b"\x01\x02\x03" * 100)
    with pytest.raises(TooManyLines):
        rows_of("a,b\n" * 5001)
    for text in ("", "hello", "a,b\nc,d", "Name,Colour\nA,red"):
        with pytest.raises(NotAReport):
            understood(text, BRUSSELS)


@pytest.mark.parametrize("name", FILES)
def test_broken_reports_never_break_anything(name: str) -> None:
    """Bytes turned, cut, doubled and put in: it is read, or refused with a sentence."""
    chance, content = random.Random(name), report_bytes(name)

    outcomes = Counter(outcome_of(mutated(content, chance)) for _ in range(25))

    assert outcomes.total() == outcomes["read"] + outcomes["refused"] == 25


def test_random_bytes_never_break_anything() -> None:
    chance = random.Random(7)

    outcomes = Counter(outcome_of(chance.randbytes(chance.randrange(1, 600))) for _ in range(100))

    assert outcomes == {"refused": 100}


def outcome_of(content: bytes) -> str:
    try:
        understood(text_of(content), BRUSSELS)
    except DomainError as error:
        return "refused" if str(error.message).strip() else "refused without a word"
    return "read"


def mutated(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(found))
        kind = chance.randrange(4)
        if kind == 0:
            found[at] = chance.randrange(256)
        elif kind == 1:
            del found[at : at + chance.randrange(1, 40)]
        elif kind == 2:
            found[at:at] = found[at : at + chance.randrange(1, 200)]
        else:
            found[at:at] = chance.choice([b'"', b"\x00", b"\n", b",", b"\xff", b"9" * 50, b"\r"])
        if not found:
            return b"x"
    return bytes(found)


def test_a_long_report_is_read_in_no_time() -> None:
    line = "Officer,a@b.example,11/18/2026 10:00:00 AM,11/18/2026 11:00:00 AM,60\n"
    head = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\n"
    before = datetime.now(UTC)

    report = understood(head + line * 4999, BRUSSELS)

    assert len(report.stays) == 4999
    assert datetime.now(UTC) - before < timedelta(seconds=10)
