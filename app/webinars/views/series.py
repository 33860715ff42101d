"""A series: its page, its making, and what is done to all of its sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.core.slugs import slugify
from app.core.zones import TimeHappensTwice
from app.webinars import copying, series
from app.webinars.enums import Repeat, Status
from app.webinars.errors import SessionTimeWrong
from app.webinars.forms.acts import SeriesForm
from app.webinars.forms.webinar import PublishForm
from app.webinars.hours import place, when
from app.webinars.own import own_of
from app.webinars.permissions import can_manage, can_schedule
from app.webinars.phases import is_coming
from app.webinars.queries import sessions_visible_to
from app.webinars.series_days import days_of, slots_on
from app.webinars.times import Slot, slot, turn
from app.webinars.timetable import Row, rows, zone_of
from app.webinars.views._drafting import turn_in
from app.webinars.views._managing import address, managed
from app.webinars.views._saving import FEWEST_SESSIONS, may_manage, new_uids

bp = Blueprint("series", __name__)

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Preview:
    """A session that would be made, in the zone of the webinar and in the reader's."""

    day: date
    here: str
    there: str


@bp.get("/series/<int:series_id>")
@bp.get("/series/<int:series_id>-<slug>")
def show(series_id: int, slug: str = "") -> Answer:
    sessions = _sessions(series_id)
    title = sessions[0].series.title
    if slug != slugify(title):
        return redirect(_address(sessions[0]), 301)
    person, now = viewer(), utcnow()
    listed = rows(sessions, zone_of(person), now, own_of(person).states)
    return render_template(
        "webinars/series.html",
        series=sessions[0].series,
        rows=listed,
        place=place(zone_of(person)),
        left_count=sum(row.state is None and _begins_later(row, now) for row in listed),
        has_drafts=any(one.status == Status.DRAFT for one in sessions),
        manages={one.id for one in sessions if can_manage(person, one)},
    )


def _begins_later(row: Row, now: datetime) -> bool:
    starts_at = row.webinar.starts_at
    return is_coming(cast(Any, row.webinar), now) and starts_at is not None and starts_at > now


@bp.route("/webinars/<int:webinar_id>/series", methods=["GET", "POST"])
@login_needed
def new(webinar_id: int) -> Answer:
    """Make a webinar the first session of a series, after seeing the days."""
    webinar = managed(webinar_id)
    require(can_schedule(member()))
    if webinar.start_local is None:
        abort(404)
    form = SeriesForm(data={"repeats": Repeat.WEEKLY.value, "count": 3})
    form.repeats.choices = form.repeats.choices[1:]
    if not form.validate_on_submit():
        return _form_page(form, webinar)
    try:
        slots = _slots(form, webinar)
        seen = ",".join(one.starts_at.isoformat() for one in slots)
        if form.seen.data != seen:
            form.seen.data, form.seen.raw_data = seen, None
            return _form_page(form, webinar, slots)
        with write():
            series.extend(webinar, slots[1:], member(), uids=new_uids(len(slots)))
    except DomainError as error:
        form.blame(error)
        return _form_page(form, webinar, asks=_is_twice(error))
    flash(_("The sessions are saved as drafts."))
    return redirect(_address(webinar))


@bp.post("/series/<int:series_id>/publish")
@login_needed
def publish(series_id: int) -> Answer:
    sessions = _sessions(series_id)
    require(any(can_manage(member(), one) for one in sessions))
    PublishForm().validate_on_submit()
    with write():
        refused = series.publish_all(series_id, member(), may_manage)
    for sentence in refused:
        flash(sentence)
    if not refused:
        flash(_("All sessions are published."))
    return redirect(_address(sessions[0]))


def _sessions(series_id: int) -> list[Any]:
    found = list(db.session.scalars(sessions_visible_to(viewer(), series_id)))
    return found or abort(404)


def _slots(form: SeriesForm, webinar: Any) -> list[Slot]:
    first = slot(
        webinar.start_local,
        webinar.end_local,
        webinar.tzid,
        start_turn=turn(webinar.starts_at, webinar.tzid),
        end_turn=turn(webinar.ends_at, webinar.tzid),
    )
    repeat, count = Repeat(form.repeats.data), form.count.data or FEWEST_SESSIONS
    days = days_of(first.start_local.date(), repeat, count, form.days.dates)
    return slots_on(days, first, turn_in(form.turn))


def _is_twice(error: DomainError) -> bool:
    cause = error.__cause__ if isinstance(error, SessionTimeWrong) else error
    return isinstance(cause, TimeHappensTwice)


def _form_page(
    form: SeriesForm, webinar: Any, slots: list[Slot] | None = None, *, asks: bool = False
) -> Answer:
    page = render_template(
        "webinars/series_form.html",
        form=form,
        webinar=webinar,
        asks=asks or bool(form.turn.data),
        previews=[_preview(one) for one in slots or []],
        place_of_number=copying.PLACE_OF_NUMBER,
    )
    return (page, 422) if form.errors else page


def _preview(one: Slot) -> Preview:
    here = zone_of(member())
    return Preview(
        one.start_local.date(),
        when(one.starts_at, one.ends_at, one.tzid),
        when(one.starts_at, one.ends_at, here) if here != one.tzid else "",
    )


def _address(webinar: Any) -> str:
    if webinar.series is None:
        return address(webinar)
    slug = slugify(webinar.series.title)
    return url_for("series.show", series_id=webinar.series_id, slug=slug)
