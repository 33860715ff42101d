"""Readers in several languages and colours, and people who are signed in, behind the caching proxy.

`python -m tests.deploy.readers 10000` asks so many times over two web processes, prints what was
answered from where, reloads everything under load, and lets slow clients try to stop the others.
"""

from __future__ import annotations

import hashlib
import html
import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeTimedSerializer

from config import ROOT
from tests.deploy.proxy import Proxy, proxying
from tests.deploy.slow import KINDS, slow_clients
from tests.deploy.web import Web, load, serving

APPLICATION = "wsgi:behind_proxy()"
SECRET = "a key for these readers only, of fair length"
PATHS = ["/", "/topics", "/threads", "/threads/1", "/threads/9", "/webinars", "/webinars/1",
         "/cities", "/knowledge", "/search?q=housing", "/accessibility"]  # fmt: skip
TOO_FAST = "asked to search less often"
PEOPLE = ("official", "official.york", "organiser", "associate")
FROM_CACHE = {"HIT", "REVALIDATED", "STALE", "UPDATING"}
LANGUAGES = ("en", "de", "fr", "ca")
THEMES = ("", "light", "dark")
PAGE = re.compile(r'<html lang="(\w+)"(?: data-theme="(\w+)")?>')
NAME = re.compile(r'<p class="menu__who">([^<]*)</p>')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


TOKENS = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token")
SESSIONS = URLSafeTimedSerializer(
    SECRET,
    salt="cookie-session",
    serializer=TaggedJSONSerializer(),
    signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
)


class SeenByAnother(AssertionError):
    """A page that was made for somebody else."""


def secret_of(token: str) -> str:
    return str(TOKENS.loads(token))


