"""When the rules of a zone change: wall-clock time stays, the moment moves (spec/calendar 2.6)."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Select, select, update

from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.core.zone_data import zone_data_version
from app.core.zones import zone
from app.webinars import inviting, reminding
from app.webinars.changing import set_slot, touch
from app.webinars.enums import DatePrecision, Status
from app.webinars.models import Webinar
from app.webinars.signals import webinar_changed
from app.webinars.times import Slot

WATCHED = [Status.DRAFT, Status.PUBLISHED, Status.POSTPONED]


def moved() -> list[tuple[int, datetime]]:
    """Future webinars that the present rules put at another moment, with that moment."""
    found = [(webinar, slot_of(webinar)) for webinar in db.session.scalars(_ahead())]
    return [(webinar.id, slot.starts_at) for webinar, slot in found if not _stays(webinar, slot)]


def note_version() -> None:
    """Remember with which data the others were found to be right."""
    version = zone_data_version()
    old = update(Webinar).where(
        Webinar.status.in_(WATCHED), Webinar.ends_at > utcnow(), Webinar.zone_data != version
    )
    db.session.execute(old.values(zone_data=version))


def follow(webinar: Webinar) -> bool:
    """Move one webinar, whose row is held, to where the rules put it; people are told as of any
    other move. False when it is there already, or over.
    """
    if webinar.status not in WATCHED or webinar.ends_at is None or webinar.ends_at <= utcnow():
        return False
    slot = slot_of(webinar)
    if _stays(webinar, slot):
        return False
    before = {"starts_at": webinar.starts_at, "ends_at": webinar.ends_at}
    set_slot(webinar, slot)
    touch(webinar)
    reminding.plan(webinar)
    record(None, "webinars.follow_zone", f"webinar:{webinar.id}", zone_data=webinar.zone_data)
    inviting.tell_change(webinar, {**before, inviting.ZONE_RULES: webinar.tzid})
    webinar_changed.send(webinar, fields=list(before))
    return True


def slot_of(webinar: Webinar) -> Slot:
    """The same wall-clock times under the present rules."""
    start, end = webinar.start_local, webinar.end_local
    if start is None or end is None:
        raise ValueError(f"webinar {webinar.id} has no hour")
    return Slot(
        start_local=start,
        end_local=end,
        tzid=webinar.tzid,
        starts_at=_moment(start, webinar.tzid, webinar.starts_at),
        ends_at=_moment(end, webinar.tzid, webinar.ends_at),
    )


def _moment(local: datetime, tzid: str, known: datetime | None) -> datetime:
    """Of a time that happens twice the one that was meant; one that is skipped now comes later."""
    first, second = (local.replace(tzinfo=zone(tzid), fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if known == second else first


def _stays(webinar: Webinar, slot: Slot) -> bool:
    return (webinar.starts_at, webinar.ends_at) == (slot.starts_at, slot.ends_at)


def _ahead() -> Select[Webinar]:
    return select(Webinar).where(
        Webinar.status.in_(WATCHED),
        Webinar.date_precision == DatePrecision.MINUTE,
        Webinar.start_local.is_not(None),
        Webinar.end_local.is_not(None),
        Webinar.ends_at > utcnow(),
    )
