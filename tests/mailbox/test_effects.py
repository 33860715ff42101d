"""What follows from answers: seats, mails, proposals (spec/calendar 2.12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app.core.clock import utcnow
from app.core.db import db, write
from app.mailbox.enums import Outcome
from app.webinars import answering, confirming, registering
from app.webinars.answer_order import Answer
from app.webinars.answering import Effect
from app.webinars.enums import CancelSource, PartStat, RegistrationState, Status, TransferSource
from app.webinars.models import Registration
from app.webinars.place_models import CounterProposal, SeatTransfer, UnverifiedReply
from tests.factories_mailbox import NOW, OFFICIAL, START, Stage, come_in, make_stage, reply_file
from tests.factories_registrations import (
    event_of,
    mails_to,
    make_registration,
    methods_and_sequences,
    text_of,
    work,
)

CONFIRMED, CANCELLED = RegistrationState.CONFIRMED, RegistrationState.CANCELLED


def arrives(stage: Stage, name: str, **changes: bytes) -> Outcome:
    """A file comes in, with some of its words changed."""
    raw = stage.filled(reply_file(name))
    for old, new in changes.items():
        raw = raw.replace(old.encode(), new)
    return come_in(raw).outcome


def fresh(row: Registration) -> Registration:
    db.session.refresh(row)
    return row


def given(partstat: PartStat, **changes: object) -> Answer:
    values = {"partstat": partstat, "sequence": 1, "dtstamp": utcnow(), "starts_at": START}
    return Answer(**(values | changes))  # type: ignore[arg-type]


def answer(stage: Stage, answer: Answer) -> Effect:
    with write():
        return answering.answer(stage.official, answer)


def test_acceptance_is_recorded_and_nobody_is_mailed(stage: Stage) -> None:
    arrives(stage, "google-accepted")

    official = fresh(stage.official)
    assert (official.state, official.partstat) == (CONFIRMED, PartStat.ACCEPTED)
    assert (official.reply_sequence, official.replied_at) == (1, NOW)
    assert mails_to(OFFICIAL) == []


def test_decline_releases_the_seat_for_the_next_and_can_be_undone(
    stage: Stage, client: FlaskClient
) -> None:
    with write():
        stage.webinar.capacity = 2
    waiting = make_registration(
        stage.webinar, email="waits@stad.example", state=RegistrationState.WAITLISTED
    )
    arrives(stage, "outlook-365-declined")
    work()

    official = fresh(stage.official)
    assert (official.state, official.cancel_source) == (CANCELLED, CancelSource.CALENDAR)
    assert official.reply_comment == "Sorry, council meeting that day."
    assert fresh(waiting).state == CONFIRMED
    (mail,) = mails_to(OFFICIAL)
    assert "Your calendar declined the invitation" in text_of(mail)
    assert f"/registrations/{official.token}" in text_of(mail)
    assert (event_of(mail)["SEQUENCE"], "STATUS" in event_of(mail)) == (2, False)

    client.post(f"/registrations/{official.token}/undo")
    assert fresh(official).state == RegistrationState.WAITLISTED


def test_after_an_undo_the_invitation_comes_with_a_higher_sequence(
    stage: Stage, client: FlaskClient
) -> None:
    arrives(stage, "google-declined")
    work()
    client.post(f"/registrations/{stage.official.token}/undo")
    work()

    assert methods_and_sequences(OFFICIAL) == [("CANCEL", 2), ("REQUEST", 3)]


def test_the_same_decline_again_does_nothing(stage: Stage, client: FlaskClient) -> None:
    arrives(stage, "google-declined")
    client.post(f"/registrations/{stage.official.token}/undo")

    outcome = arrives(stage, "google-declined", Subject=b"Betreff")

    assert (outcome, fresh(stage.official).state) == (Outcome.IGNORED, CONFIRMED)


def test_a_waiting_person_who_declines_leaves_the_line(stage: Stage) -> None:
    with write():
        fresh(stage.official).state = RegistrationState.WAITLISTED

    assert answer(stage, given(PartStat.DECLINED)) == Effect.WITHDRAWN
    assert fresh(stage.official).state == CANCELLED


def test_delegation_offers_the_seat_and_keeps_it_until_the_colleague_says_yes(
    stage: Stage,
) -> None:
    arrives(stage, "outlook-delegated")
    work()

    transfer = db.session.scalars(sa.select(SeatTransfer)).one()
    assert (transfer.to_email, transfer.source) == (
        "colleague-two@stad.example",
        TransferSource.CALENDAR,
    )
    assert transfer.expires_at == NOW + timedelta(hours=48)
    assert fresh(stage.official).state == CONFIRMED
    assert len(mails_to("colleague-two@stad.example")) == 1


def test_delegation_to_oneself_offers_nothing(stage: Stage) -> None:
    assert answer(stage, given(PartStat.DELEGATED, delegate=OFFICIAL)) == Effect.NOT_OFFERED
    assert answer(stage, given(PartStat.DELEGATED, sequence=0)) == Effect.OLD
    assert db.session.scalars(sa.select(SeatTransfer)).all() == []


def test_proposal_is_kept_and_both_sides_are_told(stage: Stage) -> None:
    arrives(stage, "outlook-counter")
    work()

    proposal = db.session.scalars(sa.select(CounterProposal)).one()
    assert proposal.starts_at.isoformat() == "2027-03-26T13:00:00+00:00"
    assert proposal.comment == "Vrijdag is beter voor de steden in het zuiden."
    (to_official,), (to_organiser,) = mails_to(OFFICIAL), mails_to("organiser@stad.example")
    assert "it stays at its time" in text_of(to_official)
    assert "Fri 26 Mar 2027, 14:00–15:00 (Brussels)" in text_of(to_organiser)
    assert "Vrijdag is beter" in text_of(to_organiser)
    assert (fresh(stage.official).state, stage.official.partstat) == (
        CONFIRMED,
        PartStat.NEEDS_ACTION,
    )


def test_the_same_proposal_twice_is_one_and_there_is_an_end_to_them(stage: Stage) -> None:
    def propose(hours: int) -> Effect:
        with write():
            return answering.propose(stage.official, START + timedelta(hours=hours), None, "")

    effects = [propose(hours) for hours in [1, 1, *range(2, 12)]]

    assert effects == [
        Effect.PROPOSED, Effect.MEANS_NOTHING, *[Effect.PROPOSED] * 9, Effect.TOO_OFTEN,
    ]  # fmt: skip
    assert propose(-100_000) == propose(100_000) == Effect.MEANS_NOTHING


def test_an_end_before_the_start_is_left_out_of_a_proposal(stage: Stage) -> None:
    with write():
        answering.propose(stage.official, START, START - timedelta(hours=1), "")

    assert db.session.scalars(sa.select(CounterProposal)).one().ends_at is None


def test_refresh_sends_the_same_invitation_once_an_hour(
    stage: Stage, clock: time_machine.Traveller
) -> None:
    outcomes = []
    for minutes in (0, 20, 125):
        clock.move_to(NOW + timedelta(minutes=minutes))
        outcomes.append(arrives(stage, "refresh", Refresh=f"Refresh {minutes}".encode()))
        work()

    assert outcomes == [Outcome.APPLIED, Outcome.IGNORED, Outcome.APPLIED]
    assert methods_and_sequences(OFFICIAL) == [("REQUEST", 1), ("REQUEST", 1)]


def test_refresh_of_somebody_without_a_seat_is_not_answered(stage: Stage) -> None:
    with write():
        registering.withdraw(stage.official)
    work()
    before = len(mails_to(OFFICIAL))

    assert arrives(stage, "refresh") == Outcome.IGNORED
    work()
    assert len(mails_to(OFFICIAL)) == before


def test_unproven_answer_changes_nothing_and_asks_once_a_day(
    stage: Stage, clock: time_machine.Traveller
) -> None:
    for number, hours in enumerate((0, 5, 30)):
        clock.move_to(NOW + timedelta(hours=hours))
        arrives(stage, "forged-without-results", Accepted=f"Accepted {number}".encode())
        work()

    assert fresh(stage.official).state == CONFIRMED
    assert len(mails_to(OFFICIAL)) == 2
    assert "We could not make sure that it was yours" in text_of(mails_to(OFFICIAL)[0])


def test_link_shows_the_unproven_answer_and_only_its_button_applies_it(
    stage: Stage, client: FlaskClient
) -> None:
    arrives(stage, "forged-without-results")
    reply = db.session.scalars(sa.select(UnverifiedReply)).one()

    page = client.get(f"/calendar-answers/{reply.token}")
    assert "A calendar answered in your name: No." in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert fresh(stage.official).state == CONFIRMED

    answered = client.post(f"/calendar-answers/{reply.token}")
    assert answered.status_code == 302
    assert fresh(stage.official).state == CANCELLED
    assert "You confirmed this answer." in client.get(f"/calendar-answers/{reply.token}").text


def test_confirmed_twice_is_confirmed_once(stage: Stage, client: FlaskClient) -> None:
    arrives(stage, "forged-without-results")
    reply = db.session.scalars(sa.select(UnverifiedReply)).one()
    client.post(f"/calendar-answers/{reply.token}")
    client.post(f"/registrations/{stage.official.token}/undo")

    client.post(f"/calendar-answers/{reply.token}")

    assert fresh(stage.official).state == CONFIRMED


@pytest.mark.parametrize("verb", ["get", "post"])
def test_unknown_tokens_open_nothing(stage: Stage, client: FlaskClient, verb: str) -> None:
    paths = [f"/calendar-answers/{'x' * 43}", "/calendar-answers/%00", "/calendar-answers/ä"]
    paths += [f"/registrations/{'x' * 43}/{'moved' if verb == 'get' else 'keep'}"]

    assert [getattr(client, verb)(path).status_code for path in paths] == [404] * 4


def test_decline_of_an_earlier_time_asks_whether_to_keep_the_seat(
    stage: Stage, client: FlaskClient
) -> None:
    arrives(stage, "declined-for-the-old-time")
    work()

    (mail,) = mails_to(OFFICIAL)
    token = stage.official.token
    assert f"/registrations/{token}/moved" in text_of(mail)
    assert f"/registrations/{token}/cancel" in text_of(mail)
    page = client.get(f"/registrations/{token}/moved")
    assert "Do you come at the new time?" in page.text
    assert fresh(stage.official).is_reply_stale

    client.post(f"/registrations/{token}/keep")
    official = fresh(stage.official)
    assert (official.state, official.is_reply_stale) == (CONFIRMED, False)
    assert "nothing to decide" in client.get(f"/registrations/{token}/moved").text


def test_older_answers_are_ignored(stage: Stage) -> None:
    assert answer(stage, given(PartStat.ACCEPTED)) == Effect.RECORDED
    earlier = utcnow() - timedelta(seconds=1)

    effects = [
        answer(stage, given(PartStat.DECLINED, dtstamp=earlier)),
        answer(stage, given(PartStat.DECLINED, sequence=0)),
        answer(stage, given(PartStat.DECLINED)),
    ]
    assert effects == [Effect.OLD] * 3
    assert fresh(stage.official).partstat == PartStat.ACCEPTED


def test_sequence_we_never_sent_counts_as_our_last(
    stage: Stage, clock: time_machine.Traveller
) -> None:
    answer(stage, given(PartStat.TENTATIVE, sequence=9))
    assert fresh(stage.official).reply_sequence == 1

    clock.move_to(NOW + timedelta(minutes=1))
    assert answer(stage, given(PartStat.ACCEPTED)) == Effect.RECORDED


def test_dtstamp_of_tomorrow_does_not_win_for_ever(
    stage: Stage, clock: time_machine.Traveller
) -> None:
    arrives(stage, "dtstamp-of-tomorrow")
    clock.move_to(NOW + timedelta(minutes=1))

    assert answer(stage, given(PartStat.TENTATIVE)) == Effect.RECORDED


def test_answers_after_the_end_are_ignored(stage: Stage, clock: time_machine.Traveller) -> None:
    clock.move_to(START + timedelta(hours=1, minutes=1))
    names = ["google-declined", "outlook-counter", "refresh", "declined-for-the-old-time"]

    assert [arrives(stage, name) for name in names] == [Outcome.IGNORED] * 4
    assert (fresh(stage.official).state, stage.official.reply_dtstamp) == (CONFIRMED, None)
    work()
    assert mails_to(OFFICIAL) == []


def test_answers_to_a_cancelled_webinar_are_ignored(stage: Stage) -> None:
    with write():
        stage.webinar.status = Status.CANCELLED

    assert arrives(stage, "google-declined") == Outcome.IGNORED


def test_answers_to_a_postponed_webinar_are_for_an_earlier_time(stage: Stage) -> None:
    with write():
        fresh(stage.official).state = RegistrationState.ON_HOLD
        stage.webinar.status = Status.POSTPONED

    assert answer(stage, given(PartStat.DECLINED)) == Effect.FOR_OLD_TIME
    official = fresh(stage.official)
    assert (official.state, official.is_reply_stale) == (RegistrationState.ON_HOLD, True)


def test_strangers_are_never_added_and_told_once_how_to_register(stage: Stage) -> None:
    count = sa.select(sa.func.count()).select_from(Registration)
    before = db.session.scalar(count)
    for number in range(3):
        arrives(stage, "party-crasher-accepts", Accepted=f"Accepted {number}".encode())
        work()

    assert db.session.scalar(count) == before
    (mail,) = mails_to("clerk@other.example")
    assert f"/webinars/{stage.webinar.id}-housing-and-human-rights" in text_of(mail)
    assert stage.official.token not in text_of(mail)


def test_strangers_who_decline_hear_nothing(stage: Stage) -> None:
    arrives(stage, "party-crasher-declines")
    work()

    assert mails_to("clerk@other.example") == []


def test_comment_is_cut_at_a_thousand_characters(stage: Stage) -> None:
    raw = stage.filled(reply_file("zimbra-accepted")).replace(
        b"SUMMARY:", b"COMMENT:" + b"x" * 5000 + b"\\n\r\nSUMMARY:"
    )

    come_in(raw)
    assert fresh(stage.official).reply_comment == "x" * 1000


@pytest.mark.parametrize("spelling", ["events+{}@FORUM.example.org", "EVENTS+{}@forum.example.org"])
def test_own_address_counts_in_the_envelope(clock: object, spelling: str) -> None:
    stage = make_stage()
    token = stage.filled(b"@@TOKEN@@").decode()[7:33]
    raw = reply_file("forged-without-results")

    assert come_in(raw, recipient=spelling.format(token)).outcome == Outcome.APPLIED


def test_domain_in_letters_and_as_the_dns_spells_it_is_one(stage: Stage) -> None:
    with write():
        fresh(stage.official).email = "official@łódź.example"
    spelt = b"mailto:Official@" + "łódź".encode("idna") + b".example"
    raw = stage.filled(reply_file("zimbra-accepted"))

    assert come_in(raw.replace(b"mailto:official@stad.example", spelt)).outcome == Outcome.APPLIED


def test_unproven_decline_confirmed_when_it_is_too_late_changes_nothing(
    stage: Stage, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    arrives(stage, "forged-without-results")
    reply = db.session.scalars(sa.select(UnverifiedReply)).one()
    clock.move_to(START + timedelta(hours=3))

    client.post(f"/calendar-answers/{reply.token}")

    assert fresh(stage.official).state == CONFIRMED


def test_mails_that_wait_are_not_sent_when_they_mean_nothing_any_more(stage: Stage) -> None:
    with write():
        answering.answer(stage.official, given(PartStat.DECLINED, sequence=0, starts_at=NOW))
        confirming.ask_to_confirm(stage.colleague, given(PartStat.DECLINED))
        answering.keep_seat(stage.official)
        stage.webinar.status = Status.CANCELLED
    work()

    assert mails_to(OFFICIAL) == mails_to(stage.colleague.email) == []
