"""A person's own page: what it says in each state, and what it lets the person do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.webinars.enums import (
    CancelSource,
    ConsentKind,
    QuestionKind,
    Recording,
    RegistrationState,
    Status,
    Waiting,
)
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_answers import (
    answers_to,
    consents_of,
    make_answer,
    make_consent,
    make_question,
)
from tests.factories_places import make_series, states_of
from tests.factories_registrations import mails_to, make_registration, text_of, work
from tests.factories_webinars import ROOM, make_webinar

SignIn = Callable[[User], FlaskClient]
State = RegistrationState


def page_of(client: FlaskClient, row: Registration) -> str:
    answer = client.get(f"/registrations/{row.token}")
    assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (200, "noindex")
    assert ROOM not in answer.text
    return answer.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.PENDING_EMAIL, "Follow the link in our mail."),
        (State.PENDING_APPROVAL, "The organisers read each request"),
        (State.CONFIRMED, "You have a seat."),
        (State.WAITLISTED, "Your place in line: 1"),
        (State.OFFERED, "A seat is free, and it is offered to you."),
        (State.REJECTED, "We had 300 requests."),
        (State.CANCELLED, "I can come after all"),
        (State.EXPIRED, "it was not confirmed in time"),
        (State.ON_HOLD, "Your seat is kept."),
    ],
)
def test_page_says_in_words_where_one_stands(client: FlaskClient, state: State, words: str) -> None:
    row = make_registration(make_webinar(), state=state, reject_reason="We had 300 requests.")

    assert words in page_of(client, row)


def test_who_was_taken_out_reads_why_and_has_no_way_back(client: FlaskClient) -> None:
    row = make_registration(
        make_webinar(), state=State.CANCELLED, cancel_source=CancelSource.ORGANISER,
        reject_reason="Only for cities in the south.",
    )  # fmt: skip

    page = page_of(client, row)

    assert "Only for cities in the south." in page
    assert "I can come after all" not in page
    assert client.post(f"/registrations/{row.token}/undo").status_code == 422


def test_postponed_webinar_keeps_the_seat_until_it_is_given_up(client: FlaskClient) -> None:
    webinar = make_webinar(status=Status.POSTPONED, postpone_reason="A strike.")
    row = make_registration(webinar, state=State.ON_HOLD)

    page = page_of(client, row)
    assert ["A strike." in page, "Your seat is kept." in page] == [True, True]
    client.post(f"/registrations/{row.token}/cancel")

    assert states_of(row) == [State.CANCELLED]


def test_way_back_is_open_until_the_start(client: FlaskClient) -> None:
    row = make_registration(make_webinar(), state=State.CANCELLED)

    assert "I can come after all" in page_of(client, row)
    assert row.webinar.starts_at
    with time_machine.travel(row.webinar.starts_at + timedelta(minutes=1)):
        assert "I can come after all" not in page_of(client, row)


@pytest.mark.parametrize(("waiting", "words"), [
    (Waiting.AUTO, "you get an invitation by mail"), (Waiting.OFFER, "we offer it to you by mail"),
])  # fmt: skip
def test_waiting_list_says_how_it_moves(client: FlaskClient, waiting: Waiting, words: str) -> None:
    row = make_registration(make_webinar(waiting=waiting), state=State.WAITLISTED)

    assert words in page_of(client, row)


def test_calendars_on_the_web_are_offered_with_the_seat(client: FlaskClient) -> None:
    page = page_of(client, make_registration(make_webinar()))

    names = ["Google Calendar", "Outlook.com", "Microsoft 365", "Yahoo", "(.ics)"]
    assert [name in page for name in names] == [True] * 5


def test_answers_and_consents_are_changed_on_the_own_page(client: FlaskClient) -> None:
    webinar = make_webinar(recording=Recording.ALL)
    why = make_question(webinar, "Why?", is_required=True)
    row = make_registration(webinar, access_needs="Captions", is_listed=True)
    make_answer(row, why, "To learn")
    make_consent(row, ConsentKind.NAME_LISTED, True)
    page = page_of(client, row)
    assert ["To learn" in page, "Captions" in page] == [True, True]

    answer = client.post(
        f"/registrations/{row.token}/answers",
        data={f"question_{why.id}": "To teach", "access_needs": "", "may_record": "y"},
    )

    assert answer.headers["Location"] == f"/registrations/{row.token}"
    assert answers_to(row) == {"Why?": "To teach"}
    assert consents_of(row)[1:] == [
        (ConsentKind.NAME_LISTED, False),
        (ConsentKind.RECORDING, True),
    ]
    db.session.refresh(row)
    assert (row.is_listed, row.access_needs) == (False, "")


def test_wrong_answer_comes_back_with_everything_typed(client: FlaskClient) -> None:
    webinar = make_webinar()
    why = make_question(webinar, "Why?", is_required=True)
    row = make_registration(webinar)

    answer = client.post(
        f"/registrations/{row.token}/answers",
        data={f"question_{why.id}": "", "access_needs": "Łódź 🎥", "is_listed": "y"},
    )

    assert answer.status_code == 422
    assert "The organisers need an answer to this." in answer.text
    assert "Łódź 🎥" in answer.text
    assert consents_of(row) == []


def test_what_is_not_asked_stays_as_it_is(client: FlaskClient) -> None:
    webinar = make_webinar(asks_access_needs=False)
    row = make_registration(webinar, access_needs="Captions")

    client.post(f"/registrations/{row.token}/answers", data={"may_record": "y"})

    db.session.refresh(row)
    assert row.access_needs == "Captions"
    assert consents_of(row) == []


def test_after_the_webinar_answers_are_read_and_consents_still_changed(
    client: FlaskClient,
) -> None:
    webinar = make_webinar(starts_in=timedelta(days=-2))
    first = make_question(webinar, "First time?", kind=QuestionKind.YES_NO)
    old = make_question(webinar, "Old?", ended_at=utcnow(), position=2)
    row = make_registration(webinar, is_listed=True)
    make_answer(row, first, "yes")
    make_answer(row, old, "Once")
    make_consent(row, ConsentKind.NAME_LISTED, True)

    page = page_of(client, row)
    client.post(f"/registrations/{row.token}/answers", data={})

    assert ["What you answered" in page, "Once" in page, "<dd>Yes</dd>" in page] == [True] * 3
    assert f"question_{first.id}" not in page
    assert answers_to(row) == {"First time?": "yes", "Old?": "Once"}
    assert consents_of(row)[-1] == (ConsentKind.NAME_LISTED, False)


def test_offered_seat_is_taken_or_left(client: FlaskClient) -> None:
    webinar = make_webinar(capacity=2, waiting=Waiting.OFFER)
    until = utcnow() + timedelta(hours=5)
    taker, leaver = (
        make_registration(
            webinar, state=State.OFFERED, offered_at=utcnow(), offered_until=until,
            timezone="Europe/Athens",
        )
        for _ in range(2)
    )  # fmt: skip
    later = make_registration(webinar, state=State.WAITLISTED)

    page = page_of(client, taker)
    assert [client.get(f"/registrations/{taker.token}/offer/{act}").status_code
            for act in ("accept", "decline")] == [405, 405]  # fmt: skip
    client.post(f"/registrations/{taker.token}/offer/accept")
    client.post(f"/registrations/{leaver.token}/offer/decline")
    again = client.post(f"/registrations/{leaver.token}/offer/accept")

    assert "It is kept for you until" in page
    assert states_of(taker, leaver, later) == [State.CONFIRMED, State.CANCELLED, State.OFFERED]
    assert again.status_code == 422


def test_late_answer_to_an_offer_is_told_so(client: FlaskClient) -> None:
    row = make_registration(
        make_webinar(), state=State.OFFERED, offered_at=utcnow(),
        offered_until=utcnow() + timedelta(hours=2),
    )  # fmt: skip

    with time_machine.travel(utcnow() + timedelta(hours=3)):
        answer = client.post(f"/registrations/{row.token}/offer/accept")

    assert answer.status_code == 422
    assert "This offer is over" in answer.text


def test_rest_of_a_series_is_one_button(client: FlaskClient) -> None:
    series = make_series(3)
    webinars = sessions(series.id)
    row = make_registration(webinars[0], email="guest@demo.invalid", is_listed=True)
    make_consent(row, ConsentKind.NAME_LISTED, True)

    page = page_of(client, row)
    answer = client.post(f"/registrations/{row.token}/series")
    work()

    assert "Register for these 2 sessions too" in page
    assert answer.headers["Location"] == f"/registrations/{row.token}"
    assert "The other sessions" not in page_of(client, row)
    rows = [place for place in registrations() if place.id != row.id]
    assert [(place.state, place.is_listed) for place in rows] == [(State.CONFIRMED, True)] * 2
    assert consents_of(rows[0]) == [(ConsentKind.NAME_LISTED, True)]


def test_webinar_without_a_series_has_no_rest(client: FlaskClient) -> None:
    row = make_registration(make_webinar())

    assert client.post(f"/registrations/{row.token}/series").status_code == 422
    assert len(registrations()) == 1


def test_member_and_guest_register_for_a_whole_series(
    client: FlaskClient, client_for: SignIn
) -> None:
    series = make_series(3)
    first, second, _ = sessions(series.id)
    asked = [make_question(webinar, "Why?", is_required=True) for webinar in (first, second)]
    user, address = make_user(), f"/series/{series.id}/registrations"
    guest = {"name": "Officer", "email": "guest@demo.invalid", "consent": "y"}
    why = {f"question_{asked[0].id}": "To learn"}

    form = client.get(address)
    wrong = client.post(address, data=guest)
    by_guest = client.post(address, data=guest | why)
    by_member = client_for(user).post(address, data=why)
    work()

    assert form.text.count("Why?") == 1
    assert "Register for all 3 sessions" in form.text
    assert (wrong.status_code, wrong.text.count("The organisers need an answer")) == (422, 2)
    assert by_guest.headers["Location"] == f"/webinars/{first.id}/registrations/asked"
    assert by_member.headers["Location"] == f"/series/{series.id}"
    mine = [row for row in registrations() if row.email == user.email]
    assert [row.state for row in mine] == [State.CONFIRMED] * 3
    assert [answers_to(row) for row in mine] == [{"Why?": "To learn"}] * 2 + [{}]
    others = [row for row in registrations() if row.email == "guest@demo.invalid"]
    assert [row.state for row in others] == [State.PENDING_EMAIL] * 3
    assert len(mails_to("guest@demo.invalid")) == 1


def test_box_in_the_ticket_registers_for_all_sessions(client_for: SignIn) -> None:
    series = make_series(2)
    first = sessions(series.id)[0]
    member = client_for(make_user())

    page = member.get(f"/webinars/{first.id}-part-1")
    member.post(f"/webinars/{first.id}/registrations", data={"whole_series": "y"})

    assert "These are 2 sessions." in page.text
    assert [row.state for row in registrations()] == [State.CONFIRMED] * 2


def test_series_that_is_over_or_hidden_has_no_form(client: FlaskClient) -> None:
    over = make_series(2, every=timedelta(days=-7))
    hidden = make_series(2, visibility="network")

    paths = [f"/series/{number}/registrations" for number in (over.id, hidden.id, 10**8)]

    assert [client.get(path).status_code for path in paths] == [404] * 3
    assert [client.post(path).status_code for path in paths] == [404] * 3


def test_guest_of_a_series_meets_trap_and_limit(client: FlaskClient) -> None:
    address = f"/series/{make_series(2).id}/registrations"
    guest = {"name": "Officer", "consent": "y"}

    client.post(address, data=guest | {"email": "trap@demo.invalid", "website": "x"})
    answers = [
        client.post(address, data=guest | {"email": f"g{number}@demo.invalid"}).status_code
        for number in range(6)
    ]

    assert answers == [302] * 5 + [429]
    assert {row.email for row in registrations()} == {f"g{n}@demo.invalid" for n in range(5)}


def test_recorded_webinar_asks_and_others_do_not(client: FlaskClient) -> None:
    recorded, other = make_webinar(recording=Recording.ALL), make_webinar()
    guest = {"name": "Officer", "email": "g@demo.invalid", "consent": "y", "may_record": "y"}

    for webinar in (recorded, other):
        client.post(f"/webinars/{webinar.id}/registrations", data=guest)

    data, seen = (ConsentKind.DATA, True), (ConsentKind.RECORDING, True)
    assert [consents_of(row) for row in registrations()] == [[data, seen], [data]]


def test_confirm_mail_of_a_guest_is_in_words(client: FlaskClient) -> None:
    webinar = make_webinar()
    guest = {"name": "Officer", "email": "g@demo.invalid", "consent": "y"}

    client.post(f"/webinars/{webinar.id}/registrations", data=guest)
    work()

    assert "/registrations/confirm/" in text_of(mails_to("g@demo.invalid")[0])


def sessions(series_id: int) -> list[Webinar]:
    found = db.select(Webinar).where(Webinar.series_id == series_id).order_by(Webinar.starts_at)
    return list(db.session.scalars(found))


def registrations() -> list[Registration]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Registration).order_by(Registration.id)))
