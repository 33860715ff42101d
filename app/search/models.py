"""What can be found. The full-text indexes over this table are made by the migrations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class FoundKind(StrEnum):
    POST = "post"
    WEBINAR = "webinar"
    NOTES = "notes"
    PRACTITIONER_NOTES = "practitioner_notes"
    CITY = "city"


class SearchDocument(Base):
    """One findable text. The reference to its object lets the statement apply the object's
    own visibility query; nothing about who may read is copied here."""

    __tablename__ = "search_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[FoundKind]
    key: Mapped[str] = mapped_column(String(60), unique=True)  # "post:41"
    thread_id: Mapped[int | None] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), index=True
    )
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), index=True
    )
    webinar_id: Mapped[int | None] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    note_set_id: Mapped[int | None] = mapped_column(
        ForeignKey("note_set.id", ondelete="CASCADE"), index=True
    )
    city_id: Mapped[int | None] = mapped_column(
        ForeignKey("city.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    happened_at: Mapped[datetime]
    facts: Mapped[str] = mapped_column(Text, default="", server_default="")  # for filters
