"""Who is reached without having been there: links to the summary and the recording, counted.

Followed links are counted, nobody is watched: there is no picture in a mail that tells on people.
"""

from __future__ import annotations

from sqlalchemy import update

from app.core.db import db
from app.core.jobs import insert_once
from app.statistics.models import WebinarFigures
from app.webinars.models import Registration


def summary_opened(webinar_id: int, registration: Registration | None = None) -> None:
    """Count the link; the city of whoever followed it counts as reached."""
    if registration is not None and registration.webinar_id == webinar_id:
        registration.opened_summary = True
    _count(webinar_id, "summary_opened")


def recording_opened(webinar_id: int) -> None:
    _count(webinar_id, "recording_opened")


def _count(webinar_id: int, name: str) -> None:
    """Counted in the row itself: two at the same moment are two."""
    keep_row(webinar_id)
    column = getattr(WebinarFigures, name)
    db.session.execute(
        update(WebinarFigures)
        .where(WebinarFigures.webinar_id == webinar_id)
        .values({name: column + 1}),
        execution_options={"synchronize_session": False},
    )


def keep_row(webinar_id: int) -> None:
    """A row to count in, unless there is one."""
    nothing = {"summary_opened": 0, "recording_opened": 0, "figures": {}}
    insert_once(WebinarFigures, {"webinar_id": webinar_id, **nothing})
