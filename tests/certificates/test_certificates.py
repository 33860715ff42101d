"""Certificates: who gets one, what it says, how it is checked and taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pikepdf
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.attendance import correcting, ticking
from app.attendance.queries import reports_at
from app.certificates import issuing
from app.certificates.errors import NotEntitled
from app.certificates.issuing import Claim, Standing
from app.certificates.models import Certificate
from app.certificates.printing import write_certificate
from app.certificates.queries import tidy_code
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.webinars import seats
from app.webinars.attending import registration_by_id
from app.webinars.enums import DatePrecision, RegistrationState, Status
from app.webinars.models import Registration, Webinar
from app.webinars.participants import reload
from tests.factories import make_user
from tests.factories_attendance import (
    AFTER,
    START,
    held_webinar,
    import_report,
    make_report,
    officer,
    organiser_of,
    stayed,
    tick,
)
from tests.factories_registrations import mails_to, make_registration, text_of, work
from tests.factories_webinars import make_registration as make_member_registration
from tests.hostile.seat_rush import at_once

SignIn = Callable[[User], FlaskClient]
DURING = "2026-11-18T09:30:00+00:00"


@pytest.fixture(autouse=True)
def after() -> Iterator[None]:
    with time_machine.travel(AFTER):
        yield


def recount(*people: Registration) -> None:
    with write():
        correcting.recount(seats.hold(people[0].webinar_id), [one.id for one in people])


def present(webinar: Webinar, minutes: int = 75, **changes: Any) -> Registration:
    person = officer(webinar, **changes)
    stayed(person, minutes)
    recount(person)
    return person


def issued(person: Registration) -> Certificate:
    with write():
        return issuing.issue(person)


def address_of(person: Registration) -> str:
    return f"/webinars/{person.webinar_id}/certificate?t={person.token}"


def words_in(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_who_gets_one_and_why_not(app: Flask) -> None:
    webinar = held_webinar()
    people = {
        "half": present(webinar, 38, email="half@graz.example"),
        "less": present(webinar, 37, email="less@graz.example"),
        "ticked": officer(webinar, email="ticked@graz.example"),
        "ticked_off": present(webinar, 75, email="off@graz.example"),
        "not_long_but_ticked": present(webinar, 10, email="short@graz.example"),
        "clicked": officer(webinar, email="clicked@graz.example", joined_at=START),
        "nothing": officer(webinar, email="nothing@graz.example"),
        "lobby_only": present(webinar, 0, email="lobby@graz.example"),
        "cancelled": present(webinar, email="c@graz.example", state=RegistrationState.CANCELLED),
    }
    tick(people["ticked"], True)
    tick(people["ticked_off"], False)
    tick(people["not_long_but_ticked"], True)

    standings = {name: issuing.standing_of(person) for name, person in people.items()}

    assert standings == {
        "half": Standing(Claim.ENTITLED, 38),
        "less": Standing(Claim.TOO_SHORT, 37),
        "ticked": Standing(Claim.ENTITLED),
        "ticked_off": Standing(Claim.ABSENT),
        "not_long_but_ticked": Standing(Claim.ENTITLED),
        "clicked": Standing(Claim.ONLY_CLICKED),
        "nothing": Standing(Claim.NOTHING_KNOWN),
        "lobby_only": Standing(Claim.ABSENT),
        "cancelled": Standing(Claim.NO_PLACE),
    }


@pytest.mark.parametrize(
    ("now", "changes", "claim"),
    [
        (DURING, {}, Claim.NOT_OVER),
        (AFTER, {"status": Status.CANCELLED}, Claim.NOT_HELD),
        (AFTER, {"status": Status.ARCHIVED}, Claim.ENTITLED),
    ],
)
def test_only_after_a_webinar_that_took_place(
    app: Flask, now: str, changes: dict[str, Any], claim: Claim
) -> None:
    person = present(held_webinar(**changes))

    with time_machine.travel(now):
        assert issuing.standing_of(person).claim is claim


def test_twice_is_the_same_certificate(app: Flask) -> None:
    person = present(held_webinar())

    first, second = issued(person), issued(person)

    assert first.code == second.code
    assert re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}", first.code)


def test_pressed_by_many_at_once_there_is_one(app: Flask) -> None:
    person = present(held_webinar())
    ids, codes = person.id, []

    def press() -> None:
        with write():
            one = db.session.scalars(registration_by_id(ids)).one()
            codes.append(issuing.issue(one).code)

    at_once(app, [press] * 6)

    assert len(codes) == 6
    assert len(set(codes)) == 1


def test_correcting_and_issuing_at_once_leave_no_wrong_one(app: Flask) -> None:
    webinar = held_webinar()
    person = present(webinar)
    webinar_id, person_id, actor_id = webinar.id, person.id, organiser_of(webinar).id

    def issue() -> None:
        with suppress(NotEntitled), write():
            issuing.issue(db.session.scalars(registration_by_id(person_id)).one())

    def correct(was_there: bool) -> Callable[[], None]:
        def act() -> None:
            with write():
                actor = db.session.get_one(User, actor_id)
                ticking.tick(seats.hold(webinar_id), {person_id: was_there}, actor)

        return act

    at_once(app, [issue, correct(False), issue, correct(True), issue, correct(False)] * 2)
    tick(person, False)

    valid = select(Certificate).where(Certificate.revoked_at.is_(None))
    assert db.session.scalars(valid).all() == []


def test_corrected_to_absent_it_is_revoked_and_the_holder_told_once(app: Flask) -> None:
    person = present(held_webinar())
    certificate = issued(person)

    tick(person, False)
    tick(person, None)
    tick(person, False)
    work()

    db.session.refresh(certificate)
    assert certificate.revoke_reason == "absent"
    assert certificate.revoked_at is not None
    (mail,) = mails_to(person.email)
    assert mail["Subject"] == "Your certificate is no longer valid: Counting together"
    assert certificate.code in text_of(mail)
    assert f"certificate?t={person.token}" in text_of(mail)


def test_a_new_one_has_a_new_code(app: Flask) -> None:
    person = present(held_webinar())
    first = issued(person).code

    tick(person, False)
    tick(person, True)

    assert issued(person).code != first
    rows = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [row.revoked_at is None for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("minutes", "reason"), [(20, "absent"), (60, "corrected"), (75, "")], ids=str
)
def test_other_minutes_revoke_what_says_the_wrong_ones(
    app: Flask, minutes: int, reason: str
) -> None:
    webinar = held_webinar()
    person = present(webinar, 75)
    certificate = issued(person)
    report = db.session.scalars(reports_at(webinar.id)).first()
    assert report is not None

    with write():
        report.undone_at = START
    stayed(person, minutes)
    recount(person)

    db.session.refresh(certificate)
    assert certificate.revoke_reason == reason


def test_undoing_the_report_revokes_in_the_same_transaction(app: Flask, client_for: SignIn) -> None:
    webinar = held_webinar()
    person = officer(webinar)
    report = import_report(webinar, "zoom_en_totals.csv")
    code = issued(person).code

    client_for(organiser_of(webinar)).post(
        f"/webinars/{webinar.id}/attendance/reports/{report.id}/undo"
    )

    page = app.test_client().get(f"/certificates/{code}")
    assert "This certificate is not valid. It was revoked on" in words_in(page)
    assert "75 minutes" not in page.text


def test_a_correction_of_others_revokes_nothing(app: Flask) -> None:
    webinar = held_webinar()
    person, other = present(webinar), officer(webinar, email="other@graz.example")
    certificate = issued(person)

    tick(other, False)
    with write():
        reload(person)

    db.session.refresh(certificate)
    assert certificate.revoked_at is None


def test_guest_issues_downloads_and_others_check(client: FlaskClient) -> None:
    webinar = held_webinar(host_label="City of Graz")
    person = present(webinar, city_label="Graz")

    before = words_in(client.get(address_of(person)))
    answer = client.post(address_of(person).partition("?")[0], data={"t": person.token})
    page = client.get(str(answer.location))
    (code,) = re.findall(r"/certificates/([A-Z0-9-]+)\.pdf", page.text)
    file = client.get(f"/certificates/{code}.pdf")
    check = client.get(f"/certificates/{code.lower().replace('-', '')}")

    assert "Issue my certificate" in before
    assert answer.location == address_of(person)
    assert page.headers["Cache-Control"] == "no-store"
    assert file.content_type == "application/pdf"
    assert file.data.startswith(b"%PDF-")
    assert check.headers["X-Robots-Tag"] == "noindex"
    assert (
        f"This certificate is valid. Code {code} Name Human rights officer, Graz "
        "Webinar Counting together When Wed 18 Nov 2026, 10:00–11:15 (Brussels) "
        "Host City of Graz Present 75 minutes Issued 18 November 2026"
    ) in words_in(check)


def test_member_needs_no_link(client_for: SignIn) -> None:
    webinar, person = held_webinar(), make_user()
    tick(make_member_registration(webinar, person), True)
    browser = client_for(person)

    answer = browser.post(f"/webinars/{webinar.id}/certificate")

    assert answer.location == f"/webinars/{webinar.id}/certificate"
    page = words_in(browser.get(str(answer.location)))
    assert "Your certificate is issued to Human rights officer." in page


def test_who_is_not_entitled_reads_why(client: FlaskClient) -> None:
    person = officer(held_webinar(), joined_at=START)

    page = client.get(address_of(person))
    answer = client.post(address_of(person).partition("?")[0], data={"t": person.token})

    sentence = "You clicked, but the organisers have not confirmed the attendance yet."
    assert (page.status_code, answer.status_code) == (200, 422)
    assert sentence in page.text
    assert sentence in answer.text
    assert db.session.scalars(select(Certificate)).all() == []


def test_pages_are_for_the_holder_only(client: FlaskClient, client_for: SignIn) -> None:
    webinar, other = held_webinar(visibility=Visibility.NETWORK), held_webinar()
    person, stranger = present(webinar), client_for(make_user())
    place = f"/webinars/{webinar.id}/certificate"

    statuses = {
        "visitor": client.get(place).status_code,
        "visitor posts": client.post(place).status_code,
        "visitor at a public one": client.get(f"/webinars/{other.id}/certificate").status_code,
        "with the link": client.get(f"{place}?t={person.token}").status_code,
        "link elsewhere": client.get(
            f"/webinars/{other.id}/certificate?t={person.token}"
        ).status_code,
        "member without a place": stranger.get(place).status_code,
        "member posts": stranger.post(place).status_code,
        "member with another's link": stranger.get(f"{place}?t={person.token}").status_code,
        "odd link": client.get(f"{place}?t=%00../x").status_code,
        "no webinar": client.get("/webinars/999999/certificate").status_code,
    }

    assert statuses == {
        "visitor": 404,
        "visitor posts": 404,
        "visitor at a public one": 403,
        "with the link": 200,
        "link elsewhere": 403,
        "member without a place": 403,
        "member posts": 403,
        "member with another's link": 200,
        "odd link": 404,
        "no webinar": 404,
    }


@pytest.mark.parametrize(
    "code",
    [
        "AAAA-AAAA-AAAA-AAAA",
        "x",
        "%00",
        "%F0%9F%8E%A5",
        "A" * 5000,
        "AAAA-AAAA-AAAA-AAAO",
        "%2e%2e",
    ],
)
def test_unknown_codes_are_said_to_be_unknown(client: FlaskClient, code: str) -> None:
    page, file = client.get(f"/certificates/{code}"), client.get(f"/certificates/{code}.pdf")

    assert (page.status_code, file.status_code) == (404, 404)


def test_nobody_tries_all_codes(app: Flask, client: FlaskClient) -> None:
    app.config["REQUEST_LIMITS"] = True
    try:
        with time_machine.travel("2026-11-18T12:30:00+00:00", tick=False) as clock:
            statuses = []
            for _ in range(61):
                clock.shift(20)
                page = client.get("/certificates/x", environ_base={"REMOTE_ADDR": "192.0.2.77"})
                statuses.append(page.status_code)
    finally:
        app.config["REQUEST_LIMITS"] = False

    assert statuses == [404] * 60 + [429]


def test_a_revoked_one_has_no_file(client: FlaskClient) -> None:
    person = present(held_webinar())
    code = issued(person).code
    tick(person, False)

    answer = client.get(f"/certificates/{code}.pdf")

    assert answer.location == f"/certificates/{code}"


def test_codes_are_read_however_they_are_typed() -> None:
    assert tidy_code(" abcd efgh-jkmn-pqrs ".replace(" abcd", "abcd")) == "ABCD-EFGH-JKMN-PQRS"
    assert tidy_code("ABCD") == tidy_code("") == tidy_code("I" * 16) == ""


def file_of(certificate: Certificate) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(write_certificate(certificate)))


def test_file_is_tagged_and_says_what_it_is(app: Flask) -> None:
    webinar = held_webinar(host_label="City of Graz")
    certificate = issued(present(webinar, city_label="Graz"))

    with file_of(certificate) as pdf:
        root = pdf.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "en"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as meta:
            assert meta["dc:title"] == "Certificate of attendance: Counting together"
            assert meta["pdfuaid:part"] == "1"
        tags = list(tags_in(root.StructTreeRoot))
    assert [tag for tag in tags if tag in {"H1", "H2"}] == ["H1", "H2"]
    assert {"P", "L", "LI", "Link"} <= set(tags)
    assert len(pdf_text(certificate)) > 0


def tags_in(node: Any) -> Iterator[str]:
    """All structure elements, in reading order."""
    if isinstance(node, pikepdf.Array):
        for part in node:
            yield from tags_in(part)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S).removeprefix("/")
        if "/K" in node:
            yield from tags_in(node.K)


def pdf_text(certificate: Certificate) -> str:
    """What a reader copies out of the file: each sign by its font's own table."""
    found = []
    with file_of(certificate) as pdf:
        for page in pdf.pages:
            signs: dict[str, str] = {}
            tables = {
                name: signs_of(font.ToUnicode.read_bytes().decode())
                for name, font in page.Resources.Font.items()
            }
            for operands, operator in drawn_on(page):
                if str(operator) == "Tf":
                    signs = tables[str(operands[0])]
                elif str(operator) == "BT":
                    found.append(" ")
                elif str(operator) in {"Tj", "TJ"}:
                    found += [read_with(signs, part) for part in strings_in(operands[0])]
    return " ".join("".join(found).split())


