"""Asking for a date, answering, closing (one vote for each city; spec/ideas-webinars 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import current_city_id
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.datepolls.enums import Vote
from app.datepolls.errors import ClosesTooLate, NotADraft, PollClosed, SlotTwice, TooFewSlots
from app.datepolls.models import DatePoll, PollSlot, PollVote
from app.webinars import changing, seats
from app.webinars.enums import Status
from app.webinars.models import Webinar
from app.webinars.times import Slot, require_notice

FEWEST = 2


def ask(
    webinar: Webinar, slots: Sequence[Slot], closes_at: datetime, remark: str, actor: User
) -> DatePoll:
    """Ask people when they can come. Asked again, the old answers to the same slots stay.

    Raise NotADraft, TooFewSlots, SlotTwice, ClosesTooLate, TooSoon.
    """
    _hold_draft(webinar)
    _require_good(slots, closes_at)
    poll = _poll_of(webinar) or DatePoll(webinar_id=webinar.id, created_at=utcnow(), slots=[])
    known = {slot.starts_at: slot for slot in poll.slots}
    poll.closes_at, poll.remark, poll.asked_by_id = closes_at, remark, actor.id
    poll.closed_at = poll.chosen_slot_id = None
    db.session.add(poll)
    poll.slots = [_fill(known.get(slot.starts_at) or PollSlot(), slot) for slot in slots]
    db.session.flush()
    record(actor.id, "datepolls.ask", f"webinar:{webinar.id}", slots=len(slots))
    return poll


def vote(poll: DatePoll, person: User, answers: Mapping[int, Vote]) -> None:
    """Keep a person's answers, for the city they sit for now. Later answers replace earlier ones.

    Slots that are not of this poll are passed over. Raise PollClosed.
    """
    _hold_open(poll)
    city_id = db.session.scalar(select(current_city_id(person)))
    given = {row.slot_id: row for row in _rows(poll, person)}
    for slot in poll.slots:
        value = answers.get(slot.id)
        if value is not None:
            row = given.get(slot.id) or PollVote(slot_id=slot.id, user_id=person.id)
            row.value, row.city_id, row.at = value, city_id, utcnow()
            db.session.add(row)
    db.session.flush()


def choose(poll: DatePoll, slot_id: int, actor: User) -> PollSlot | None:
    """Give the draft this date and close the poll. None: the slot is not of this poll."""
    webinar = poll.webinar
    _hold_draft(webinar)
    slot = next((slot for slot in poll.slots if slot.id == slot_id), None)
    if slot is None:
        return None
    require_notice(slot.starts_at, utcnow())
    changing.set_slot(
        webinar, Slot(slot.start_local, slot.end_local, slot.tzid, slot.starts_at, slot.ends_at)
    )
    changing.touch(webinar)
    poll.chosen_slot_id = slot.id
    poll.closed_at = poll.closed_at or utcnow()
    record(actor.id, "datepolls.choose", f"webinar:{webinar.id}", slot=slot.id)
    return slot


def willing(poll: DatePoll) -> list[int]:
    """Who said that they can come to the chosen slot, in the order of their answers."""
    can_come = select(PollVote.user_id).where(
        PollVote.slot_id == poll.chosen_slot_id, PollVote.value.in_([Vote.YES, Vote.IF_NEEDED])
    )
    return list(db.session.scalars(can_come.order_by(PollVote.at, PollVote.id)))


def is_open(poll: DatePoll) -> bool:
    return poll.closed_at is None and poll.closes_at > utcnow()


def _require_good(slots: Sequence[Slot], closes_at: datetime) -> None:
    starts = [slot.starts_at for slot in slots]
    if len(slots) < FEWEST:
        raise TooFewSlots
    if len(set(starts)) < len(starts):
        raise SlotTwice
    require_notice(min(starts), utcnow())
    if not utcnow() < closes_at < min(starts):
        raise ClosesTooLate


def _hold_draft(webinar: Webinar) -> None:
    if seats.hold(webinar.id).status != Status.DRAFT:
        raise NotADraft


def _hold_open(poll: DatePoll) -> None:
    """The poll's row is locked: nobody closes it between the question and the answer."""
    db.session.scalars(locked(select(DatePoll).where(DatePoll.id == poll.id))).one()
    if not is_open(poll):
        raise PollClosed


def _poll_of(webinar: Webinar) -> DatePoll | None:
    return db.session.scalars(select(DatePoll).where(DatePoll.webinar_id == webinar.id)).first()


def _fill(row: PollSlot, slot: Slot) -> PollSlot:
    row.start_local, row.end_local, row.tzid = slot.start_local, slot.end_local, slot.tzid
    row.starts_at, row.ends_at = slot.starts_at, slot.ends_at
    return row


def _rows(poll: DatePoll, person: User) -> list[PollVote]:
    slots = [slot.id for slot in poll.slots]
    mine = select(PollVote).where(PollVote.slot_id.in_(slots), PollVote.user_id == person.id)
    return list(db.session.scalars(mine))
