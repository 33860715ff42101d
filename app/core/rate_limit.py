"""How often one account may do something, counted in the database: a restart forgives nothing.

Time is cut into windows that stand still. How much was done in the last minute is this minute's
count and the share of the last one that is not yet a minute old: one short row instead of a list.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class RateCount(Base):
    """How often `who` did `act` in the window that began at this unix second."""

    __tablename__ = "rate_count"

    act: Mapped[str] = mapped_column(String(40), primary_key=True)
    who: Mapped[str] = mapped_column(String(80), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    count: Mapped[int]