def drawn_on(page: Any) -> Any:
    return pikepdf.parse_content_stream(page)


def strings_in(operand: Any) -> list[bytes]:
    parts = operand if isinstance(operand, pikepdf.Array) else [operand]
    return [bytes(part) for part in parts if isinstance(part, pikepdf.String)]


def read_with(signs: dict[str, str], written: bytes) -> str:
    pairs = [written[at : at + 2].hex() for at in range(0, len(written), 2)]
    return "".join(signs.get(pair, "") for pair in pairs)


def signs_of(table: str) -> dict[str, str]:
    lines = re.findall(r"<([0-9a-fA-F]{4})> <([0-9a-fA-F]{4,})>", table)
    return {code.lower(): bytes.fromhex(letters).decode("utf-16-be") for code, letters in lines}


def test_file_says_the_same_as_the_page(app: Flask) -> None:
    webinar = held_webinar(host_label="City of Graz")
    certificate = issued(present(webinar, 60, city_label="Graz"))

    text = pdf_text(certificate)

    for words in (
        "Certificate of attendance", "Human rights officer", "Graz", "Counting together",
        "Wed 18 Nov 2026, 10:00–11:15 (Brussels)", "City of Graz", "60 minutes", certificate.code,
        f"localhost/certificates/{certificate.code}",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(
    "name",
    [
        "Αξιωματούχος Ζ",
        "Уповноважена",
        "Łódź Ő ş ț ð þ",
        "أمين الحقوق",
        "人権担当官",
        "\U0001f469\u200d\U0001f9bd Officer",
        '#panic("x") $x$ `y` \\ <a> {{ x }}',
        "x" * 120,
        "\u200b",
        "e\u0301",
    ],
)
def test_any_name_makes_a_file(app: Flask, name: str) -> None:
    certificate = issued(present(held_webinar(), name=name))

    with file_of(certificate) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)


