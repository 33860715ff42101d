"""What was written, decided and promised at a webinar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base
from app.core.enums import Attribution
from app.network.models import City
from app.notes.enums import (
    ActionState,
    CorrectionState,
    DecisionStatus,
    Naming,
    NoteKind,
    NotesStatus,
    RevisionKind,
)
from app.webinars.models import AgendaItem, Registration, Webinar


class NoteSet(Base):
    """All notes of one webinar. `at_a_glance` is the short summary on top of the whole.

    `attribution` is the webinar's when the notes were opened, `naming` what the organisers chose
    for the notes; the stricter one counts. Corrections are taken until `review_until`.
    """

    __tablename__ = "note_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), unique=True
    )
    status: Mapped[NotesStatus] = mapped_column(default=NotesStatus.DRAFT)
    language: Mapped[str] = mapped_column(String(8))
    attribution: Mapped[Attribution] = mapped_column(default=Attribution.OPEN)
    naming: Mapped[Naming] = mapped_column(default=Naming.PERSON)
    review_until: Mapped[datetime | None]
    followup_thread_id: Mapped[int | None] = mapped_column(
        ForeignKey("thread.id", ondelete="SET NULL")
    )
    at_a_glance: Mapped[str] = mapped_column(Text, default="")
    lock_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    webinar: Mapped[Webinar] = relationship()
    notes: Mapped[list[Note]] = relationship(back_populates="note_set", order_by="Note.position")

    @property
    def shown(self) -> list[Note]:
        """The sections that are there, in order; what was removed is in no output."""
        return [note for note in self.notes if note.removed_at is None]


class Note(Base):
    """The text under one agenda item; other kinds have none. `head` is the current revision.

    A note for practitioners only is left out of the public version, in every output. A removed
    one is in no output; its revisions stay, and it can come back.
    """

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("note_set_id", "agenda_item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_set_id: Mapped[int] = mapped_column(ForeignKey("note_set.id", ondelete="CASCADE"))
    agenda_item_id: Mapped[int | None] = mapped_column(
        ForeignKey("agenda_item.id", ondelete="SET NULL")
    )
    kind: Mapped[NoteKind] = mapped_column(default=NoteKind.EXTRA)
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(String(200))
    head: Mapped[int] = mapped_column(default=0)
    is_for_practitioners: Mapped[bool] = mapped_column(default=False)
    is_treated: Mapped[bool] = mapped_column(default=True)  # False: no time was left for it
    removed_at: Mapped[datetime | None]

    note_set: Mapped[NoteSet] = relationship(back_populates="notes")
    agenda_item: Mapped[AgendaItem | None] = relationship()


class NoteRevision(Base):
    """A text as it was saved, never changed nor removed. It started from revision `base`."""

    __tablename__ = "note_revision"
    __table_args__ = (UniqueConstraint("note_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    number: Mapped[int]
    base: Mapped[int]
    kind: Mapped[RevisionKind] = mapped_column(default=RevisionKind.SAVED)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]

    author: Mapped[User | None] = relationship()


class NoteTaker(Base):
    """Somebody who writes the notes of a webinar and is none of its organisers."""

    __tablename__ = "note_taker"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class NotePresence(Base):
    """Who has the notes open, and which one they write in. Advisory: nobody is locked out."""

    __tablename__ = "note_presence"

    note_set_id: Mapped[int] = mapped_column(
        ForeignKey("note_set.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="SET NULL"))
    seen_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class Correction(Base):
    """What somebody who was there wants to read instead of one paragraph.

    `was` is that paragraph in revision `base`, where `paragraph` counts from 0. The proposer is a
    person with an account or a registration.
    """

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    base: Mapped[int]
    paragraph: Mapped[int]
    was: Mapped[str] = mapped_column(Text)
    proposed: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL")
    )
    state: Mapped[CorrectionState] = mapped_column(default=CorrectionState.OPEN)
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]
    lock_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    note: Mapped[Note] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    registration: Mapped[Registration | None] = relationship()


class Decision(Base):
    """Shown as D-2026-014: `year` and `number` together are unique.

    `line` is the line of the note that it was made from; empty: it was recorded by a form.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_set_id: Mapped[int] = mapped_column(
        ForeignKey("note_set.id", ondelete="CASCADE"), index=True
    )
    note_id: Mapped[int | None] = mapped_column(
        ForeignKey("note.id", ondelete="SET NULL"), index=True
    )
    line: Mapped[str] = mapped_column(Text, default="")
    year: Mapped[int]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[DecisionStatus] = mapped_column(default=DecisionStatus.ADOPTED)
    lock_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    note_set: Mapped[NoteSet] = relationship()
    note: Mapped[Note | None] = relationship()


class Action(Base):
    """Shown as A-2026-014. The owner is a person, a city, or a role in words.

    `line` is the line of the note that it was made from; empty: it was recorded by a form.
    """

    __tablename__ = "action"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        Index("ix_action_state_due", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    note_set_id: Mapped[int] = mapped_column(
        ForeignKey("note_set.id", ondelete="CASCADE"), index=True
    )
    note_id: Mapped[int | None] = mapped_column(
        ForeignKey("note.id", ondelete="SET NULL"), index=True
    )
    line: Mapped[str] = mapped_column(Text, default="")
    year: Mapped[int]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    owner_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    owner_city_id: Mapped[int | None] = mapped_column(
        ForeignKey("city.id", ondelete="SET NULL"), index=True
    )
    owner_label: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]
    state: Mapped[ActionState] = mapped_column(default=ActionState.OPEN)
    done_at: Mapped[datetime | None]
    lock_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    note_set: Mapped[NoteSet] = relationship()
    owner_user: Mapped[User | None] = relationship()
    owner_city: Mapped[City | None] = relationship()


class SummaryVersion(Base):
    """A published whole, frozen: "1.0", "1.1". The two documents are block models."""

    __tablename__ = "summary_version"
    __table_args__ = (UniqueConstraint("note_set_id", "major", "minor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_set_id: Mapped[int] = mapped_column(ForeignKey("note_set.id", ondelete="CASCADE"))
    major: Mapped[int]
    minor: Mapped[int]
    document: Mapped[dict[str, Any]]
    public_document: Mapped[dict[str, Any]]
    change_note: Mapped[str] = mapped_column(String(300), default="")
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    published_at: Mapped[datetime]

    note_set: Mapped[NoteSet] = relationship()