@dataclass
class Reader:
    """A browser: its own cookies, its own wishes, one request at a time."""

    port: int
    language: str
    theme: str = ""
    account: str = ""
    name: str = ""
    jar: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sign_in(self) -> None:
        self.ask("/sign-in")
        form = {"email": f"{self.account}@demo.invalid", "password": "interurban"}
        status, _, text = self.ask("/sign-in", form)
        if status != 302:
            raise SeenByAnother(f"{self.account} could not sign in: {status} {text[:300]}")
        self.name = self.marks(self.ask("/topics")[2])[2]

    def ask(
        self, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Accept-Language": self.language, "Sec-Fetch-Site": "same-origin"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies().items())
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form) if form else None
        connection.request("POST" if form else "GET", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.jar |= {name: crumb.value for name, crumb in SimpleCookie(line).items()}
        connection.close()
        return answer.status, answer.headers, text

    def cookies(self) -> dict[str, str]:
        return self.jar | ({"theme": self.theme} if self.theme else {})

    def look(self, path: str) -> str:
        """Ask, follow where it leads, check that it is ours. Return where it came from."""
        with self.lock:
            if not self.account:
                self.jar.clear()  # visitors come and go
            status, headers, text = self.ask(path)
            if status in {301, 302}:
                status, headers, text = self.ask(headers["Location"])
            if status != 200 and not self.is_too_fast(path, status):
                raise SeenByAnother(f"{path}: {status} for {self.who()}")
            self.check(path, headers, text)
        return TOO_FAST if status != 200 else headers.get("X-Cache") or "personal"

    def is_too_fast(self, path: str, status: int) -> bool:
        """All visitors together may search 150 times a minute; the page that says so is theirs."""
        return status == 429 and not self.account and path.startswith("/search")

    def check(self, path: str, headers: http.client.HTTPMessage, text: str) -> None:
        language, theme, name = self.marks(text)
        seen = (theme, name) if self.account else (language, theme, name)
        ours = (self.theme, self.name) if self.account else (self.language, self.theme, "")
        if seen != ours:
            raise SeenByAnother(f"{path}: {seen} instead of {ours}")
        if self.account and headers.get("X-Cache"):
            raise SeenByAnother(f"{path}: a page of {self.account} met the cache")
        tokens = TOKEN.findall(text)
        if headers.get("X-Cache") in FROM_CACHE and (tokens or headers.get("Set-Cookie")):
            raise SeenByAnother(f"{path}: something personal on a page for everybody")
        if {secret_of(token) for token in tokens} - {self.secret()}:
            raise SeenByAnother(f"{path}: somebody else's token on a page of {self.who()}")

    def secret(self) -> str:
        """What the tokens of our own session are made from."""
        crumb = self.jar.get("session")
        return str(SESSIONS.loads(crumb).get("csrf_token")) if crumb else ""

    def marks(self, text: str) -> tuple[str, str, str]:
        page, name = PAGE.search(text), NAME.search(text)
        if not page:
            raise SeenByAnother(f"not a page: {text[:300]}")
        return page[1], page[2] or "", html.unescape(name[1]) if name else ""

    def who(self) -> str:
        return self.account or f"a visitor, {self.language}, {self.theme or 'no theme'}"


@dataclass(frozen=True)
class Town:
    """The real application in two processes behind nginx, and its readers."""

    web: Web
    proxy: Proxy
    readers: Sequence[Reader]

    def walk(self, steps: Sequence[tuple[int, int]], threads: int = 4) -> Counter[str]:
        """(reader, path) pairs, asked by several threads at once. Raise SeenByAnother."""
        came_from: Counter[str] = Counter()
        wrong: list[BaseException] = []

        def ask(share: Sequence[tuple[int, int]]) -> None:
            try:
                for reader, path in share:
                    if wrong:
                        return
                    came_from[self.readers[reader].look(PATHS[path])] += 1
            except BaseException as error:
                wrong.append(error)

        shares = [steps[start::threads] for start in range(threads)]
        walking = [threading.Thread(target=ask, args=(share,)) for share in shares]
        for thread in walking:
            thread.start()
        for thread in walking:
            thread.join()
        if wrong:
            raise wrong[0]
        return came_from


@contextmanager
def town(folder: Path, environment: dict[str, str]) -> Iterator[Town]:
    """On a database with the demo community in it."""
    with serving(folder, APPLICATION, environment) as web, proxying(folder, web.place) as proxy:
        visitors = [
            Reader(proxy.port, language, theme) for language in LANGUAGES for theme in THEMES
        ]
        people = [Reader(proxy.port, "en", account=account) for account in PEOPLE]
        for person in people:
            person.sign_in()
        assert len({person.name for person in people} - {""}) == len(PEOPLE)
        yield Town(web, proxy, [*visitors, *people])


def report(title: str, count: Callable[[], object]) -> None:
    began = time.perf_counter()
    found = count()
    print(f"{title}: {found} in {time.perf_counter() - began:.1f} s", flush=True)


def reloaded(living: Town) -> dict[object, int]:
    """Requests while everything is renewed: web processes twice, nginx before and after.

    405 is the right answer to POST /topics.
    """
    with load(living.proxy.port, "/topics", threads=8) as seen:
        for _ in range(2):
            living.proxy.reload()
            living.web.reload()
            living.proxy.reload()
        time.sleep(1)
    return dict(seen.answers) | {"asked again": seen.again}


def beside_slow(living: Town, kind: str, clients: int = 200, requests: int = 100) -> str:
    with slow_clients(living.proxy.port, kind, clients) as slow:
        times = []
        for number in range(requests):
            began = time.perf_counter()
            living.readers[number % len(living.readers)].look(PATHS[number % len(PATHS)])
            times.append(time.perf_counter() - began)
        holding = slow.still_there()
    times.sort()
    middle, slowest = times[len(times) // 2] * 1000, times[-1] * 1000
    return f"{holding} held; others p50 {middle:.0f} ms, slowest {slowest:.0f} ms"


def main(arguments: list[str]) -> None:
    count = int(arguments[0]) if arguments else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"DATA_DIR": name, "DEMO": "1", "DATABASE_URL": f"sqlite:///{name}/town.db",
                       "LOG_LEVEL": "error", "SECRET_KEY": SECRET}  # fmt: skip
        for command in (["db", "upgrade"], ["demo", "load"]):
            subprocess.run(
                [sys.executable, "-m", "flask", "--app", "wsgi", *command],
                cwd=ROOT, env=os.environ | environment, check=True, capture_output=True,
            )  # fmt: skip
        chance = random.Random(4)
        with town(folder, environment) as living:
            people, paths = range(len(living.readers)), range(len(PATHS))
            steps = [(chance.choice(people), chance.choice(paths)) for _ in range(count)]
            report(f"{count} pages of {len(people)} readers", lambda: dict(living.walk(steps)))
            report("reloads", lambda: reloaded(living))
            for kind in KINDS:
                report(f"beside slow {kind}", lambda kind=kind: beside_slow(living, kind))
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
