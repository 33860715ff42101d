"""Files in an S3-compatible store. Loaded where FILES_URL names one; see `storing`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from app.files.errors import StoreAway
from app.files.storing import NAME

WAITING = {"connect_timeout": "3s", "read_timeout": "10s", "timeout": "60s"}
TRIES = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
PIECE = 256 * 1024
NOBODY = "0" * 32  # the name of no file


class ObjectStore:
    """One bucket, or what begins with one prefix there. Keys come from the environment.

    An object is there whole or not at all: that is what an S3 store promises of each PUT.
    """

    def __init__(self, url: str) -> None:
        parts, more = urlsplit(url), dict(parse_qsl(urlsplit(url).query))
        options: dict[str, Any] = {"allow_http": more.get("endpoint", "").startswith("http://")}
        if "ca" in more:
            options["root_certificate"] = Path(more["ca"]).read_bytes()
        place = {"endpoint": more["endpoint"]} if "endpoint" in more else {}
        self.bucket = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            region=more.get("region", "us-east-1"),
            client_options=cast(Any, WAITING | options),
            retry_config=cast(Any, TRIES),
            **cast(Any, place),
        )

    def put(self, name: str, content: bytes) -> None:
        path = _checked(name)
        with _answering(missing=StoreAway):
            obstore.put(self.bucket, path, content, use_multipart=False)

    def open(self, name: str) -> io.BufferedReader:
        with _answering():
            there = obstore.open_reader(self.bucket, _checked(name), buffer_size=PIECE)
            return io.BufferedReader(_Remote(there), PIECE)

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError), _answering():
            obstore.delete(self.bucket, _checked(name))

    def older_than(self, moment: datetime) -> Iterator[str]:
        with _answering(missing=StoreAway):
            for page in obstore.list(self.bucket):
                for thing in page:
                    if NAME.fullmatch(thing["path"]) and thing["last_modified"] < moment:
                        yield thing["path"]

    def answers(self) -> bool:
        """One short question, with our keys."""
        try:
            next(iter(obstore.list(self.bucket, prefix=NOBODY)), None)
        except (BaseError, OSError):
            return False
        return True


class _Remote(io.RawIOBase):
    """What is there, asked for by pieces, so that a part of a long file costs only that part."""

    def __init__(self, there: Any) -> None:
        self.there = there

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self.there.seek(offset, whence))

    def tell(self) -> int:
        return int(self.there.tell())

    def readinto(self, room: Any) -> int:
        with _answering():
            piece = bytes(self.there.read(len(room)))
        room[: len(piece)] = piece
        return len(piece)


@contextmanager
def _answering(missing: type[Exception] = FileNotFoundError) -> Iterator[None]:
    """What the client says in its words, in ours."""
    try:
        yield
    except FileNotFoundError as error:
        raise missing() from error
    except (BaseError, OSError) as error:
        raise StoreAway from error


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return name
