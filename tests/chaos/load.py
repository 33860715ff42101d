"""Readers and writers who do not stop: what they asked, what was accepted, what went wrong."""

from __future__ import annotations

import http.client
import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tests.chaos.accounts import Community, Found

READERS, WRITERS, GUESTS, NOTE_TAKERS = 6, 3, 2, 3
THINK_SECONDS = float(os.environ.get("THINK", "0.2"))  # on average, between two requests of one
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
BASE = re.compile(r'name="base_revision"[^>]*value="(\d+)"')
KINDS = "posts", "registrations", "notes"
CUT = 0


@dataclass(frozen=True)
class Answer:
    """`status` CUT: the connection ended before there was one."""

    what: str
    began: float
    seconds: float
    status: int


class Cut(Exception):
    """No answer."""


class Browser:
    """One person behind a proxy: whichever server takes the connection answers."""

    def __init__(self, load: Load, cookie: str = "") -> None:
        self.load, self.cookie = load, cookie
        self.address = f"10.{self.load.dice(256)}.{self.load.dice(256)}.{self.load.dice(254) + 1}"
        self.token = ""

    def get(self, what: str, path: str) -> str:
        return self._ask(what, "GET", path, None)[1]

    def post(self, what: str, path: str, **fields: str) -> bool:
        """Whether it was accepted."""
        status, _ = self._ask(what, "POST", path, urlencode(fields | {"csrf_token": self.token}))
        return 200 <= status < 400

    def _ask(self, what: str, method: str, path: str, form: str | None) -> tuple[int, str]:
        began, status, text = time.monotonic(), CUT, ""
        try:
            status, text = self._over_a_new_connection(method, path, form)
        except (OSError, http.client.HTTPException) as error:
            raise Cut from error
        finally:
            answer = Answer(what, began, time.monotonic() - began, status)
            self.load.note(answer)
        return status, text

    def _over_a_new_connection(self, method: str, path: str, form: str | None) -> tuple[int, str]:
        connection = self._connect()
        try:
            connection.request(method, path, form, self._headers())
            answer = connection.getresponse()
            if self.cookie and (new := answer.headers.get("Set-Cookie")):
                self.cookie = new.partition(";")[0]  # the secret of the forms is in it
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        """Where nobody listens nothing was sent: the proxy asks the other server."""
        first, second = self.load.shuffled_ports()
        try:
            return _connected(first)
        except ConnectionError:
            return _connected(second)

    def _headers(self) -> dict[str, str]:
        headers = {
            "X-Forwarded-For": self.address,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Language": "en",
        }
        return headers | ({"Cookie": self.cookie} if self.cookie else {})


