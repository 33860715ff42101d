"""Sessions that belong together, each with its own UID and registrations (spec/calendar 2.7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.core.errors import DomainError
from app.webinars import copying, publishing, scheduling
from app.webinars.changing import hold, set_plain, touch
from app.webinars.details import PLAIN_FIELDS, TEXT_FIELDS, WebinarDetails
from app.webinars.enums import Status
from app.webinars.errors import IsTemplate, NoSessions
from app.webinars.models import Series, Webinar
from app.webinars.phases import is_over
from app.webinars.times import Slot

NewUid = Callable[[], str]
OPEN = {Status.DRAFT, Status.PUBLISHED, Status.POSTPONED}


def schedule_series(
    details: WebinarDetails, slots: Sequence[Slot], organiser: User, *, uids: Sequence[str]
) -> list[Webinar]:
    """Drafts of a whole series. A title with {n} gets each session's number."""
    if len(slots) < 2:
        raise NoSessions
    first_details = replace(details, title=copying.numbered(details.title, 1))
    first = scheduling.schedule(first_details, slots[0], organiser, uid=uids[0])
    return [first, *extend(first, slots[1:], organiser, uids=uids[1:], title=details.title)]


def extend(
    first: Webinar,
    slots: Sequence[Slot],
    actor: User,
    *,
    uids: Sequence[str],
    title: str | None = None,
) -> list[Webinar]:
    """Make a webinar the first session of a series and add drafts of the others.

    Slots that the series has already are passed over: twice is once.
    """
    hold(first)
    if first.is_template:
        raise IsTemplate
    series = first.series or _series_of(first, title or first.title, actor)
    taken = {one.starts_at for one in sessions(series.id)}
    made = []
    for uid, slot in zip(uids, slots, strict=False):
        if slot.starts_at not in taken:
            named = copying.numbered(title or first.title, len(taken) + 1)
            session = copying.copy(first, actor, uid=uid, slot=slot, title=named)
            session.series_id = series.id
            taken.add(slot.starts_at)
            made.append(session)
    touch(first)
    db.session.flush()
    record(actor.id, "webinars.extend_series", f"series:{series.id}", sessions=len(made))
    return made


def sessions(series_id: int) -> list[Webinar]:
    """All that were not thrown away, the earliest first."""
    found = select(Webinar).where(Webinar.series_id == series_id, Webinar.deleted_at.is_(None))
    return list(db.session.scalars(found.order_by(Webinar.sorts_at, Webinar.id)))


def publish_all(series_id: int, actor: User, may: Callable[[Webinar], bool]) -> list[str]:
    """Publish each draft that is ready and that the actor may manage.

    Return a sentence for each one that is not.
    """
    refused = []
    for session in sessions_to_change(series_id):
        if session.status == Status.DRAFT and may(session):
            try:
                publishing.publish(session, actor)
            except DomainError as error:
                refused.append(f"{session.title}: {error.message}")
    return refused


def update_following(
    webinar: Webinar,
    details: WebinarDetails,
    actor: User,
    may: Callable[[Webinar], bool],
    *,
    title_was: str,
) -> int:
    """Give the sessions after this one the same words. Return how many changed.

    Times, seats and rooms stay each session's own, and a title that was not this one's.
    """
    count = 0
    for session in _following(webinar):
        hold(session)
        if may(session) and session.status in OPEN and not _has_begun(session):
            title = details.title if session.title == title_was else session.title
            count += _reword(session, replace(details, title=title), actor)
    if webinar.series is not None and count:
        webinar.series.description = details.description
        webinar.series.description_html = details.description_html
        webinar.series.updated_at = utcnow()
    return count


def sessions_to_change(series_id: int) -> list[Webinar]:
    """Locked one after the other in the order of their numbers, as everybody does."""
    found = sorted(sessions(series_id), key=lambda one: one.id)
    for session in found:
        hold(session)
    return sorted(found, key=lambda one: (one.sorts_at, one.id))


def _series_of(first: Webinar, title: str, actor: User) -> Series:
    now = utcnow()
    series = Series(
        title=title.replace(copying.PLACE_OF_NUMBER, "").strip(" ,:-–(/)") or first.title,
        description=first.description,
        description_html=first.description_html,
        created_by_id=actor.id,
        created_at=now,
        updated_at=now,
        is_demo=first.is_demo,
    )
    db.session.add(series)
    db.session.flush()
    first.series = series
    record(actor.id, "webinars.start_series", f"series:{series.id}", first=first.id)
    return series


def _following(webinar: Webinar) -> list[Webinar]:
    if webinar.series_id is None:
        return []
    later = [one for one in sessions(webinar.series_id) if one.sorts_at > webinar.sorts_at]
    return sorted(later, key=lambda one: one.id)


def _has_begun(session: Webinar) -> bool:
    now = utcnow()
    return session.status != Status.POSTPONED and (
        is_over(session, now) or (session.starts_at is not None and session.starts_at <= now)
    )


def _reword(session: Webinar, details: WebinarDetails, actor: User) -> int:
    title = session.title
    own = {name: getattr(session, name) for name in PLAIN_FIELDS}
    words = {name: getattr(details, name) for name in TEXT_FIELDS}
    changed = set_plain(session, WebinarDetails(**{**own, **words}))
    if changed:
        touch(session)
        record(actor.id, "webinars.update", f"webinar:{session.id}", fields=changed)
        scheduling.note_changes(session, changed, title)
    return int(bool(changed))
