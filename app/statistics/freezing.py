"""Keeping the numbers of a webinar before what they are counted from is deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update

from app.core.clock import utcnow
from app.core.db import db
from app.statistics.figures import to_json
from app.statistics.figuring import figures_by_webinar
from app.statistics.models import WebinarFigures
from app.statistics.reaching import keep_row
from app.webinars.counting import over_before

FROZEN_AFTER = timedelta(days=334)  # a month before answers, votes and reports go
AT_ONCE = 100


def freeze_old(at_once: int = AT_ONCE) -> bool:
    """Keep the numbers of some webinars that ended eleven months ago; say if more may wait."""
    now = utcnow()
    old = db.session.scalars(over_before(now - FROZEN_AFTER, _frozen_ids()).limit(at_once)).all()
    for webinar_id, figures in figures_by_webinar(old).items():
        keep_row(webinar_id)
        _freeze(webinar_id, now, figures=to_json(figures))
    return len(old) == at_once


def frozen_at(webinar_id: int) -> datetime | None:
    """Since when its numbers stand still."""
    kept = select(WebinarFigures.frozen_at).where(WebinarFigures.webinar_id == webinar_id)
    return db.session.scalar(kept)


def _freeze(webinar_id: int, now: datetime, **values: object) -> None:
    db.session.execute(
        update(WebinarFigures)
        .where(WebinarFigures.webinar_id == webinar_id, WebinarFigures.frozen_at.is_(None))
        .values(frozen_at=now, **values),
        execution_options={"synchronize_session": False},
    )


def _frozen_ids() -> Select[int]:
    return select(WebinarFigures.webinar_id).where(WebinarFigures.frozen_at.is_not(None))
