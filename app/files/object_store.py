"""Files in an S3-compatible store. Loaded where FILES_URL names one; see `storing`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError, GenericError
from obstore.store import S3Store

from app.core.breaker import Breaker
from app.files.errors import StoreAway
from app.files.storing import NAME

WAITING = {"connect_timeout": "3s", "read_timeout": "10s", "timeout": "60s"}
TRIES = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
REST_SECONDS = 15.0  # longer than it takes to learn that it still does not answer
IN_A_HURRY = {"connect_timeout": "1s", "read_timeout": "2s", "timeout": "2s"}
ONCE = {"max_retries": 0}
PIECE = 256 * 1024
NOBODY = "0" * 32  # the name of no file


class ObjectStore:
    """One bucket, or what begins with one prefix there. Keys come from the environment.

    An object is there whole or not at all: that is what an S3 store promises of each PUT.
    Once it did not answer, nobody waits for it for a while: they hear at once that it is away.
    """

    def __init__(self, url: str) -> None:
        self.bucket = _bucket(url, WAITING, TRIES)
        self.breaker = Breaker("the store of files (FILES_URL)", REST_SECONDS)
        self._in_a_hurry = _bucket(url, IN_A_HURRY, ONCE)

    def put(self, name: str, content: bytes) -> None:
        path = _checked(name)
        with self._answering(missing=StoreAway):
            obstore.put(self.bucket, path, content, use_multipart=False)

    def open(self, name: str) -> io.BufferedReader:
        with self._answering():
            there = obstore.open_reader(self.bucket, _checked(name), buffer_size=PIECE)
            return io.BufferedReader(_Remote(there, self._answering), PIECE)

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError), self._answering():
            obstore.delete(self.bucket, _checked(name))

    def older_than(self, moment: datetime) -> Iterator[str]:
        with self._answering(missing=StoreAway):
            for page in obstore.list(self.bucket):
                for thing in page:
                    if NAME.fullmatch(thing["path"]) and thing["last_modified"] < moment:
                        yield thing["path"]

    def answers(self) -> bool:
        """One short question, with our keys. Too slow for it is not yet too slow for a file."""
        if not self.breaker.may_ask():
            return False
        try:
            next(iter(obstore.list(self._in_a_hurry, prefix=NOBODY)), None)
        except (BaseError, OSError):
            return False
        self.breaker.answered()
        return True

    @contextmanager
    def _answering(self, missing: type[Exception] = FileNotFoundError) -> Iterator[None]:
        """What the client says in its words, in ours. A refusal is an answer too."""
        if not self.breaker.may_ask():
            raise StoreAway
        try:
            yield
        except FileNotFoundError as error:
            self.breaker.answered()
            raise missing() from error
        except (GenericError, OSError) as error:
            self.breaker.failed(error)
            raise StoreAway from error
        except BaseError as error:
            self.breaker.answered()
            raise StoreAway from error
        self.breaker.answered()


def _bucket(url: str, waiting: dict[str, str], tries: dict[str, Any]) -> S3Store:
    parts, more = urlsplit(url), dict(parse_qsl(urlsplit(url).query))
    options: dict[str, Any] = {"allow_http": more.get("endpoint", "").startswith("http://")}
    if "ca" in more:
        options["root_certificate"] = Path(more["ca"]).read_bytes()
    place = {"endpoint": more["endpoint"]} if "endpoint" in more else {}
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        region=more.get("region", "us-east-1"),
        client_options=cast(Any, waiting | options),
        retry_config=cast(Any, tries),
        **cast(Any, place),
    )


class _Remote(io.RawIOBase):
    """What is there, asked for by pieces, so that a part of a long file costs only that part."""

    def __init__(self, there: Any, answering: Callable[[], AbstractContextManager[None]]) -> None:
        self.there, self._answering = there, answering

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self.there.seek(offset, whence))

    def tell(self) -> int:
        return int(self.there.tell())

    def readinto(self, room: Any) -> int:
        with self._answering():
            piece = bytes(self.there.read(len(room)))
        room[: len(piece)] = piece
        return len(piece)


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return name
