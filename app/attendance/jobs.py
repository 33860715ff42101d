"""What is forgotten by the clock."""

from __future__ import annotations

from datetime import timedelta

from app.attendance import clearing
from app.core.periodic import periodic


@periodic("attendance.forget", timedelta(hours=6))
def forget() -> None:
    clearing.forget_lines()
    clearing.forget_uploads()
