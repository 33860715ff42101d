"""Beginning private conversations, writing in them, leaving."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import users_by_handles
from app.core.clock import utcnow
from app.core.db import db, locked
from app.forum.posting import Text
from app.messages.errors import EverybodyLeft, UnknownPeople, WrongNumberOfPeople
from app.messages.models import Conversation, Message, Participant
from app.messages.signals import message_sent

MOST_PEOPLE = 10


def people_named(author: User, handles: Sequence[str]) -> list[User]:
    """The others a person wants to write to. Raise UnknownPeople or WrongNumberOfPeople."""
    wanted = list(dict.fromkeys(handle.lower() for handle in handles))
    found = users_by_handles(wanted)
    if missing := [handle for handle in wanted if handle not in found]:
        raise UnknownPeople(missing[:MOST_PEOPLE])
    others = [found[handle] for handle in wanted if found[handle].id != author.id]
    if not 1 <= len(others) <= MOST_PEOPLE - 1:
        raise WrongNumberOfPeople
    return others


def start(author: User, others: Sequence[User], subject: str, text: Text) -> Conversation:
    """Begin a conversation with its first message."""
    now = utcnow()
    conversation = Conversation(
        subject=subject, starter_id=author.id, created_at=now, last_message_at=now, last_number=0
    )
    db.session.add(conversation)
    db.session.flush()
    db.session.add_all(
        Participant(conversation_id=conversation.id, user_id=person.id, joined_at=now, last_read=0)
        for person in (author, *others)
    )
    db.session.flush()
    _append(conversation, author, text)
    return conversation


def send(conversation: Conversation, author: User, text: Text) -> Message:
    """Write in a conversation. Raise EverybodyLeft when nobody would read it."""
    held = _held(conversation)
    others = [
        seat for seat in participants_of(held) if seat.user_id != author.id and not seat.left_at
    ]
    if not others:
        raise EverybodyLeft
    return _append(held, author, text)


def leave(conversation: Conversation, person: User) -> None:
    """Stop taking part: the person reads nothing of it any more. The others go on."""
    held = _held(conversation)
    for seat in participants_of(held):
        if seat.user_id == person.id and seat.left_at is None:
            seat.left_at = utcnow()
    db.session.flush()


def participants_of(conversation: Conversation) -> Sequence[Participant]:
    """Everybody who ever took part, who began it first."""
    found = select(Participant).where(Participant.conversation_id == conversation.id)
    return db.session.scalars(found.order_by(Participant.joined_at, Participant.user_id)).all()


def first_message(conversation: Conversation) -> Message:
    found = select(Message).where(Message.conversation_id == conversation.id, Message.number == 1)
    return db.session.scalars(found).one()


def _held(conversation: Conversation) -> Conversation:
    """The row, held until the end of the transaction: numbers are given one after another."""
    found = select(Conversation).where(Conversation.id == conversation.id)
    return db.session.scalars(locked(found)).one()


def _append(conversation: Conversation, author: User, text: Text) -> Message:
    now = utcnow()
    conversation.last_number += 1
    conversation.last_message_at = now
    message = Message(
        conversation=conversation,
        number=conversation.last_number,
        author_id=author.id,
        body=text.body,
        html=text.rendered.html,
        renderer=text.rendered.version,
        language=text.language,
        created_at=now,
    )
    db.session.add(message)
    db.session.flush()
    own = db.session.get_one(Participant, (conversation.id, author.id))
    own.last_read = max(own.last_read, message.number)
    message_sent.send(message)
    return message
