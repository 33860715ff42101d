"""Page by page, one forum after the other, with the client that measures our own pages."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from tests.bench.client import CONNECTIONS, LONGEST_WAIT, Asking, NoAnswer, WrongAnswer
from tests.bench.measuring import Figures, Target, measure
from tests.bench.pages import ONLY
from tests.bench.peers.forums import PAGES, Forum
from tests.bench.peers.table import WHO, Measured, cell

SECONDS = float(os.environ.get("PAGE_SECONDS") or 8)
SLOW, VERY_SLOW = 2.0, 15.0
AT_LEAST = 4  # of a page that takes seconds; of one that takes longer the first is the figure
QUIET_WITHIN = 180.0  # seconds in which a forum is done with what nobody waits for any more

IDLE = 0.2  # seconds of CPU time a second

AGAIN = "asked again"


def compare(forums: list[Forum], told: Callable[[str], None]) -> Measured:
    measured: Measured = {}
    for who in WHO:
        for page in [one for one in PAGES if not ONLY or one in ONLY]:
            row = measured.setdefault(f"{page}, {who}", {})
            for forum in forums:
                row[forum.name] = figures(forum, forum.asked[who][page])
                told(f"{page}, {who}, {forum.name}: {cell(row[forum.name])}")
            if kept := {one.name: one.again[page] for one in forums if page in one.again}:
                add_kept(measured, page, who, forums, kept)
    return measured


def add_kept(
    measured: Measured, page: str, who: str, forums: list[Forum], kept: dict[str, Asking]
) -> None:
    """Only ours keeps whole pages for visitors; the others make each anew."""
    if who == WHO[0]:
        row = measured.setdefault(f"{page}, {who}, {AGAIN}", {})
        for forum in forums:
            again = kept.get(forum.name)
            row[forum.name] = figures(forum, again) if again else "as above"


def figures(forum: Forum, asking: Asking, patience: float = LONGEST_WAIT) -> Figures | str:
    """What the page costs, or in words why that is not known."""
    target = Target(forum.port, forum.pids, forum.database_pid)
    try:
        return _measured(target, asking, forum, patience)
    except NoAnswer:
        wait_until_quiet(target)
        return f"> {patience:g} s"
    except (WrongAnswer, OSError) as error:
        return f"failed: {error}"


def _measured(target: Target, asking: Asking, forum: Forum, patience: float) -> Figures:
    """The slower the first answer, the fewer are asked for: no page holds up the run."""
    first = measure(target, asking, seconds=1, connections=1, most=2, warm_up=0, patience=patience)
    slowest = first.p99 / 1000
    if slowest > VERY_SLOW:
        return first
    at_once = min(CONNECTIONS, forum.at_once)
    if slowest > SLOW:
        return measure(
            target, asking, seconds=SECONDS, connections=min(2, at_once), most=AT_LEAST, warm_up=0,
            patience=patience,
        )  # fmt: skip
    return measure(target, asking, seconds=SECONDS, connections=at_once, most=forum.most)


def wait_until_quiet(target: Target, seconds: float = QUIET_WITHIN) -> bool:
    """Who went away does not end the work for them: the next page would be measured beside it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        before = target.cpu()
        time.sleep(1)
        if target.cpu() - before < IDLE and _answers(target.port):
            return True
    return False


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=SLOW).close()
    except OSError:
        return False
    return True
