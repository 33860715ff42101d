"""The table as spreadsheets read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.enums import Attribution
from app.webinars.enums import PartStat, QuestionKind, RegistrationState
from app.webinars.exporting import harmless
from app.webinars.models import Webinar
from tests.factories import make_city
from tests.factories_answers import make_answer, make_question
from tests.factories_registrations import at, make_registration
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
BOM = b"\xef\xbb\xbf"
FORMULAS = [
    "=1+1", "+43 1", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "  \u00a0=1", "\u200b=1",
    "\ufeff=1", "＝1+1", "＋1", "－1", "＠x", "﹦1", "\u202f＝1", "\u00ad=1",
]  # fmt: skip
HARMLESS = ["Officer", "Łódź 🎥", "1+1=2", "a\n=1", "", "100 %", "«Rights»", "'quoted'", "👩‍🦽 =1"]


def table(browser: FlaskClient, webinar: Webinar) -> list[list[str]]:
    """Read as LibreOffice and Excel do: the mark gone, one separator, quotes respected."""
    answer = browser.get(f"/webinars/{webinar.id}/registrations.csv")
    assert answer.status_code == 200
    assert answer.data.startswith(BOM)
    text = answer.data.removeprefix(BOM).decode("utf-8")
    assert text.count("\r\n") == text.count("\r") == text.replace("\n", "\r\n").count("\r\r\n")
    dialect = csv.Sniffer().sniff(text, delimiters=",;")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter))


def organiser(webinar: Webinar) -> User:
    return webinar.organisers[0].user


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", HARMLESS)
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_table_has_what_organisers_see(client_for: SignIn) -> None:
    webinar = make_webinar("Housing", tzid="Europe/Vienna")
    why = make_question(webinar, "=Why?")
    first = make_question(webinar, "First time?", kind=QuestionKind.YES_NO, position=2)
    person = make_registration(
        webinar,
        name="=1+1",
        email="officer@demo.invalid",
        city_id=make_city("Graz").id,
        access_needs='Captions;\nlarge, "clear" type',
        created_at=at("2026-10-24T08:00:00+00:00"),
        joined_at=at("2026-10-25T08:00:00+00:00"),
        partstat=PartStat.TENTATIVE,
        reply_comment="@home",
        is_listed=True,
        attended=True,
        minutes_attended=70,
    )
    make_answer(person, why, "＝cmd|' /C calc'!A0")
    make_answer(person, first, "yes")
    make_registration(webinar, state=RegistrationState.PENDING_EMAIL)

    rows = table(client_for(organiser(webinar)), webinar)

    assert rows == [
        ["Name", "Mail address", "City", "Country", "State", "Language", "Access needs",
         "Answer by calendar", "Comment", "Name in the list", "'=Why?", "First time?",
         "Registered (Europe/Vienna)", "Joined (Europe/Vienna)", "Attended", "Minutes"],
        ["'=1+1", "officer@demo.invalid", "Graz", "Austria", "Has a seat", "English",
         'Captions;\nlarge, "clear" type', "Maybe", "'@home", "Yes", "'＝cmd|' /C calc'!A0", "Yes",
         "2026-10-24 10:00", "2026-10-25 09:00", "Yes", "70"],
    ]  # fmt: skip
    assert person.token not in str(rows)


@pytest.mark.parametrize(("locale", "separator"), [("en", b","), ("de", b";"), ("ca", b";")])
def test_separator_is_the_one_of_the_readers_country(
    client_for: SignIn, locale: str, separator: bytes
) -> None:
    webinar = make_webinar(organiser=make_organiser(locale=locale))

    answer = client_for(organiser(webinar)).get(f"/webinars/{webinar.id}/registrations.csv")

    head = answer.data.removeprefix(BOM).split(b"\r\n")[0]
    assert head.count(b'"' + separator + b'"') == 13


def test_table_of_a_chatham_house_webinar_says_not_who_was_there(client_for: SignIn) -> None:
    webinar = make_webinar(attribution=Attribution.CHATHAM_HOUSE)
    make_registration(webinar, joined_at=utcnow(), attended=True, minutes_attended=70)

    head, person = table(client_for(organiser(webinar)), webinar)

    assert (len(head), len(person)) == (11, 11)
    assert head[-1] == "Registered (Europe/Brussels)"


def test_file_has_a_name_and_is_not_kept(client_for: SignIn) -> None:
    webinar = make_webinar("Housing")

    answer = client_for(organiser(webinar)).get(f"/webinars/{webinar.id}/registrations.csv")

    assert 'filename="housing-participants.csv"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type == "text/csv; charset=utf-8"


def test_large_table_is_read_in_portions(
    client_for: SignIn, count_statements: Callable[[], Any]
) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    for number in range(30):
        person = make_registration(webinar, name=f"Officer {number}", joined_at=utcnow())
        make_answer(person, question, f"Reason {number}")
    browser = client_for(organiser(webinar))

    with count_statements() as seen:
        rows = table(browser, webinar)

    assert [row[0] for row in rows[1:]] == [f"Officer {number}" for number in range(30)]
    assert rows[30][10] == "Reason 29"
    assert len(seen) <= 9
