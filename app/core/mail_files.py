"""Mail without a mail server: every message is kept as a file, byte for byte what SMTP carries."""

from __future__ import annotations

import os
import re
import uuid
from pathlib import Path

from app.core.clock import utcnow


class MailFiles:
    """A folder that takes the place of a mail server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, recipient: str, content: bytes) -> None:
        """Write `<UTC time>-<recipient>.eml`, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        half = self.folder / f".{uuid.uuid4().hex}"
        with half.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(self._free_name(recipient))

    def close(self) -> None:
        """Nothing stays open."""

    def _free_name(self, recipient: str) -> Path:
        while True:
            path = self.folder / f"{utcnow():%Y%m%dT%H%M%S.%fZ}-{safe_name(recipient)}.eml"
            if not path.exists():
                return path


def safe_name(recipient: str) -> str:
    """The address as part of a file name: nothing that means something to a file system."""
    return re.sub(r"[^A-Za-z0-9@._+-]", "_", recipient)[:120].lstrip(".")


def kept_mails(folder: Path) -> list[Path]:
    """All kept messages, the newest first."""
    return sorted(folder.glob("*.eml"), key=lambda path: path.name, reverse=True)
