"""Where the bytes of files lie: a folder today; whatever else has these four verbs will do."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from app.core.settings import settings

NAME = re.compile(r"[0-9a-f]{32}(\.thumbnail|\.half)?")
HALF = ".half"


class Store(Protocol):
    """Names are ours (`uploading.new_key`), never those that people gave."""

    def put(self, name: str, content: bytes) -> None:
        """Keep it, whole or not at all."""

    def open(self, name: str) -> BinaryIO:
        """Raise FileNotFoundError when there is nothing of this name."""

    def remove(self, name: str) -> None:
        """Also when there is nothing any more."""

    def older_than(self, moment: datetime) -> Iterator[str]:
        """All names that have not changed since then, also of what was left half written."""


class FolderStore:
    """Files of a folder, in 256 folders by the first two letters of their names."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name.partition('.')[0]}{HALF}")
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)

    def open(self, name: str) -> BinaryIO:
        return self._path(name).open("rb")

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def older_than(self, moment: datetime) -> Iterator[str]:
        for path in self.root.glob("[0-9a-f][0-9a-f]/*"):
            if NAME.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
                yield path.name

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise FileNotFoundError(name)
        return self.root / name[:2] / name


def store() -> Store:
    return FolderStore(settings().data_dir / "files")


def thumbnail_of(key: str) -> str:
    return f"{key}.thumbnail"
