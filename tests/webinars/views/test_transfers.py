"""Sending a colleague: the giver's form, the colleague's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Visibility
from app.webinars.enums import CancelSource, ConsentKind, Recording, RegistrationState
from app.webinars.models import Registration
from app.webinars.place_models import SeatTransfer
from tests.factories import make_city, make_user
from tests.factories_answers import answers_to, consents_of, make_question, make_transfer
from tests.factories_places import states_of
from tests.factories_registrations import (
    mails_to,
    make_registration,
    methods_and_sequences,
    text_of,
    work,
)
from tests.factories_webinars import ROOM, make_webinar

SignIn = Callable[[User], FlaskClient]
COLLEAGUE = "colleague@demo.invalid"
CONFIRMED, CANCELLED = RegistrationState.CONFIRMED, RegistrationState.CANCELLED


def transfers() -> list[SeatTransfer]:
    db.session.rollback()
    return list(db.session.scalars(db.select(SeatTransfer).order_by(SeatTransfer.id)))


def registration_of(address: str) -> Registration:
    db.session.rollback()
    mine = db.select(Registration).where(Registration.email == address)
    found: Registration = db.session.scalars(mine).one()
    return found


def offer(client: FlaskClient, giver: Registration, **changes: str) -> int:
    data = {"to_email": COLLEAGUE, "to_name": "Youth officer"} | changes
    return client.post(f"/registrations/{giver.token}/colleague", data=data).status_code


def test_seat_goes_to_the_colleague_who_says_yes(client: FlaskClient) -> None:
    webinar = make_webinar(capacity=1)
    giver = make_registration(
        webinar, name="Housing officer", city_id=make_city("Graz").id,
        ics_last_method="REQUEST", ics_last_sequence=0,
    )  # fmt: skip

    assert "until" in client.get(f"/registrations/{giver.token}/colleague").text
    assert offer(client, giver) == 302
    assert states_of(giver) == [CONFIRMED]
    own = client.get(f"/registrations/{giver.token}").text
    assert [COLLEAGUE in own, "I come myself" in own] == [True, True]
    work()
    found = re.search(r"http://localhost(/seats/\S+)", text_of(mails_to(COLLEAGUE)[0]))
    assert found
    page = client.get(found[1])
    assert "Housing officer (Graz) cannot come and offers you this seat." in page.text
    assert [ROOM in page.text, giver.email in page.text, giver.token in page.text] == [False] * 3
    done = client.post(found[1], data={"name": "Youth officer", "consent": "y"})
    work()

    colleague = registration_of(COLLEAGUE)
    assert done.headers["Location"] == f"/registrations/{colleague.token}"
    assert states_of(giver, colleague) == [CANCELLED, CONFIRMED]
    assert giver.cancel_source == CancelSource.TRANSFER
    assert consents_of(colleague) == [(ConsentKind.DATA, True)]
    assert methods_and_sequences(COLLEAGUE) == [("REQUEST", 0)]
    assert methods_and_sequences(giver.email) == [("CANCEL", 1)]
    assert "Your colleague took your seat." in text_of(mails_to(giver.email)[-1])
    assert "This seat is taken." in client.get(found[1]).text


def test_looking_at_the_links_changes_nothing(client: FlaskClient) -> None:
    giver = make_registration(make_webinar())
    transfer = make_transfer(giver)

    for path in (f"/registrations/{giver.token}/colleague", f"/seats/{transfer.token}"):
        answers = [client.get(path), client.head(path)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].headers["X-Robots-Tag"] == "noindex"
        assert answers[0].headers["Referrer-Policy"] == "no-referrer"

    assert client.get(f"/registrations/{giver.token}/colleague/call-back").status_code == 405
    assert [one.accepted_at for one in transfers()] == [None]
    assert states_of(giver) == [CONFIRMED]


def test_colleague_answers_the_questions_too(client: FlaskClient) -> None:
    webinar = make_webinar(recording=Recording.ALL)
    why = make_question(webinar, "Why?", is_required=True)
    path = f"/seats/{make_transfer(make_registration(webinar)).token}"
    said = {"name": "Łódź officer", "consent": "y", "may_record": "y"}

    wrong = client.post(path, data=said | {"consent": ""})
    answers = {f"question_{why.id}": "To learn", "access_needs": "Captions"}
    right = client.post(path, data=said | answers)

    assert wrong.status_code == 422
    assert "We need your consent to invite you." in wrong.text
    assert "The organisers need an answer to this." in wrong.text
    assert "Łódź officer" in wrong.text
    assert right.status_code == 302
    colleague = registration_of(COLLEAGUE)
    assert answers_to(colleague) == {"Why?": "To learn"}
    assert colleague.access_needs == "Captions"
    assert consents_of(colleague) == [(ConsentKind.DATA, True), (ConsentKind.RECORDING, True)]


def test_seat_is_called_back(client: FlaskClient) -> None:
    giver = make_registration(make_webinar())
    transfer = make_transfer(giver)

    answers = [
        client.post(f"/registrations/{giver.token}/colleague/call-back").status_code
        for _ in range(2)
    ]
    late = client.post(f"/seats/{transfer.token}", data={"name": "Officer", "consent": "y"})

    assert answers == [302, 302]
    assert "no longer offered" in client.get(f"/seats/{transfer.token}").text
    assert late.status_code == 422
    assert states_of(giver) == [CONFIRMED]


@pytest.mark.parametrize("hours", [49, 24 * 8])
def test_offer_that_is_too_old_says_so(client: FlaskClient, hours: int) -> None:
    giver = make_registration(make_webinar())
    transfer = make_transfer(giver)

    with time_machine.travel(utcnow() + timedelta(hours=hours)):
        page = client.get(f"/seats/{transfer.token}")
        answer = client.post(f"/seats/{transfer.token}", data={"name": "A", "consent": "y"})

    assert ("no longer offered" in page.text, answer.status_code) == (True, 422)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to_email": ""}, "Give your colleague&#39;s e-mail address."),
        ({"to_email": "no address"}, "This is not a complete e-mail address."),
        ({"to_email": "a@b.example\r\nBcc: c@d.example"}, "This is not a complete e-mail address."),
        ({"to_email": "OWN@demo.invalid"}, "This is your own address."),
        ({"to_name": " "}, "Give your colleague&#39;s name."),
        ({"to_name": "x" * 121}, "Up to 120 characters."),
    ],
)
def test_wrong_form_comes_back_as_typed(
    client: FlaskClient, changes: dict[str, str], words: str
) -> None:
    giver = make_registration(make_webinar(), email="own@demo.invalid")
    data = {"to_email": "typed@demo.invalid", "to_name": "Typed officer"} | changes

    answer = client.post(f"/registrations/{giver.token}/colleague", data=data)

    assert answer.status_code == 422
    assert words in answer.text
    kept = {"to_email": "Typed officer", "to_name": "typed@demo.invalid"}
    assert kept[next(iter(changes))] in answer.text
    assert transfers() == []


@pytest.mark.parametrize(
    "state", [RegistrationState.WAITLISTED, RegistrationState.CANCELLED, RegistrationState.REJECTED]
)
def test_who_has_no_seat_has_none_to_give(client: FlaskClient, state: RegistrationState) -> None:
    giver = make_registration(make_webinar(), state=state)

    page = client.get(f"/registrations/{giver.token}/colleague")

    assert "You hold no seat that you could pass on." in page.text
    assert offer(client, giver) == 422
    assert transfers() == []


def test_where_organisers_decide_the_colleague_registers(client: FlaskClient) -> None:
    giver = make_registration(make_webinar(needs_approval=True))

    page = client.get(f"/registrations/{giver.token}/colleague")

    assert "The organisers decide about each person." in page.text
    assert offer(client, giver) == 422


def test_member_keeps_the_account_with_the_seat(client_for: SignIn) -> None:
    user = make_user()
    transfer = make_transfer(make_registration(make_webinar()), to_email=user.email)

    client_for(user).post(f"/seats/{transfer.token}", data={"name": "Officer", "consent": "y"})

    assert registration_of(user.email).user_id == user.id


def test_other_member_with_the_link_does_not_take_it_for_themselves(client_for: SignIn) -> None:
    user = make_user()
    transfer = make_transfer(make_registration(make_webinar()))

    client_for(user).post(f"/seats/{transfer.token}", data={"name": "Officer", "consent": "y"})

    assert registration_of(COLLEAGUE).user_id is None


def test_colleague_who_may_not_see_the_webinar_is_not_mailed(client: FlaskClient) -> None:
    giver = make_registration(make_webinar(visibility=Visibility.NETWORK))

    assert offer(client, giver) == 302
    work()

    assert mails_to(COLLEAGUE) == []


@pytest.mark.parametrize("token", ["short", "x" * 40, "a" * 10_000, "%00" * 20, "🎥" * 20])
def test_unknown_links_do_not_exist(client: FlaskClient, token: str) -> None:
    paths = [f"/seats/{token}", f"/registrations/{token}/colleague"]
    posts = [*paths, f"/registrations/{token}/colleague/call-back",
             f"/registrations/{token}/offer/accept", f"/registrations/{token}/offer/decline",
             f"/registrations/{token}/answers", f"/registrations/{token}/series"]  # fmt: skip

    assert {client.get(path).status_code for path in paths} == {404}
    assert {client.post(path).status_code for path in posts} == {404}
