"""Taking demonstration conversations away."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.accounts.directory import real_people_ids
from app.core.db import db
from app.messages.models import Conversation, Participant


def remove_demo_conversations() -> int:
    """Remove those in which no real person takes part or took part. Return how many."""
    kept = select(Participant.conversation_id).where(Participant.user_id.in_(real_people_ids()))
    gone = delete(Conversation).where(Conversation.id.not_in(kept))
    return len(db.session.execute(gone.returning(Conversation.id)).all())
