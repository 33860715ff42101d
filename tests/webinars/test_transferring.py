from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.core.jobs import Job
from app.webinars import registering, transferring
from app.webinars.enums import CancelSource, RegistrationState, TransferSource
from app.webinars.errors import (
    ApprovedByPerson,
    NoSeatToGive,
    PassedOnToOneself,
    PassedOnTooOften,
    TooLateToPassOn,
    TransferOver,
)
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import SeatTransfer
from tests.factories import make_city, make_user
from tests.factories_places import states_of, wait_for
from tests.factories_registrations import (
    guest,
    mails_to,
    make_registration,
    methods_and_sequences,
    register,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import make_webinar

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED
CANCELLED = RegistrationState.CANCELLED
COLLEAGUE = "colleague@demo.invalid"


def offer(
    registration: Registration, to: str = COLLEAGUE, name: str = "Youth officer"
) -> SeatTransfer:
    with write():
        transfer = transferring.offer_seat(registration, to, name, TransferSource.LINK)
    db.session.refresh(transfer)
    return transfer


def accept(transfer: SeatTransfer, **changes: Any) -> Registration:
    with write():
        person = guest(transfer.to_email, **changes)
        registration = transferring.accept(transfer, person)
    db.session.refresh(registration)
    return registration


def test_colleague_is_asked_and_the_giver_keeps_the_seat_until_then(app: Flask) -> None:
    giver = register(make_webinar(), guest("giver@demo.invalid", name="Housing officer"))

    transfer = offer(giver, "Colleague@Demo.invalid", " Youth officer ")
    work()

    assert giver.state == CONFIRMED
    assert (transfer.to_email, transfer.to_name) == (COLLEAGUE, "Youth officer")
    assert round((transfer.expires_at - transfer.created_at) / timedelta(hours=1), 3) == 48
    (mail,) = mails_to(COLLEAGUE)
    assert str(mail["Subject"]).startswith("Housing officer offers you a seat: Counting together")
    assert f"/seats/{transfer.token}" in text_of(mail)
    assert giver.token not in text_of(mail)
    assert transferring.is_open(transfer)


def test_seat_with_city_moves_to_the_colleague(app: Flask) -> None:
    city = make_city("Graz")
    webinar = make_webinar(capacity=1)
    giver = register(webinar, guest("giver@demo.invalid", city_id=city.id, city_label=""))
    waiting = register(webinar)
    work()

    colleague = accept(offer(giver), name="Youth officer", city_label="")
    work()

    assert states_of(giver, colleague, waiting) == [CANCELLED, CONFIRMED, WAITLISTED]
    assert (giver.cancel_source, colleague.city_id) == (CancelSource.TRANSFER, city.id)
    assert (colleague.email, colleague.name) == (COLLEAGUE, "Youth officer")
    assert [method for method, _ in methods_and_sequences("giver@demo.invalid")] == [
        "REQUEST",
        "CANCEL",
    ]
    assert methods_and_sequences(COLLEAGUE) == [("REQUEST", 0)]


def test_accepting_twice_is_once(app: Flask) -> None:
    giver = register(make_webinar())
    transfer = offer(giver)

    first, second = accept(transfer), accept(transfer)

    assert first.id == second.id
    assert db.session.query(Registration).count() == 2


def test_the_seat_is_for_the_address_that_was_asked(app: Flask) -> None:
    transfer = offer(register(make_webinar()))

    with write():
        taken = transferring.accept(transfer, guest("other@demo.invalid"))

    assert taken.email == COLLEAGUE


def test_colleague_who_waits_gets_the_seat_and_leaves_the_line(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    giver = register(webinar)
    first, colleague = register(webinar), register(webinar, guest(COLLEAGUE))

    accept(offer(giver))

    assert states_of(giver, first, colleague) == [CANCELLED, WAITLISTED, CONFIRMED]


def test_colleague_who_has_a_seat_frees_the_given_one(app: Flask) -> None:
    webinar = make_webinar(capacity=2)
    giver, colleague = register(webinar), register(webinar, guest(COLLEAGUE))
    waiting = register(webinar)

    accept(offer(giver))

    assert states_of(giver, colleague, waiting) == [CANCELLED, CONFIRMED, CONFIRMED]


def test_giver_calls_the_seat_back(app: Flask) -> None:
    giver = register(make_webinar())
    transfer = offer(giver)

    for _ in range(2):
        with write():
            transferring.call_back(transfer)
    with pytest.raises(TransferOver):
        accept(transfer)

    assert giver.state == CONFIRMED
    assert transferring.open_transfer(giver) is None


def test_given_seat_cannot_be_called_back(app: Flask) -> None:
    transfer = offer(register(make_webinar()))
    accept(transfer)

    with pytest.raises(TransferOver), write():
        transferring.call_back(transfer)


def test_same_colleague_is_asked_once_and_another_replaces_the_first(app: Flask) -> None:
    giver = register(make_webinar())

    first, again = offer(giver), offer(giver)
    other = offer(giver, "other@demo.invalid")
    work()

    assert first.id == again.id
    assert (transferring.is_open(first), transferring.is_open(other)) == (False, True)
    assert (len(mails_to(COLLEAGUE)), len(mails_to("other@demo.invalid"))) == (0, 1)
    with pytest.raises(TransferOver):
        accept(first)


def test_seat_is_no_way_to_mail_strangers(app: Flask) -> None:
    giver = register(make_webinar())
    for number in range(transferring.MOST_A_DAY):
        offer(giver, f"colleague{number}@demo.invalid")

    with pytest.raises(PassedOnTooOften):
        offer(giver)

    with time_machine.travel(utcnow() + timedelta(hours=25)):
        offer(giver)


def test_only_a_seat_can_be_given(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    seated, waiting = register(webinar), register(webinar)

    with pytest.raises(NoSeatToGive):
        offer(waiting)
    with pytest.raises(PassedOnToOneself):
        offer(seated, seated.email.upper())
    with pytest.raises(ApprovedByPerson):
        offer(make_registration(make_webinar(needs_approval=True)))


def test_last_two_hours_are_too_late(app: Flask) -> None:
    giver = register(make_webinar(starts_in=timedelta(hours=5)))
    transfer = offer(giver)

    assert transfer.expires_at == giver.webinar.starts_at - timedelta(hours=2)
    with time_machine.travel(utcnow() + timedelta(hours=4)):
        assert not transferring.is_open(transfer)
        with pytest.raises(TransferOver):
            accept(transfer)
        with pytest.raises(TooLateToPassOn):
            offer(giver, "other@demo.invalid")


def test_offer_ends_with_the_givers_seat(app: Flask) -> None:
    giver = register(make_webinar())
    transfer = offer(giver)
    withdraw(giver)
    work()

    assert mails_to(COLLEAGUE) == []
    with pytest.raises(TransferOver):
        accept(transfer)


def test_nobody_comes_in_past_the_organisers_no(app: Flask) -> None:
    webinar = make_webinar()
    refused = make_registration(webinar, email=COLLEAGUE, state=RegistrationState.REJECTED)
    transfer = offer(register(webinar))

    with pytest.raises(TransferOver):
        accept(transfer)

    assert refused.state == RegistrationState.REJECTED


def test_approval_that_began_later_ends_the_offer(app: Flask) -> None:
    webinar = make_webinar()
    transfer = offer(register(webinar))
    with write() as session:
        session.get_one(Webinar, webinar.id).needs_approval = True

    with pytest.raises(TransferOver):
        accept(transfer)


def test_members_webinar_is_offered_to_members_alone(app: Flask) -> None:
    member = make_user()
    giver = make_registration(make_webinar(visibility=Visibility.NETWORK))

    stranger = offer(giver, "stranger@demo.invalid")
    work()
    with pytest.raises(TransferOver):
        accept(stranger)
    taken = accept(offer(giver, member.email))
    work()

    assert mails_to("stranger@demo.invalid") == []
    assert taken.state == CONFIRMED


def test_colleague_with_an_account_reads_their_own_language(app: Flask) -> None:
    member = make_user(locale="de")
    giver = register(make_webinar())

    offer(giver, member.email)
    work()

    assert mails_to(member.email)[0]["Content-Language"] == "de"


def test_mail_of_a_vanished_offer_is_not_sent(app: Flask) -> None:
    transfer = offer(register(make_webinar()))
    with write() as session:
        session.delete(session.get_one(SeatTransfer, transfer.id))

    work()

    assert mails_to(COLLEAGUE) == []
    assert db.session.query(Job).filter_by(name="webinars.send_transfer").one().state == "done"


def test_giver_may_come_back_to_the_end_of_the_line(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    giver = register(webinar)
    waiting = wait_for(webinar, 1)
    accept(offer(giver))

    with write():
        registering.take_back(giver)

    assert states_of(giver, waiting) == [WAITLISTED, WAITLISTED]


def test_each_mail_has_the_link_while_a_seat_can_be_passed_on(app: Flask) -> None:
    row = register(make_webinar(), guest("giver@demo.invalid"))
    decided = make_webinar(needs_approval=True)
    make_registration(decided)
    soon = make_registration(make_webinar(starts_in=timedelta(minutes=110)))
    work()

    (invitation,) = mails_to("giver@demo.invalid")
    link = f"/registrations/{row.token}/colleague"
    assert link in text_of(invitation)
    assert link in invitation.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert transferring.can_pass_on(row)
    assert not transferring.can_pass_on(soon)
    assert not transferring.can_pass_on(
        db.session.query(Registration).filter_by(webinar_id=decided.id).one()
    )
