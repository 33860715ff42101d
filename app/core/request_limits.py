"""How often somebody may read: kept in memory, gone with it.

Whoever is signed in is counted by account, never by address: whole town halls sit behind one.
Several web processes count together in the shared memory; without one each counts for itself.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, request, session

from app.core.clock import utcnow
from app.core.personal_links import token_sent
from app.core.rate_limit import HOUR, MINUTE, Allowance, AllowanceSpent, Spending
from app.core.shared_memory import Window, shared_memory

REQUESTS = (Allowance(50, 10), Allowance(200, MINUTE))
MEMBER_SEARCHES = Allowance(30, MINUTE)
VISITOR_SEARCHES = Allowance(15, MINUTE)
ALL_VISITORS_SEARCHES = Allowance(150, MINUTE)
FEEDS = Allowance(60, HOUR)
LINKS = Allowance(60, MINUTE)
TOWN_HALL = (Allowance(600, 10), Allowance(3000, MINUTE))
VISITOR_PRINTS = Allowance(20, HOUR)
CODES = Allowance(60, HOUR)
ARCHIVES = Allowance(20, HOUR)
BEATS = Allowance(30, MINUTE)

MOST_NAMES = 50_000
EXTENSION, COUNTED, COUNTS = "request_counts", "interurban.counted", "counts_visitors"
P = ParamSpec("P")
R = TypeVar("R")

Name = tuple[str, str, Allowance]


class Counts:
    """How often each name did each act: the running window's count and that of the one before."""

    def __init__(self, most_names: int = MOST_NAMES) -> None:
        self._lock = threading.Lock()
        self._most_names = most_names
        self._windows: OrderedDict[Name, tuple[int, int, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._windows)

    def spend(self, act: str, who: str, *allowances: Allowance) -> None:
        """Count one more. Raise AllowanceSpent, and count nothing, when it is too much."""
        now = int(utcnow().timestamp())
        names = [(act, who, allowance) for allowance in allowances]
        with self._lock:
            seen = [self._spending(name, now) for name in names]
            refuse_if_full(seen)
            self._keep_all(names, seen, now)

    def note(self, act: str, who: str, *allowances: Allowance) -> None:
        """Count what others allowed, to know it should they fall silent."""
        now = int(utcnow().timestamp())
        names = [(act, who, allowance) for allowance in allowances]
        with self._lock:
            self._keep_all(names, [self._spending(name, now) for name in names], now)

    def _spending(self, name: Name, now: int) -> Spending:
        seconds = name[2].seconds
        window, current, previous = self._windows.get(name, (0, 0, 0))
        passed = now // seconds - window
        if passed:
            current, previous = 0, current if passed == 1 else 0
        return Spending(name[2], current, previous, now % seconds)

    def _keep_all(self, names: list[Name], seen: list[Spending], now: int) -> None:
        for name, spending in zip(names, seen, strict=True):
            self._keep(name, now // name[2].seconds, spending)

    def _keep(self, name: Name, window: int, seen: Spending) -> None:
        """Names that were not seen for longest make room for new ones."""
        self._windows[name] = (window, seen.current + 1, seen.previous)
        self._windows.move_to_end(name)
        while len(self._windows) > self._most_names:
            self._windows.popitem(last=False)


def refuse_if_full(seen: list[Spending]) -> None:
    if wait := max((spending.wait for spending in seen), default=0):
        raise AllowanceSpent(wait)


def init_request_limits(app: Flask) -> None:
    """`REQUEST_LIMITS` False: nothing of this file refuses anything. So it is in tests."""
    app.config.setdefault("REQUEST_LIMITS", not app.testing)
    app.extensions[EXTENSION] = Counts()
    app.before_request(count_request)


def count_request() -> None:
    """Every request of a visitor but static files. Raise AllowanceSpent.

    Who is signed in is read from the signed cookie: the database is not asked.
    """
    if request.endpoint == "static" or "_user_id" in session:
        return
    if hasattr(current_app.view_functions.get(request.endpoint or ""), COUNTS):
        return
    if token := token_sent():
        count_guest(token)
    else:
        count_visitor(request.environ)


def counts_visitors(view: Callable[P, R]) -> Callable[P, R]:
    """A view that counts by itself, whoever asks it: by `count_link` or `count_visitor`."""
    setattr(view, COUNTS, True)
    return view


def count_link(token: str) -> None:
    """One request by a personal link that a view found to be one: a whole town hall may sit behind
    one address, and ask every ten seconds. Raise AllowanceSpent."""
    _spend("link", token, LINKS)


def count_guest(token: str) -> None:
    """One request with what looks like a personal token: as of a visitor of its own, so that all
    guests behind one address vote at once. Whoever makes tokens up is held at their address. Raise
    AllowanceSpent."""
    if not request.environ.get(COUNTED):
        _spend("guest", token, *REQUESTS)  # first: one guest's haste costs the others nothing
        _spend_address("guests", *TOWN_HALL)
        request.environ[COUNTED] = True


def count_visitor(environ: dict[str, Any]) -> None:
    """One request, counted once wherever it is answered. Raise AllowanceSpent."""
    if not environ.get(COUNTED):
        _spend_at(environ.get("REMOTE_ADDR", ""), "request", *REQUESTS)
        environ[COUNTED] = True


def count_search(account: int | None) -> None:
    """One search, of an account or (None) of a visitor. Raise AllowanceSpent."""
    if account is not None:
        _spend("search", f"user:{account}", MEMBER_SEARCHES)
    else:
        _spend_address("search", VISITOR_SEARCHES)
        _spend("search", "visitors", ALL_VISITORS_SEARCHES)


def count_print() -> None:
    """One whole thread on one page, for a visitor. Raise AllowanceSpent."""
    _spend_address("print", VISITOR_PRINTS)


def count_archive(account: int | None) -> None:
    """One file of a whole year's summaries. Raise AllowanceSpent."""
    if account is not None:
        _spend("archive", f"user:{account}", ARCHIVES)
    else:
        _spend_address("archive", ARCHIVES)


def count_code(account: int | None) -> None:
    """One code that somebody looks up, right or wrong: nobody tries them all. Raise
    AllowanceSpent."""
    if account is not None:
        _spend("code", f"user:{account}", CODES)
    else:
        _spend_address("code", CODES)


def count_beat(account: int) -> None:
    """One page of notes that says it is still open; a few tabs may. Raise AllowanceSpent."""
    _spend("beat", f"user:{account}", BEATS)


def count_feed(token: str) -> None:
    """One look at a feed or calendar with a token in its address. Raise AllowanceSpent."""
    _spend("feed", token, FEEDS)


def _spend_address(act: str, *allowances: Allowance) -> None:
    _spend_at(request.remote_addr or "", act, *allowances)


def _spend_at(address: str, act: str, *allowances: Allowance) -> None:
    if who := _neighbourhood(address):
        _spend(act, who, *allowances)


def _spend(act: str, who: str, *allowances: Allowance) -> None:
    """All processes together if they share a memory that answers, else this one."""
    if not current_app.config["REQUEST_LIMITS"]:
        return
    counts: Counts = current_app.extensions[EXTENSION]
    if _spend_together(act, who, *allowances):
        counts.note(act, who, *allowances)
    else:
        counts.spend(act, who, *allowances)


def _spend_together(act: str, who: str, *allowances: Allowance) -> bool:
    """False: nobody knows what the others counted. Raise AllowanceSpent."""
    now = int(utcnow().timestamp())
    name = f"{act}:{_disguised(who)}"
    windows = [
        Window(name, each.most, each.seconds, *divmod(now, each.seconds)) for each in allowances
    ]
    counted = shared_memory().count(windows)
    if counted is None:
        return False
    if not counted.allowed:
        pairs = zip(allowances, windows, counted.seen, strict=True)
        refuse_if_full([Spending(each, *seen, window.elapsed) for each, window, seen in pairs])
    return True


def _disguised(who: str) -> str:
    """No address and no token leaves this process."""
    key = current_app.config["SECRET_KEY"].encode()
    return hashlib.blake2b(who.encode() + b" " + key, digest_size=12).hexdigest()


@lru_cache(maxsize=MOST_NAMES // 10)
def _neighbourhood(address: str) -> str:
    """Under what an address is counted, "" if it is not.

    That is this machine itself (its probes, its own tools), or a server that does not say who asks.
    One household has billions of IPv6 addresses: they count as one.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if parsed.is_loopback:
        return ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return address
