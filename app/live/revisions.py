"""One number a webinar: it grows with each change that people in the live hour are shown."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.core.clock import UTCDateTime, utcnow
from app.core.prepared import Prepared, dialect_insert
from app.live.models import LiveState


def renew(webinar_id: int) -> None:
    """Call it in the transaction of each change of questions, polls, room or people inside.

    Do it last: others who change something at this webinar wait for this row from here on.
    """
    _renewed.change((), webinar_id=webinar_id, now=utcnow())


def revision_of(webinar_id: int) -> int:
    """0 while nothing happened."""
    found = _one.first((), webinar_id=webinar_id)
    return found[0] if found else 0


@Prepared
def _one() -> sa.Select[int]:
    return sa.select(LiveState.revision).where(LiveState.webinar_id == sa.bindparam("webinar_id"))


@Prepared
def _renewed() -> Any:
    now = sa.bindparam("now", type_=UTCDateTime())
    return (
        dialect_insert(LiveState)
        .values(webinar_id=sa.bindparam("webinar_id"), revision=1, changed_at=now)
        .on_conflict_do_update(
            index_elements=[LiveState.webinar_id],
            set_={"revision": LiveState.revision + 1, "changed_at": now},
        )
    )
