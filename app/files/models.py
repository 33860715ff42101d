"""What people upload. Who may read a file is decided by what it is attached to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class StoredFile(Base):
    """`key` is the random name in the store and in the address; `name` what people called it.

    `size` is in bytes, `sha256` of what is stored. An image has its size in pixels and either an
    `alt` text or is decorative. `attached_at` None: nothing uses it, and it is removed after a
    while (spec/forum 5.13).
    """

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    has_thumbnail: Mapped[bool] = mapped_column(default=False)
    alt: Mapped[str] = mapped_column(String(500), default="")
    is_decorative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(index=True)
    attached_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
