"""Webinars that took place before this site knew of them. Nobody is mailed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.core.zones import to_utc
from app.webinars.agenda import replace_agenda
from app.webinars.details import PLAIN_FIELDS, WebinarDetails
from app.webinars.enums import DatePrecision, Status
from app.webinars.models import Webinar, WebinarOrganiser
from app.webinars.speakers import replace_speakers
from app.webinars.times import Slot

DAY_BEGINS, DAY_ENDS = time(0, 0), time(23, 59)


def record_past(
    details: WebinarDetails,
    when: Slot | date | int,
    actor: User,
    *,
    uid: str,
    tzid: str = "Europe/Brussels",
    source_url: str = "",
    remark: str = "",
) -> Webinar:
    """Keep a webinar that took place, as exactly as its date is known: hours, a day, or a year."""
    now = utcnow()
    webinar = Webinar(uid=uid, created_at=now, updated_at=now, published_at=now)
    webinar.status, webinar.tzid = Status.ARCHIVED, tzid
    webinar.source_url, webinar.remark = source_url, remark
    webinar.organisers.append(WebinarOrganiser(user_id=actor.id, is_owner=True))
    for name in PLAIN_FIELDS:
        setattr(webinar, name, getattr(details, name))
    _date(webinar, when)
    replace_agenda(webinar, details.agenda)
    replace_speakers(webinar, details.speakers)
    db.session.add(webinar)
    db.session.flush()
    record(actor.id, "webinars.record_past", f"webinar:{webinar.id}", source=source_url)
    return webinar


def _date(webinar: Webinar, when: Slot | date | int) -> None:
    if isinstance(when, int):
        webinar.date_precision, webinar.year = DatePrecision.YEAR, when
        webinar.sorts_at = datetime(when, 1, 1, tzinfo=UTC)
    elif isinstance(when, date):
        webinar.date_precision = DatePrecision.DAY
        _set(webinar, datetime.combine(when, DAY_BEGINS), datetime.combine(when, DAY_ENDS))
    else:
        webinar.tzid = when.tzid
        _set(webinar, when.start_local, when.end_local)


def _set(webinar: Webinar, start_local: datetime, end_local: datetime) -> None:
    webinar.start_local, webinar.end_local = start_local, end_local
    webinar.starts_at = to_utc(start_local, webinar.tzid)
    webinar.ends_at = to_utc(end_local, webinar.tzid)
    webinar.sorts_at, webinar.year = webinar.starts_at, start_local.year
