"""People in the live hour, and readers beside them: one process, one loop.

Times are from the moment a request was due, so that nobody who had to wait is left out.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

CONNECTIONS = 24
THINK_SECONDS = 0.4
WRITE_SECONDS = 2.0
HEADER = re.compile(rb"\r\n([A-Za-z-]+): ([^\r]*)")
QUESTION = re.compile(r'id="vote-(\d+)"')


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str


class Line:
    """The way to the server's socket, as the shipped proxy goes it: a connection each time."""

    def __init__(self, place: Path, connections: int = CONNECTIONS) -> None:
        self.place = place
        self._free = asyncio.Semaphore(connections)

    async def ask(
        self, path: str, headers: dict[str, str], form: dict[str, str] | None = None
    ) -> Reply:
        async with self._free:
            connection = await asyncio.open_unix_connection(str(self.place))
            try:
                return await asyncio.wait_for(_exchange(connection, path, headers, form), 30)
            finally:
                connection[1].close()


async def _exchange(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    path: str,
    headers: dict[str, str],
    form: dict[str, str] | None,
) -> Reply:
    reader, writer = connection
    body = urlencode(form).encode() if form is not None else b""
    if form is not None:
        headers = headers | {"Content-Type": "application/x-www-form-urlencoded"}
    lines = [f"{'POST' if form is not None else 'GET'} {path} HTTP/1.1"]
    lines += ["Host: localhost", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}"] if form is not None else []
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    head = await reader.readuntil(b"\r\n\r\n")
    named = {name.decode().lower(): value.decode() for name, value in HEADER.findall(head)}
    if "content-length" not in named and b" 304 " not in head[:20]:
        raise OSError(f"{path}: no length, {head!r}")
    text = await reader.readexactly(int(named.get("content-length", "0")))
    return Reply(int(head.split(b" ", 2)[1]), named, text.decode())


@dataclass
class Seen:
    """Milliseconds of each kind of request, and what was answered."""

    times: dict[str, list[float]] = field(default_factory=lambda: {"page": [], "poll": []})
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, kind: str, began: float, reply: Reply, path: str, right: Sequence[int]) -> None:
        self.times.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
        self.answers[f"{kind} {reply.status}"] += 1
        if reply.status not in right:
            self.wrong.append(f"{kind} {path}: {reply.status}")


@dataclass
class Participant:
    """An open join page, which asks again and again what is new."""

    webinar_id: int
    token: str = ""
    cookie: str = ""
    tag: str = ""
    shown: str = ""

    @property
    def path(self) -> str:
        return f"/webinars/{self.webinar_id}/live" + (f"?t={self.token}" if self.token else "")

    async def poll(self, line: Line) -> Reply:
        held = {"Cookie": self.cookie, "If-None-Match": self.tag}
        reply = await line.ask(self.path, {name: value for name, value in held.items() if value})
        if reply.status == 200:
            self.tag, self.shown = reply.headers["etag"], reply.body
            if "set-cookie" in reply.headers:
                self.cookie = reply.headers["set-cookie"].partition(";")[0]
        return reply

    async def stay(self, line: Line, seen: Seen, until: float, every: float) -> None:
        due = time.perf_counter() + random.random() * every
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                reply = await self.poll(line)
                seen.note("poll", due, reply, self.path.partition("?")[0], (200, 304))
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                seen.wrong.append(f"poll: {error!r}")
            due = max(due + every, time.perf_counter())


@dataclass
class Reader:
    """Somebody who reads pages, one after the other."""

    paths: Sequence[str]
    cookie: str = ""

    async def read(self, line: Line, seen: Seen, until: float) -> None:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        number = random.randrange(len(self.paths))
        while time.perf_counter() < until:
            path, began = self.paths[number % len(self.paths)], time.perf_counter()
            try:
                reply = await line.ask(path, headers)
                if reply.status in {301, 302}:
                    reply = await line.ask(reply.headers["location"], headers)
                seen.note("page", began, reply, path.partition("?")[0], (200,))
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                seen.wrong.append(f"page {path}: {error!r}")
            number += 1
            await asyncio.sleep(THINK_SECONDS * (0.5 + random.random()))


@dataclass
class Writer:
    """Guests ask a question, or vote for one, every two seconds."""

    webinar_id: int
    tokens: Sequence[str]
    last: str = ""

    async def write(self, line: Line, seen: Seen, until: float) -> None:
        turn = 0
        while time.perf_counter() + WRITE_SECONDS < until:
            await asyncio.sleep(WRITE_SECONDS)
            token = self.tokens[turn % len(self.tokens)]
            if turn % 3:
                await self._vote(line, seen, token, turn)
            else:
                await self.ask(line, seen, token)
            turn += 1

    async def ask(self, line: Line, seen: Seen, token: str) -> None:
        word = "".join(random.choices("bdfgklmnprst", k=12))  # no question is asked twice
        self.last = f"Who pays for {word} in the year after {word}?"
        await self._post(line, seen, "questions", {"body": self.last, "t": token, "anyway": "1"})

    async def _vote(self, line: Line, seen: Seen, token: str, turn: int) -> None:
        page = await line.ask(f"/webinars/{self.webinar_id}/live?t={token}", {})
        found = QUESTION.findall(page.body)
        if found:
            await self._post(line, seen, f"questions/{found[turn % len(found)]}/vote", {"t": token})

    async def _post(self, line: Line, seen: Seen, name: str, form: dict[str, str]) -> None:
        path, began = f"/webinars/{self.webinar_id}/{name}", time.perf_counter()
        headers = {"Sec-Fetch-Site": "same-origin"}
        reply = await line.ask(path, headers, form | {"back": "live"})
        seen.note("write", began, reply, path, (302, 303))


async def hour(
    place: Path,
    readers: Sequence[Reader],
    people: Sequence[Participant],
    writer: Writer,
    seconds: float,
    every: float,
) -> Seen:
    """All of them at once. At the end everybody asks once more: `missed` did not see the last."""
    line, seen = Line(place), Seen()
    until = time.perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for reader in readers:
            group.create_task(reader.read(line, seen, until))
        for person in people:
            group.create_task(person.stay(line, seen, until, every))
        group.create_task(writer.write(line, seen, until))
    await writer.ask(line, seen, writer.tokens[-1])
    for person in people:
        await person.poll(line)
        if writer.last not in person.shown:
            seen.wrong.append(f"{person.path.partition('?')[0]} does not show the last question")
    return seen
