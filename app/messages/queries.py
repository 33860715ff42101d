"""Which private conversations and messages are a person's to read. Nothing else reads them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.messages.models import Conversation, Message, MessageFile, MessageReport, Participant


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


def files_in_messages(viewer: User | None) -> Select[int]:
    """Ids of the files of messages that the viewer reads."""
    return select(MessageFile.file_id).where(
        MessageFile.message_id.in_(visible_message_ids(viewer))
    )


def files_in_use() -> Select[int]:
    """Ids of files that stay: those of messages that nobody deleted."""
    return select(MessageFile.file_id).join(Message).where(Message.deleted_at.is_(None))


def takes_part(viewer: User | None) -> ColumnElement[bool]:
    """Who left, and whose account is not approved any more, reads nothing."""
    if viewer is None or not viewer.is_approved:
        return false()
    return (Participant.user_id == viewer.id) & Participant.left_at.is_(None)


def one_message(viewer: User | None, conversation_id: int, number: int) -> Select[Message]:
    return select(Message).where(
        Message.id.in_(visible_message_ids(viewer)),
        Message.conversation_id == conversation_id,
        Message.number == number,
    )


def open_reports() -> Select[MessageReport]:
    """For organisers: what waits for a decision, the longest waiting first."""
    return (
        select(MessageReport)
        .where(MessageReport.decided_at.is_(None))
        .options(joinedload(MessageReport.message).joinedload(Message.author))
        .order_by(MessageReport.created_at, MessageReport.id)
    )


def one_report(report_id: int) -> Select[MessageReport]:
    return open_reports().where(MessageReport.id == report_id)


def message_to_tell_of(message_id: int) -> Select[Message]:
    """For work queued when it was sent: the message, unless it was removed meanwhile."""
    found = select(Message).where(Message.id == message_id, Message.deleted_at.is_(None))
    return found.options(joinedload(Message.conversation))
