"""Handing a seat over: who leaves, who comes, and what goes along (spec/ideas-forum 1)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from app.accounts.errors import NotASuccessor, SeatHasEnded
from app.accounts.models import Draft, Seat, User
from app.accounts.seating import end_seat, seat_after
from app.accounts.signals import seat_handed_over
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked

A_DAY = timedelta(days=1)
DRAFTS_OF_THREADS = ("reply:%", "thread:%")


def hand_over(seat: Seat, successor: User, actor: User, with_drafts: bool = False) -> Seat:
    """Seat the successor from today in the same place; yesterday was the old seat's last day.

    What other domains keep for the person (follows, open questions, actions) moves with the
    signal. Old texts keep the old seat. Raise SeatHasEnded or NotASuccessor.
    """
    today = utcnow().date()
    row = db.session.scalars(locked(select(Seat).where(Seat.id == seat.id))).one()
    if row.ends_on is not None and row.ends_on < today:
        raise SeatHasEnded
    if successor.id == row.user_id or not successor.is_approved:
        raise NotASuccessor
    new = seat_after(row, successor, today)
    end_seat(row, today - A_DAY)
    if with_drafts:
        _move_drafts(row.user_id, successor.id)
    record(actor.id, "accounts.hand_over", f"seat:{row.id}", to_seat=new.id, drafts=with_drafts)
    seat_handed_over.send(row, successor=successor, actor=actor)
    return new


def _move_drafts(old_id: int, new_id: int) -> None:
    """Unfinished threads and replies; where the successor writes the same, theirs stays."""
    mine = select(Draft.context).where(Draft.user_id == new_id)
    for contexts in DRAFTS_OF_THREADS:
        moving = update(Draft).where(Draft.user_id == old_id, Draft.context.like(contexts))
        db.session.execute(moving.where(Draft.context.not_in(mine)).values(user_id=new_id))