def test_file_is_in_the_readers_language(client: FlaskClient) -> None:
    person = present(held_webinar(attribution=Attribution.CHATHAM_HOUSE))
    client.post(
        address_of(person).partition("?")[0],
        data={"t": person.token},
        headers={"Accept-Language": "de"},
    )
    certificate = db.session.scalars(select(Certificate)).one()

    with file_of(certificate) as pdf:
        assert str(pdf.Root.Lang) == "de"


def test_a_webinar_of_which_only_the_year_is_known(client: FlaskClient) -> None:
    webinar = held_webinar()
    person = officer(webinar)
    with write():
        webinar.starts_at = webinar.ends_at = webinar.start_local = webinar.end_local = None
        webinar.date_precision, webinar.year = DatePrecision.YEAR, 2020
    tick(person, True)
    certificate = issued(person)

    page = words_in(client.get(f"/certificates/{certificate.code}"))

    assert "When 2020 Present Confirmed by the organisers" in page
    assert "Confirmed by the organisers" in pdf_text(certificate)


def test_it_outlives_the_registration(client: FlaskClient) -> None:
    person = present(held_webinar())
    code = issued(person).code
    with write() as session:
        session.delete(db.session.merge(person))

    assert "This certificate is valid." in client.get(f"/certificates/{code}").text


def test_pages_cost_the_same_however_many_came(
    client: FlaskClient, count_statements: Callable[[], Any]
) -> None:
    def cost(people: int) -> list[int]:
        webinar = held_webinar()
        person = present(webinar, email=f"p{people}@graz.example")
        for _ in range(people):
            make_report(webinar, {"registration_id": make_registration(webinar).id})
        code, counts = issued(person).code, []
        for place in (address_of(person), f"/certificates/{code}"):
            client.get(place)
            with count_statements() as statements:
                assert client.get(place).status_code == 200
            counts.append(len(statements))
        return counts

    assert cost(1) == cost(30)
