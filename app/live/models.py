"""The live hour of a webinar: its room, who is inside by which device, what changed last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.live.enums import Provider


class Room(Base):
    """Where the webinar takes place besides `Webinar.room_url`, which a LINK room uses.

    `name` is random and names the room at the provider. `backup_url` and `dial_in` are shown like
    the room's address: by the join page alone, to people who may enter. `made_at`: the provider
    was asked to make it. None of these is ever in a file, a feed or a mail.
    """

    __tablename__ = "room"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    provider: Mapped[Provider] = mapped_column(default=Provider.LINK)
    name: Mapped[str] = mapped_column(String(80), default="")
    backup_url: Mapped[str] = mapped_column(String(500), default="")
    uses_backup: Mapped[bool] = mapped_column(default=False)  # everybody is sent there now
    dial_in: Mapped[str] = mapped_column(String(500), default="")
    moderator_secret: Mapped[str] = mapped_column(String(64), default="")
    attendee_secret: Mapped[str] = mapped_column(String(64), default="")
    changed_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]  # the provider did not answer


class LiveState(Base):
    """Grows with each change that people in the room are shown: the validator of their polls."""

    __tablename__ = "live_state"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]


class JoinDevice(Base):
    """The one browser in which a guest's link is joined: whoever joins later takes it over.

    `key_hash` is of a random value in that browser's cookie.
    """

    __tablename__ = "join_device"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True
    )
    key_hash: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
