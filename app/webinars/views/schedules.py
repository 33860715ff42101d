"""Moving a webinar, or giving a postponed one its new date, after seeing what people receive."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.clock import utcnow
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.webinars import postponing, scheduling
from app.webinars.consequences import Consequences, consequences
from app.webinars.enums import Status
from app.webinars.errors import ShortNotice
from app.webinars.forms.acts import MoveForm
from app.webinars.times import Slot
from app.webinars.views._drafting import offer_zones, slot_of, times_from
from app.webinars.views._managing import address, managed

bp = Blueprint("schedules", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/schedule", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    form = MoveForm(data=times_from(webinar))
    offer_zones(form)
    if not form.validate_on_submit():
        return _page(form, webinar)
    try:
        slot = slot_of(form)
        if (told := _unseen(form, webinar, slot)) is not None:
            return _page(form, webinar, told=told)
        said = _move(form, webinar, slot)
    except DomainError as error:
        form.blame(error)
        form.take_version(webinar.lock_version)
        return _page(form, webinar, asks=isinstance(error, ShortNotice))
    flash(said)
    return redirect(address(webinar))


def _unseen(form: MoveForm, webinar: Any, slot: Slot) -> Consequences | None:
    """What people would receive, unless nobody would or the organiser has just looked at it."""
    seen = f"{slot.starts_at.isoformat()}/{slot.ends_at.isoformat()}/{slot.tzid}"
    told = consequences(webinar, slot)
    if form.seen.data == seen or not told.people or not _can_move(webinar, slot):
        return None
    form.seen.data, form.seen.raw_data = seen, None
    return told


def _can_move(webinar: Any, slot: Slot) -> bool:
    """Whether there is a move to look at; if not, the act itself says why."""
    return (
        webinar.status in {Status.PUBLISHED, Status.POSTPONED}
        and slot.starts_at > utcnow()
        and (slot.starts_at, slot.ends_at) != (webinar.starts_at, webinar.ends_at)
    )


def _move(form: MoveForm, webinar: Any, slot: Slot) -> str:
    version = form.version.data or 0
    with write():
        if webinar.status == Status.POSTPONED:
            postponing.give_new_date(webinar, slot, member(), version=version)
            return _("It has a new date. Everybody who has a seat is invited to it.")
        is_sure = bool(form.is_sure.data)
        has_moved = scheduling.reschedule(webinar, slot, member(), version=version, is_sure=is_sure)
    return _("Moved. People are told in about ten minutes.") if has_moved else _("Same time.")


def _page(
    form: MoveForm, webinar: Any, *, asks: bool = False, told: Consequences | None = None
) -> Answer:
    page = render_template(
        "webinars/move.html",
        form=form,
        webinar=webinar,
        told=told or consequences(webinar),
        is_preview=told is not None,
        asks=asks or form.is_sure.data or (told is not None and _is_soon(webinar)),
    )
    return (page, 422) if form.errors else page


def _is_soon(webinar: Any) -> bool:
    is_near: bool = webinar.starts_at - utcnow() < scheduling.SHORT_NOTICE
    return is_near and webinar.status == Status.PUBLISHED
