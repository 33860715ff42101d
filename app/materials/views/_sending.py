"""A file that comes with a form: counted, checked and stored before anything is written."""

from __future__ import annotations

from typing import Any

from flask import request

from app.accounts.login import member
from app.core.db import write
from app.files import uploading


def sent_file() -> Any:
    """What the browser sent in the field `upload`; None without a file."""
    sent = request.files.get("upload")
    return sent if sent is not None and sent.filename else None


def count_sent() -> None:
    """Refused ones count too. Raise AllowanceSpent."""
    with write():
        uploading.count_upload(member())


def status_of(error: Any) -> int:
    return 429 if error.status == 429 else 422