def _connected(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.connect()
    return connection


class Load:
    """All of them at once. `accepted`: for each kind what the server said it had kept."""

    def __init__(self, community: Community, ports: list[int], rng: random.Random) -> None:
        self.community, self.ports, self.rng = community, ports, rng
        self.answers: list[Answer] = []
        self.accepted: dict[str, set[str]] = {
            "posts": set(),
            "registrations": set(),
            "notes": set(),
        }
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._number = 0

    def note(self, answer: Answer) -> None:
        with self._lock:
            self.answers.append(answer)

    def accept(self, kind: str, word: str) -> None:
        with self._lock:
            self.accepted[kind].add(word)

    def wait_for_each_kind(self, seconds: float) -> None:
        """On a busy machine the time between the kills may be too short for a form and its post."""
        until = time.monotonic() + seconds
        while not all(self.accepted.values()) and time.monotonic() < until:
            time.sleep(0.05)

    def word(self, kind: str) -> str:
        """A new one, found again in the database."""
        with self._lock:
            self._number += 1
            return f"{kind}{self._number:06d}"

    def dice(self, sides: int) -> int:
        with self._lock:
            return self.rng.randrange(sides)

    def shuffled_ports(self) -> list[int]:
        return self.ports if self.dice(2) else self.ports[::-1]

    @contextmanager
    def running(self, stop: threading.Event) -> Iterator[None]:
        roles: list[Callable[[int], Callable[[], None]]] = [
            *[self._reader] * READERS,
            *[self._writer] * WRITERS,
            *[self._guest] * GUESTS,
            *[self._note_taker] * NOTE_TAKERS,
        ]
        began = time.monotonic()
        threads = [
            threading.Thread(target=self._live, args=(role(number), stop))
            for number, role in enumerate(roles)
        ]
        for thread in threads:
            thread.start()
        with ExitStack() as stack:
            for thread in threads:
                stack.callback(thread.join)
            stack.callback(stop.set)
            yield
        self.seconds = time.monotonic() - began

    def _live(self, act: Callable[[], None], stop: threading.Event) -> None:
        while not stop.is_set():
            with suppress(Cut):
                act()
            stop.wait(random.uniform(0, 2 * THINK_SECONDS))

    def _reader(self, number: int) -> Callable[[], None]:
        """Every second one is signed in."""
        browser = Browser(self, self.community.cookies[number] if number % 2 else "")
        who = "member" if browser.cookie else "visitor"

        def read() -> None:
            kind, path = self.community.pages[self.dice(len(self.community.pages))]
            browser.address = Browser(self).address
            browser.get(f"{kind}, {who}", path)

        return read

    def _writer(self, number: int) -> Callable[[], None]:
        """Many accounts take turns: nobody may post again within five seconds."""
        everyone = cycle([Browser(self, it) for it in self.community.cookies[number::WRITERS]])

        def write() -> None:
            browser = next(everyone)
            thread = self.community.threads[self.dice(len(self.community.threads))]
            if not browser.token:
                browser.token = _found(TOKEN, browser.get("thread, member", f"/threads/{thread}"))
            word = self.word("posted")
            body = f"We tried it for a year, and this came of it: {word}."
            place = f"/threads/{thread.partition('-')[0]}/posts"
            if browser.post("post", place, body=body, language="en"):
                self.accept("posts", word)

        return write

    def _guest(self, _number: int) -> Callable[[], None]:
        def register() -> None:
            browser, word = Browser(self), self.word("guest")
            webinar = self.community.webinars[self.dice(len(self.community.webinars))]
            email = f"{word}@demo.invalid"
            answers = {"name": "Housing officer", "city": "York", "consent": "y"}
            path = f"/webinars/{webinar}/registrations"
            if browser.post("registration", path, email=email, **answers):
                self.accept("registrations", email)

        return register

    def _note_taker(self, number: int) -> Callable[[], None]:
        """Each under an agenda item of their own, again and again."""
        place = number % NOTE_TAKERS
        browser = Browser(self, self.community.organisers[place])
        path = self.community.notes[place]

        def save() -> None:
            page = browser.get("note form", path)
            browser.token, base = _found(TOKEN, page), _found(BASE, page)
            word = self.word("noted")
            if browser.post("note", path, body=f"We heard {word}.", base_revision=base):
                self.accept("notes", word)

        return save

    def failed(self, database_away: list[tuple[float, float]]) -> Counter[str]:
        """Answers from 500 on, but for 503 while there was no database."""
        return Counter(
            f"{answer.status} for {answer.what}"
            for answer in self.answers
            if answer.status >= 500
            and not (answer.status == 503 and _overlaps(answer, database_away))
        )

    def cut(self, near_kills: list[tuple[float, float]]) -> Counter[str]:
        """Requests without an answer, but for those that a kill cut off."""
        cut = [answer for answer in self.answers if answer.status == CUT]
        return Counter(answer.what for answer in cut if not _overlaps(answer, near_kills))

    def percentile(
        self, share: float, *, outside: list[tuple[float, float]], what: str = ""
    ) -> float:
        times = sorted(
            answer.seconds
            for answer in self.answers
            if answer.status != CUT
            and answer.what.startswith(what)
            and not _overlaps(answer, outside)
        )
        return times[min(len(times) - 1, int(len(times) * share / 100))] if times else 0.0

    def table(self, windows: list[tuple[float, float]], found: Found) -> Iterator[str]:
        statuses = Counter(answer.status for answer in self.answers)
        said = ", ".join(f"{n} x {status or 'cut'}" for status, n in sorted(statuses.items()))
        yield f"{len(self.answers)} requests in {self.seconds:.0f} s: {said}"
        for kind, words in self.accepted.items():
            yield f"{kind}: {len(words)} accepted, {len(words - found.once[kind])} lost"
        yield f"mails: {found.mails}, missing {len(found.without_mail)}, twice {len(found.twice)}"
        yield "outside of kills, seconds: 50 %, 95 %, 99 %, slowest"
        for what in ["", *sorted({answer.what for answer in self.answers})]:
            values = [self.percentile(n, outside=windows, what=what) for n in (50, 95, 99, 100)]
            yield f"  {what or 'all':<18}" + "".join(f"{value:8.3f}" for value in values)


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    return match[1] if match else ""


def _overlaps(answer: Answer, windows: list[tuple[float, float]]) -> bool:
    ended = answer.began + answer.seconds
    return any(answer.began <= end and ended >= begin for begin, end in windows)
