"""Where the bytes of files lie: a folder, or an S3-compatible store (FILES_URL)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import Protocol, cast

from werkzeug.utils import import_string

from app.core.settings import settings
from app.files.errors import StoreAway

NAME = re.compile(r"[0-9a-f]{32}(\.thumbnail|\.half)?")
HALF = ".half"
OBJECT_STORE = "app.files.object_store:ObjectStore"  # by name: a folder needs no client


class Store(Protocol):
    """Names are ours, never those that people gave. Each verb raises StoreAway when it is."""

    def put(self, name: str, content: bytes) -> None:
        """Keep it, whole or not at all."""

    def open(self, name: str) -> BufferedReader:
        """Raise FileNotFoundError when there is nothing of this name."""

    def remove(self, name: str) -> None:
        """Also when there is nothing any more."""

    def older_than(self, moment: datetime) -> Iterator[str]:
        """All names that have not changed since then, also of what was left half written."""

    def answers(self) -> bool:
        """Can it be used at this moment?"""


class FolderStore:
    """Files of a folder, in 256 folders by the first two letters of their names."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        half = path.with_name(f"{path.name.partition('.')[0]}{HALF}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with half.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.rename(path)
        except OSError as error:  # full, read only, a shared folder that is away
            raise StoreAway from error

    def open(self, name: str) -> BufferedReader:
        try:
            return self._path(name).open("rb")
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StoreAway from error

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> Iterator[str]:
        for path in self.root.glob("[0-9a-f][0-9a-f]/*"):
            if NAME.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
                yield path.name

    def answers(self) -> bool:
        there = self.root if self.root.exists() else self.root.parent
        return os.access(there, os.R_OK | os.W_OK | os.X_OK)

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return self.root / name[:2] / name


def store() -> Store:
    """Where this installation keeps its files."""
    if url := settings().files_url:
        return object_store(url)
    return FolderStore(settings().data_dir / "files")


@cache
def object_store(url: str) -> Store:
    """One client a process, with its open connections. Made when first asked for: after a fork."""
    return cast(Store, import_string(OBJECT_STORE)(url))


def thumbnail_of(key: str) -> str:
    return f"{key}.thumbnail"
