"""Which private conversations and messages are a person's to read. Nothing else reads them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, false, select

from app.accounts.models import User
from app.messages.models import Conversation, Message, Participant


def conversations_of(viewer: User | None) -> Select[Conversation]:
    """Conversations the viewer takes part in, the latest message first."""
    return (
        select(Conversation)
        .where(Conversation.id.in_(visible_conversation_ids(viewer)))
        .order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    )


def one_conversation(viewer: User | None, conversation_id: int) -> Select[Conversation]:
    return conversations_of(viewer).where(Conversation.id == conversation_id)


def visible_conversation_ids(viewer: User | None) -> Select[int]:
    """For statements of other domains: `where(column.in_(visible_conversation_ids(viewer)))`."""
    return select(Participant.conversation_id).where(takes_part(viewer))


def visible_message_ids(viewer: User | None) -> Select[int]:
    """Messages with a text to read in the viewer's conversations."""
    return select(Message.id).where(
        Message.conversation_id.in_(visible_conversation_ids(viewer)), Message.deleted_at.is_(None)
    )


def takes_part(viewer: User | None) -> ColumnElement[bool]:
    """Who left, and whose account is not approved any more, reads nothing."""
    if viewer is None or not viewer.is_approved:
        return false()
    return (Participant.user_id == viewer.id) & Participant.left_at.is_(None)
