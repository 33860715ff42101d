"""Private conversations as one person sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.core.db import db
from app.core.pagination import Page
from app.messages.models import Conversation, Message, Participant
from app.messages.queries import conversations_of, visible_conversation_ids

CONVERSATIONS_ON_A_PAGE = 30


@dataclass(frozen=True)
class Row:
    """One line of the list. `people` are the others, by name."""

    id: int
    subject: str
    people: list[str]
    last_message_at: datetime
    unread_count: int


@dataclass(frozen=True)
class MessageRow:
    """A message to be read. `author` None: the account is gone. A removed one has no text."""

    id: int
    number: int
    author: str | None
    is_mine: bool
    html: str
    language: str
    file_count: int
    created_at: datetime
    is_removed: bool


def conversations_page(viewer: User, number: int) -> Page:
    """A page of the viewer's conversations, the latest message first, in three statements."""
    listed = conversations_of(viewer)
    whole = db.session.scalar(select(func.count()).select_from(listed.order_by(None).subquery()))
    pages = max(1, -(-(whole or 0) // CONVERSATIONS_ON_A_PAGE))
    number = min(number, pages)
    first = (number - 1) * CONVERSATIONS_ON_A_PAGE
    mine = aliased(Participant)
    wanted = listed.add_columns(mine.last_read).join(
        mine, (mine.conversation_id == Conversation.id) & (mine.user_id == viewer.id)
    )
    found = db.session.execute(wanted.limit(CONVERSATIONS_ON_A_PAGE).offset(first)).all()
    people = _others_in([conversation.id for conversation, _ in found], viewer)
    rows = [_row(conversation, last_read, people) for conversation, last_read in found]
    return Page(rows, number, pages)


def messages_between(
    viewer: User, conversation: Conversation, first: int, last: int
) -> list[MessageRow]:
    """The messages with these numbers, in order, if the viewer takes part."""
    statement = _messages(viewer.id).where(
        Message.conversation_id == conversation.id,
        Message.conversation_id.in_(visible_conversation_ids(viewer)),
        Message.number.between(first, last),
    )
    return [_message_row(row) for row in db.session.execute(statement)]


def people_in(conversation: Conversation) -> Sequence[Participant]:
    """Who takes part and who left, with their accounts."""
    found = select(Participant).where(Participant.conversation_id == conversation.id)
    ordered = found.join(Participant.user).order_by(User.display_name, User.id)
    return db.session.scalars(ordered).all()


def mark_read(reader_id: int, conversation_id: int, number: int) -> None:
    """Remember that everything up to this message was shown. Never lowers."""
    mine = update(Participant).where(
        Participant.user_id == reader_id,
        Participant.conversation_id == conversation_id,
        Participant.last_read < number,
    )
    db.session.execute(mine.values(last_read=number))


def _messages(reader_id: int | None) -> Any:
    return (
        select(Message, User.display_name, Message.author_id.is_not_distinct_from(reader_id))
        .outerjoin(User, User.id == Message.author_id)
        .order_by(Message.number)
    )


def _message_row(row: Any) -> MessageRow:
    message, author, is_mine = row
    removed = message.deleted_at is not None
    return MessageRow(
        message.id,
        message.number,
        author,
        bool(is_mine),
        "" if removed else message.html,
        message.language,
        0 if removed else message.file_count,
        message.created_at,
        removed,
    )


def _others_in(ids: Sequence[int], viewer: User) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {one: [] for one in ids}
    others = (
        select(Participant.conversation_id, User.display_name)
        .join(Participant.user)
        .where(Participant.conversation_id.in_(ids), Participant.user_id != viewer.id)
        .order_by(User.display_name, User.id)
    )
    for conversation_id, name in db.session.execute(others):
        found[conversation_id].append(name)
    return found


def _row(conversation: Conversation, last_read: int, people: dict[int, list[str]]) -> Row:
    return Row(
        conversation.id,
        conversation.subject,
        people[conversation.id],
        conversation.last_message_at,
        max(0, conversation.last_number - last_read),
    )
