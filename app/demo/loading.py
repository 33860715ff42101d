"""Telling the whole story, through the activities people use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.core.clock import utcnow
from app.core.rate_limit import forgive
from app.demo.cast import Cast
from app.demo.catching_up import catch_up
from app.demo.gathering import gather_network, gather_people, open_topics
from app.demo.hour import go_live
from app.demo.keeping import keep_own_things
from app.demo.meeting import meet
from app.demo.minuting import minute
from app.demo.polling import look_for_dates
from app.demo.talking import talk
from app.demo.week_after import look_back
from app.files.uploading import Prepared

PASSWORD = "interurban"  # noqa: S105 - the contract's demo password, told on the sign-in page


def steps(
    password_hash: str, uid_domain: str, enclosures: dict[str, Prepared]
) -> Iterator[Callable[[], None]]:
    """The story in steps of similar length, to be done one after another in one transaction."""
    cast = Cast(now=utcnow(), enclosures=enclosures)
    yield lambda: gather_network(cast)
    yield lambda: gather_people(cast, password_hash)
    yield lambda: open_topics(cast)
    yield lambda: talk(cast)
    yield lambda: keep_own_things(cast)
    yield lambda: catch_up(cast)
    yield lambda: meet(cast, uid_domain)
    yield lambda: look_for_dates(cast)
    yield lambda: minute(cast)
    yield lambda: go_live(cast)
    yield lambda: look_back(cast)
    yield forgive


STEP_COUNT = 12
