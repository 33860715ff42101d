"""A forum that runs, and ours: how it is started and what it is asked."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.client import Asking, get, in_turn
from tests.bench.databases import Database
from tests.bench.pages import COMMON
from tests.bench.peers.browsing import Browser
from tests.bench.peers.places import versions
from tests.bench.people import address, members
from tests.bench.server import serving

PASSWORD, WORD = "interurban", COMMON
PAGES = ("front page", "list", "thread", "page 250", "search")
ANONYMOUS, MEMBER = "anonymous", "signed in"
ADDRESSES = 4096  # as many visitors, so that nobody asks more often than one may
MEMBERS = 100


@dataclass(frozen=True)
class Chosen:
    """The rows every forum is asked for, by the numbers they have in all of them."""

    topic: int
    rank: int
    slug: str
    thread: int
    longest: int
    page: int
    member: str

    @classmethod
    def of(cls, source: Path) -> Chosen:
        """A full page of twenty posts, the topic it stands in, and the longest thread."""
        with sqlite3.connect(source) as rows:
            thread, topic, slug = rows.execute(
                "SELECT t.id, t.topic_id, o.slug FROM thread t JOIN topic o ON o.id = t.topic_id"
                " WHERE t.visibility = 'public' AND o.visibility = 'public'"
                " ORDER BY abs(t.last_number - 20), t.id LIMIT 1"
            ).fetchone()
            longest, posts = rows.execute(
                "SELECT id, last_number FROM thread ORDER BY last_number DESC LIMIT 1"
            ).fetchone()
            member = rows.execute("SELECT handle FROM user WHERE id = 1").fetchone()[0]
            rank = rows.execute("SELECT count(*) FROM topic WHERE id <= ?", [topic]).fetchone()[0]
        return cls(topic, rank, slug, thread, longest, posts // 20, member)


@dataclass
class Forum:
    """`again`: pages that it keeps whole for visitors, asked under the same address."""

    name: str
    port: int
    pids: tuple[int, ...]
    database_pid: int | None
    versions: dict[str, str]
    asked: dict[str, dict[str, Asking]]
    again: dict[str, Asking] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    at_once: int = 8
    most: int = 10**9


Running = contextlib.AbstractContextManager[Forum]


@contextlib.contextmanager
def interurban(name: str, database: Database, source: Path) -> Iterator[Forum]:
    """As `make serve` starts it."""
    environment, chosen = database.environment(), Chosen.of(source)
    paths = {
        "front page": "/",
        "list": f"/topics/{chosen.slug}",
        "thread": f"/threads/{chosen.thread}",
        "page 250": f"/threads/{chosen.longest}?page={chosen.page}",
        "search": f"/search?q={WORD}",
    }
    cookies = [member.cookie for member in members(environment, MEMBERS)]
    with serving(environment, database.folder / "server.log") as server:
        browser = Browser(server.port)
        found = {page: browser.where(path) for page, path in paths.items()}
        yield Forum(
            name, server.port, (server.pid,), database.server_pid,
            versions(Path(sys.executable).parent, ["flask", "sqlalchemy", "granian"]),
            {
                ANONYMOUS: {page: visitor(page, path) for page, path in found.items()},
                MEMBER: {page: in_turn(signed_in(path, cookies)) for page, path in found.items()},
            },
            again={page: in_turn(addressed(path)) for page, path in found.items()
                   if page != "search"},
        )  # fmt: skip


def visitor(page: str, path: str) -> Asking:
    """A page that is made, not kept: under another address each time."""
    return in_turn(addressed(path)) if page == "search" else anew(path)


def addressed(path: str) -> list[bytes]:
    return [get(path, address(number)) for number in range(ADDRESSES)]


def anew(path: str) -> Callable[[], bytes]:
    mark, numbers = "&" if "?" in path else "?", itertools.count()

    def asking() -> bytes:
        number = next(numbers)
        return get(f"{path}{mark}anew={number}", address(number))

    return asking


def signed_in(path: str, cookies: list[str]) -> list[bytes]:
    return [get(path, address(number), cookie=one) for number, one in enumerate(cookies)]
