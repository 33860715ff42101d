"""What is kept of a webinar: recording with chapters and captions, slides, papers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.files.models import StoredFile
from app.materials.enums import MaterialKind, Sharing, TrackKind
from app.webinars.models import AgendaItem, Speaker, Webinar


class WebinarRecording(Base):
    """A recording at another place (`url`), or a file of ours. `published_at` None: a draft.

    `starts_at_second`: where in it the webinar's own start is. With `ends_on` it is shown no
    longer from that day on.
    """

    __tablename__ = "webinar_recording"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    url: Mapped[str] = mapped_column(String(500), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    language: Mapped[str] = mapped_column(String(8))
    minutes: Mapped[int | None]
    starts_at_second: Mapped[int] = mapped_column(default=0)
    sharing: Mapped[Sharing] = mapped_column(default=Sharing.AUDIENCE)
    consent_note: Mapped[str] = mapped_column(String(500), default="")
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    ends_on: Mapped[date | None]
    lock_version: Mapped[int] = mapped_column(default=1)

    webinar: Mapped[Webinar] = relationship()
    file: Mapped[StoredFile | None] = relationship()


class RecordingTrack(Base):
    """Captions (WebVTT) or the transcript in one language; the file is ours."""

    __tablename__ = "recording_track"
    __table_args__ = (UniqueConstraint("webinar_id", "kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(ForeignKey("webinar.id", ondelete="CASCADE"))
    kind: Mapped[TrackKind]
    language: Mapped[str] = mapped_column(String(8))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text, default="")  # of a transcript typed or pasted here
    is_machine_made: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship()


class Chapter(Base):
    """Where in the recording something begins, in seconds from its start."""

    __tablename__ = "chapter"
    __table_args__ = (UniqueConstraint("webinar_id", "second"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(ForeignKey("webinar.id", ondelete="CASCADE"))
    agenda_item_id: Mapped[int | None] = mapped_column(
        ForeignKey("agenda_item.id", ondelete="SET NULL")
    )
    second: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))

    agenda_item: Mapped[AgendaItem | None] = relationship()


class Material(Base):
    """Slides, a paper, a link. `consented_at`: whoever made it agreed to its sharing."""

    __tablename__ = "material"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[MaterialKind] = mapped_column(default=MaterialKind.OTHER)
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    url: Mapped[str] = mapped_column(String(500), default="")
    made_by: Mapped[str] = mapped_column(String(200), default="")
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("speaker.id", ondelete="SET NULL"))
    sharing: Mapped[Sharing] = mapped_column(default=Sharing.AUDIENCE)
    consented_at: Mapped[datetime | None]
    is_reusable: Mapped[bool] = mapped_column(default=False)  # copied with the webinar
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    webinar: Mapped[Webinar] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    speaker: Mapped[Speaker | None] = relationship()
