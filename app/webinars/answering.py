"""What follows when somebody's calendar answers an invitation (spec/calendar 2.12).

Callers have made sure who answers; `ask_to_confirm` is for when they could not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import DomainError
from app.core.jobs import enqueue
from app.core.rate_limit import HOUR, Allowance, AllowanceSpent, spend
from app.webinars import answer_order, inviting, registering, seats, transferring
from app.webinars.answer_order import Answer
from app.webinars.enums import CancelSource, PartStat, RegistrationState, Status, TransferSource
from app.webinars.models import Registration, Webinar
from app.webinars.participants import reload
from app.webinars.phases import is_over
from app.webinars.place_models import CounterProposal

ANSWERS = {PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED, PartStat.DELEGATED}
HAS_PLACE = {
    RegistrationState.CONFIRMED,
    RegistrationState.OFFERED,
    RegistrationState.WAITLISTED,
}
MOST_PROPOSALS = 10
FARTHEST_PROPOSAL = timedelta(days=731)


class Effect(Enum):
    """What became of an answer; the value says it to the office."""

    RECORDED = "The answer is recorded."
    WITHDRAWN = "The seat is released."
    FOR_OLD_TIME = "It was given for an earlier time."
    ASKED_AGAIN = "It declines an earlier time: the person is asked whether to keep the seat."
    SEAT_OFFERED = "The seat is offered to the colleague."
    NOT_OFFERED = "The seat cannot be offered to that address."
    PROPOSED = "The proposal for another time is kept for the organisers."
    SENT_AGAIN = "The invitation is sent again."
    OLD = "A newer answer is known."
    TOO_LATE = "The webinar is over or will not take place."
    MEANS_NOTHING = "It says nothing new."
    TOO_OFTEN = "It was asked too often."

    @property
    def changed(self) -> bool:
        return self not in NO_CHANGE


NO_CHANGE = {Effect.OLD, Effect.TOO_LATE, Effect.MEANS_NOTHING, Effect.TOO_OFTEN}


def answer(registration: Registration, given: Answer) -> Effect:
    """Apply one answer, unless a newer one is known. Twice is once."""
    webinar = held(registration)
    given = answer_order.as_sent(given, registration, webinar)
    if refused := _refused(given, registration, webinar):
        return refused
    is_stale = webinar.status != Status.PUBLISHED or answer_order.is_stale(
        given, registration, webinar
    )
    _note(registration, given, is_stale=is_stale)
    if is_stale:
        return _for_old_time(registration, webinar, given)
    return _effect(registration, given)


def propose(
    registration: Registration, starts_at: datetime, ends_at: datetime | None, comment: str
) -> Effect:
    """Keep another time that somebody proposed, and tell both sides. Twice is once."""
    webinar = held(registration)
    if not _is_ahead(webinar):
        return Effect.TOO_LATE
    if not timedelta(0) < starts_at - utcnow() < FARTHEST_PROPOSAL:
        return Effect.MEANS_NOTHING
    if ends_at is not None and not timedelta(0) < ends_at - starts_at < timedelta(days=1):
        ends_at = None
    known = _proposals(registration)
    if any(one.starts_at == starts_at and one.ends_at == ends_at for one in known):
        return Effect.MEANS_NOTHING
    if len(known) >= MOST_PROPOSALS:
        return Effect.TOO_OFTEN
    proposal = CounterProposal(
        registration_id=registration.id,
        starts_at=starts_at,
        ends_at=ends_at,
        comment=comment,
        received_at=utcnow(),
    )
    db.session.add(proposal)
    db.session.flush()
    for job_name in ("webinars.send_proposal_seen", "webinars.tell_proposal"):
        enqueue(job_name, f"{proposal.id}", proposal_id=proposal.id)
    return Effect.PROPOSED


def send_again(registration: Registration) -> Effect:
    """A calendar lost the invitation: once an hour it gets it again."""
    webinar = held(registration)
    if webinar.status != Status.PUBLISHED or not _is_ahead(webinar):
        return Effect.TOO_LATE
    if registration.state != RegistrationState.CONFIRMED:
        return Effect.MEANS_NOTHING
    try:
        spend("calendar.refresh", str(registration.id), Allowance(1, HOUR))
    except AllowanceSpent:
        return Effect.TOO_OFTEN
    inviting.invite_again(registration)
    return Effect.SENT_AGAIN


def keep_seat(registration: Registration) -> None:
    """Somebody declined an earlier time and comes at the new one. Twice is once."""
    held(registration)
    if registration.is_reply_stale:
        registration.partstat, registration.is_reply_stale = PartStat.NEEDS_ACTION, False


def held(registration: Registration) -> Webinar:
    webinar = seats.hold(registration.webinar_id)
    reload(registration)
    return webinar


def _refused(given: Answer, registration: Registration, webinar: Webinar) -> Effect | None:
    if not _is_ahead(webinar):
        return Effect.TOO_LATE
    if given.partstat not in ANSWERS:
        return Effect.MEANS_NOTHING
    return None if answer_order.is_news(given, registration) else Effect.OLD


def _is_ahead(webinar: Webinar) -> bool:
    """A postponed one has no hour that could be over."""
    if webinar.status == Status.POSTPONED:
        return True
    return webinar.status == Status.PUBLISHED and not is_over(webinar, utcnow())


def _note(registration: Registration, given: Answer, *, is_stale: bool) -> None:
    registration.partstat = given.partstat
    registration.reply_sequence, registration.reply_dtstamp = given.sequence, given.dtstamp
    registration.reply_comment = given.comment
    registration.is_reply_stale = is_stale
    registration.replied_at = utcnow()


def _for_old_time(registration: Registration, webinar: Webinar, given: Answer) -> Effect:
    is_confirmed = registration.state == RegistrationState.CONFIRMED
    if given.partstat != PartStat.DECLINED or not is_confirmed:
        return Effect.FOR_OLD_TIME
    key = f"{registration.id}:{webinar.sequence}"
    enqueue("webinars.send_time_moved", key, registration_id=registration.id)
    return Effect.ASKED_AGAIN


def _effect(registration: Registration, given: Answer) -> Effect:
    if given.partstat == PartStat.DECLINED and registration.state in HAS_PLACE:
        registering.withdraw(registration, CancelSource.CALENDAR)
        return Effect.WITHDRAWN
    if given.partstat == PartStat.DELEGATED:
        return _delegate(registration, given.delegate)
    return Effect.RECORDED


def _delegate(registration: Registration, address: str) -> Effect:
    """The delegator keeps the seat until the colleague says yes."""
    try:
        if not address:
            return Effect.NOT_OFFERED
        transferring.offer_seat(registration, address, "", TransferSource.CALENDAR)
    except DomainError:
        return Effect.NOT_OFFERED
    return Effect.SEAT_OFFERED


def _proposals(registration: Registration) -> list[CounterProposal]:
    mine = select(CounterProposal).where(CounterProposal.registration_id == registration.id)
    return list(db.session.scalars(mine))
