"""Page by page, one forum after the other, with the client that measures our own pages."""

from __future__ import annotations

import os
from collections.abc import Callable

from tests.bench import client
from tests.bench.client import CONNECTIONS, Asking, WrongAnswer, ask_for
from tests.bench.measuring import Figures, Target, measure
from tests.bench.pages import ONLY
from tests.bench.peers.forums import PAGES, Forum
from tests.bench.peers.table import WHO, Measured, cell

SECONDS = float(os.environ.get("PAGE_SECONDS") or 8)
SLOW = 2.0
AT_LEAST = 4  # of a page that takes seconds
client.LONGEST_WAIT = 600.0  # some searches take longer than the minute that ours may

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


def figures(forum: Forum, asking: Asking) -> Figures | str:
    """What the page costs, or in words why that is not known."""
    target = Target(forum.port, forum.pids, forum.database_pid)
    try:
        first = ask_for(forum.port, asking, 1, connections=1, most=2)
        if first.wrong:
            return f"answers {', '.join(first.wrong)}"
        at_once = min(CONNECTIONS, forum.at_once)
        if max(first.times) > SLOW:
            at_once = min(2, at_once)
            found = measure(
                target, asking, seconds=SECONDS, connections=at_once, most=AT_LEAST, warm_up=0
            )
        else:
            found = measure(target, asking, seconds=SECONDS, connections=at_once, most=forum.most)
    except (WrongAnswer, OSError) as error:
        return f"failed: {error}"
    return found
