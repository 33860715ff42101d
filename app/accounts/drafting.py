"""Unfinished texts, kept until they are sent: none is overwritten by an older one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, delete, or_, select, update

from app.accounts.errors import DraftTooLarge
from app.accounts.models import Draft, User
from app.accounts.queries import DRAFTS_LIVE, SET_ASIDE, draft_for
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import insert_once
from app.core.prepared import Prepared

MOST_BYTES = 400_000
LONGEST_CONTEXT = 80
UNDO_FOR = timedelta(days=1)
COUNTED_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Saved:
    """What is stored now. `is_newer`: it comes from another tab, and yours was not saved."""

    sequence: int
    fields: dict[str, str]
    is_newer: bool


def save_draft(user: User, context: str, fields: dict[str, str], sequence: int) -> Saved:
    """Save over the draft with this sequence number (0: there was none).

    If another tab has saved since, its text stays and comes back, so that a page can offer both.
    """
    if len(json.dumps(fields).encode()) > MOST_BYTES:
        raise DraftTooLarge
    draft = _claimed(user, context)
    if draft.sequence > sequence and draft.fields not in ({}, fields):
        return Saved(draft.sequence, dict(draft.fields), is_newer=True)
    draft.fields, draft.updated_at = fields, utcnow()
    draft.sequence += 1
    db.session.flush()
    return Saved(draft.sequence, fields, is_newer=False)


def settle_draft(user: User, context: str, sent: str, sequence: int) -> None:
    """After a text was sent, in the same transaction: its draft goes.

    A later save of another tab with other words is no draft of what was sent; it stays.
    """
    draft = draft_for(user, context)
    if draft is None:
        return
    if is_settled(draft.fields, draft.sequence, sent, sequence):
        delete_draft(user, context)


def is_settled(kept: Mapping[str, str], kept_sequence: int, sent: str, sequence: int) -> bool:
    """Whether what was kept is a draft of what was sent."""
    begun = kept.get("body", "").strip()
    return kept_sequence <= sequence or sent.strip().startswith(begun)


def delete_draft(user: User, context: str) -> None:
    """After the text was sent, in the same transaction."""
    _deleted.change((), user_id=user.id, context=context)


@Prepared
def _deleted() -> Any:
    rows: Any = Draft.__table__
    is_owner = Draft.user_id == bindparam("user_id", type_=Integer)
    return delete(rows).where(is_owner, Draft.context == bindparam("context"))


def carry_drafts(old: str, new: str) -> None:
    """What people write goes on elsewhere, unless they write something there already."""
    there = select(Draft.user_id).where(Draft.context == new)
    moving = update(Draft).where(Draft.context == old, Draft.user_id.not_in(there))
    db.session.execute(moving.values(context=new).execution_options(synchronize_session=False))


def set_aside(user: User, context: str) -> None:
    """Throw a draft away so that it can be brought back for a day."""
    draft = draft_for(user, context)
    if draft is None:
        return
    delete_draft(user, _aside(context))
    draft.context, draft.updated_at = _aside(context), utcnow()
    db.session.flush()


def bring_back(user: User, context: str) -> bool:
    """Undo that. False when it is gone, or when another text has been begun there since."""
    thrown = db.session.scalars(
        select(Draft).where(Draft.user_id == user.id, Draft.context == _aside(context))
    ).first()
    if thrown is None or draft_for(user, context) is not None:
        return False
    delete_draft(user, context)
    thrown.context, thrown.sequence = context, max(thrown.sequence, _first_number())
    db.session.flush()
    return True


def forget_expired() -> None:
    is_aside = Draft.context.startswith(SET_ASIDE)
    is_over = or_(
        Draft.updated_at < utcnow() - DRAFTS_LIVE,
        and_(is_aside, Draft.updated_at < utcnow() - UNDO_FOR),
    )
    db.session.execute(delete(Draft).where(is_over))


def _aside(context: str) -> str:
    return f"{SET_ASIDE}{context}"[:LONGEST_CONTEXT]


def _claimed(user: User, context: str) -> Draft:
    """The row of this text, locked; an empty one if there is none or it has expired."""
    now = utcnow()
    insert_once(
        Draft,
        {
            "user_id": user.id,
            "context": context,
            "fields": {},
            "sequence": _first_number(),
            "updated_at": now,
        },
    )
    draft = db.session.scalars(
        locked(select(Draft).where(Draft.user_id == user.id, Draft.context == context))
    ).one()
    if draft.updated_at < now - DRAFTS_LIVE:
        draft.fields, draft.sequence = {}, max(draft.sequence, _first_number())
    return draft


def _first_number() -> int:
    """By the clock: above all that an earlier draft had, which a forgotten tab may still hold.

    Nobody saves one text more often than every second; a number of 32 bits lasts for 68 years.
    """
    return max(0, int((utcnow() - COUNTED_SINCE).total_seconds()))
