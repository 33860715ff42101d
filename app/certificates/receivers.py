"""What certificates do when attendance is corrected."""

from __future__ import annotations

from typing import Any

from app.certificates.issuing import revoke_if_wrong
from app.webinars.models import Registration


def on_attendance_corrected(registration: Registration, **_: Any) -> None:
    """In the same transaction: nobody sees a valid certificate of somebody who was absent."""
    revoke_if_wrong(registration)
