"""Pages, validators and polling: what readers ask for."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tests.bench import people
from tests.bench.client import get, in_turn, one
from tests.bench.measuring import measure
from tests.bench.pages import AGAIN, MEMBER, THREAD, VISITOR, Page
from tests.bench.people import ASKING, address
from tests.bench.returning import RETURNING, make_known
from tests.bench.stage import Stage, where

ANEW, WARM_UP = "anew", 64
ASKED_AGAIN = {"home", "thread of 20", "feed of 200 events", "thread, atom"}


def measure_page(stage: Stage, page: Page) -> None:
    """As each kind of reader: whom nobody knows yet, and who asks for the same again."""
    for who in page.who:
        name = f"{page.name}, {who}"
        path = where(stage, page.path, who)
        if page.searches:
            _measure_search(stage, name, path, who)
        elif who == MEMBER:
            _measure_members(stage, page, name, _as_members(stage, path))
        else:
            stage.keep(name, measure(stage.target, _anew(path)))
            stage.keep(f"{name}, kept", measure(stage.target, in_turn(_as_visitors(path))))


def _measure_members(stage: Stage, page: Page, name: str, asked: list[bytes]) -> None:
    """Many in turn, of whom a web process knows few; then few, whom every one knows."""
    # A member's first visit of a thread is noted down; the page is measured after it.
    first = len(asked) if page.kind == THREAD else WARM_UP
    stage.keep(name, measure(stage.target, in_turn(asked), warm_up=first))
    known = asked[:RETURNING]
    make_known(stage.target, known)
    stage.keep(f"{name}, {AGAIN}", measure(stage.target, in_turn(known), warm_up=0))


def _measure_search(stage: Stage, name: str, path: str, who: str) -> None:
    """Visitors together may search 150 times a minute; one connection shows a search alone."""
    if who == VISITOR:
        asked = in_turn(_as_visitors(path))
        stage.keep(name, measure(stage.target, asked, connections=1, most=40, warm_up=2))
        return
    asked = in_turn(_as_members(stage, path))
    stage.keep(name, measure(stage.target, asked))
    stage.keep(f"{name}, alone", measure(stage.target, asked, connections=1, warm_up=4))


def _as_members(stage: Stage, path: str) -> list[bytes]:
    return [
        get(path, address(number), cookie=member.cookie)
        for number, member in enumerate(stage.members[:ASKING])
    ]


def _as_visitors(path: str, *headers: str) -> list[bytes]:
    return [get(path, address(number), *headers) for number in range(people.VISITORS)]


def _anew(path: str) -> Callable[[], bytes]:
    """Another address each time: the page is made for it, out of parts that may be kept."""
    mark = "&" if "?" in path else "?"
    numbers = itertools.count()

    def asking() -> bytes:
        number = next(numbers)
        return get(f"{path}{mark}{ANEW}={number}", address(number))

    return asking


def measure_validators(stage: Stage, found: list[Page]) -> None:
    """The same pages for somebody who has them already."""
    for page in found:
        if page.name not in ASKED_AGAIN:
            continue
        for who in page.who:
            _measure_unchanged(stage, page, who)


def _measure_unchanged(stage: Stage, page: Page, who: str) -> None:
    path = where(stage, page.path, who)
    name = f"{page.name}, {who}, unchanged"
    cookie = stage.members[0].cookie if who == MEMBER else ""
    _, headers, _ = one(stage.target.port, get(path, address(0), cookie=cookie))
    if "etag" not in headers:
        stage.run.notes.append(f"{name}: no ETag")
        return
    known = f"If-None-Match: {headers['etag']}"
    asked = [get(path, address(number), known, cookie=cookie) for number in range(4096)]
    if one(stage.target.port, asked[0])[0] != "304":
        stage.run.notes.append(f"{name}: the ETag of one answer is not that of the next")
        return
    stage.keep(name, measure(stage.target, in_turn(asked), status="304"))


def measure_polling(stage: Stage, found: list[Page]) -> None:
    """What open pages ask again and again: news of a thread, the number at the bell."""
    thread = next(page for page in found if page.name == "thread of 20")
    paths = {"news of a thread": f"{thread.path}/live?after=20", "bell": "/notifications/count"}
    for name, path in paths.items():
        asked = []
        for member in stage.members[:100]:
            request = get(path, cookie=member.cookie)
            _, headers, _ = one(stage.target.port, request)
            known = f"If-None-Match: {headers.get('etag', '')}"
            asked.append(get(path, known, cookie=member.cookie))
        stage.keep(f"polling: {name}", measure(stage.target, in_turn(asked), status="304"))
