"""From a filled form to a webinar, or to all sessions of a series."""

from __future__ import annotations

import uuid
from typing import Any

from flask import current_app
from sqlalchemy.exc import IntegrityError

from app.accounts.login import member
from app.core.db import write
from app.webinars import copying, publishing, scheduling, series
from app.webinars.details import WebinarDetails
from app.webinars.enums import Repeat, Status
from app.webinars.forms.webinar import WebinarForm
from app.webinars.permissions import can_manage
from app.webinars.queries import own_by_uid
from app.webinars.series_days import days_of, slots_on
from app.webinars.times import Slot
from app.webinars.views._drafting import details_of, slot_of, turn_in

FEWEST_SESSIONS = 2


def schedule_from(form: WebinarForm, like: Any = None) -> Any:
    """Make what the form says; the same form sent twice makes it once.

    All of it or nothing: what cannot be published is not saved either, and stays in the form.
    """
    slots, details = slots_of(form), details_of(form)
    uids = _uids(form.once.data, len(slots))
    known = own_by_uid(member(), uids[0])
    if known is not None and _says(known, details, slots[0]):
        return known
    uids = uids if known is None else new_uids(len(slots))
    try:
        with write():
            return _make(form, details, slots, uids, like)
    except IntegrityError:
        found = own_by_uid(member(), uids[0])
        if found is None:
            raise
        return found


def slots_of(form: WebinarForm) -> list[Slot]:
    first = slot_of(form)
    if not form.repeats.data:
        return [first]
    repeat, count = Repeat(form.repeats.data), form.count.data or FEWEST_SESSIONS
    days = days_of(first.start_local.date(), repeat, count, form.days.dates)
    return slots_on(days, first, turn_in(form.start_turn))


def update_from(form: WebinarForm, webinar: Any) -> None:
    is_draft = webinar.status == Status.DRAFT and not webinar.is_template
    slot = slot_of(form) if is_draft else None
    details, title_was = details_of(form, webinar), webinar.title
    follows = bool(form.following and form.following.data and webinar.series_id)
    with write():
        if follows:
            series.sessions_to_change(webinar.series_id)
        scheduling.update_details(
            webinar, details, member(), version=form.version.data or 0, slot=slot
        )
        if follows:
            series.update_following(webinar, details, member(), may_manage, title_was=title_was)


def may_manage(webinar: Any) -> bool:
    return can_manage(member(), webinar)


def new_uids(count: int) -> list[str]:
    domain = current_app.config["INBOUND_DOMAIN"]
    return [scheduling.new_uid(domain) for _ in range(count)]


def _make(
    form: WebinarForm, details: WebinarDetails, slots: list[Slot], uids: list[str], like: Any
) -> Any:
    if len(slots) == 1:
        made = [scheduling.schedule(details, slots[0], member(), uid=uids[0])]
    else:
        made = series.schedule_series(details, slots, member(), uids=uids)
    for webinar in made if like is not None else []:
        copying.copy_parts(like, webinar, member())
    for webinar in made if form.publish_now.data else []:
        publishing.publish(webinar, member())
    return made[0]


def _uids(once: str | None, count: int) -> list[str]:
    """UIDs that a second submission of the same form has too."""
    try:
        seed = uuid.UUID(once or "")
    except ValueError:
        return new_uids(count)
    domain = current_app.config["INBOUND_DOMAIN"]
    return [f"webinar-{uuid.uuid5(seed, str(number))}@{domain}" for number in range(count)]


def _says(webinar: Any, details: WebinarDetails, slot: Slot) -> bool:
    """Whether a webinar of an earlier submission is what is submitted now."""
    titles = {details.title, copying.numbered(details.title, 1)}
    return webinar.starts_at == slot.starts_at and webinar.title in titles
