"""Date polls: asking, answering, choosing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.clock import utcnow
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.core.zones import to_utc
from app.datepolls import polling
from app.datepolls.forms import MORE_ROWS, SLOT_ROWS, AskForm, vote_form
from app.datepolls.hints import countries_of, hint_for
from app.datepolls.queries import choices_of, one_poll, open_polls, votes_of
from app.datepolls.tallying import tallies
from app.network.queries import member_cities
from app.network.zone_choices import zone_choices
from app.webinars.enums import Status
from app.webinars.hours import place, when
from app.webinars.permissions import can_manage, is_organiser
from app.webinars.queries import one_webinar
from app.webinars.times import Slot, clocks, slot

bp = Blueprint("polls", __name__)

Answer = str | Response | tuple[str, int]


@bp.get("/dates")
@login_needed
def index() -> str:
    polls = list(db.session.scalars(open_polls(viewer())))
    return render_template("datepolls/polls.html", polls=polls)


@bp.route("/webinars/<int:webinar_id>/dates", methods=["GET", "POST"])
@login_needed
def show(webinar_id: int) -> Answer:
    """The poll: answers go in, results are seen once one has answered."""
    poll = first_or_404(one_poll(viewer(), webinar_id))
    tzid = member().timezone
    slots = [(one.id, when(one.starts_at, one.ends_at, tzid)) for one in poll.slots]
    form = vote_form(slots, choices_of(poll, member()))
    if not form.validate_on_submit():
        return _page(poll, form)
    try:
        with write():
            polling.vote(poll, member(), form.answers())
    except DomainError as error:
        form.blame(error)
        return _page(first_or_404(one_poll(viewer(), webinar_id)), form)
    flash(_("Thank you. You can change your answers until the poll closes."))
    return redirect(url_for("polls.show", webinar_id=webinar_id))


@bp.route("/webinars/<int:webinar_id>/dates/ask", methods=["GET", "POST"])
@login_needed
def new(webinar_id: int) -> Answer:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    form = AskForm(data=_suggested(webinar))
    form.tzid.choices = zone_choices(member().timezone)
    form.slots.grow(SLOT_ROWS - len(form.slots) if not form.is_submitted() else 0)
    if "more" in request.form:
        form.slots.grow(MORE_ROWS)
        return _ask_page(form, webinar)
    if not form.validate_on_submit():
        return _ask_page(form, webinar)
    try:
        slots, closes_at = _read(form)
        with write():
            polling.ask(webinar, slots, closes_at, form.remark.data or "", member())
    except DomainError as error:
        form.blame(error)
        return _ask_page(form, first_or_404(one_webinar(viewer(), webinar_id)))
    flash(_("The poll is open. Share its address with the people you would like to have."))
    return redirect(url_for("polls.show", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/dates/<int:slot_id>/choose")
@login_needed
def choose(webinar_id: int, slot_id: int) -> Response:
    poll = first_or_404(one_poll(viewer(), webinar_id))
    require(is_organiser(member(), poll.webinar))
    try:
        with write():
            chosen = polling.choose(poll, slot_id, member())
    except DomainError as error:
        flash(str(error), "error")
        return redirect(url_for("polls.show", webinar_id=webinar_id))
    if chosen is None:
        abort(404)
    flash(_("The draft has this date now. Whoever can come is invited when you publish it."))
    return redirect(url_for("preflights.show", webinar_id=webinar_id))


def _page(poll: Any, form: Any) -> Answer:
    countries = countries_of(db.session.scalars(member_cities(utcnow().date())))
    cities = [(one.code, one.tzid) for one in countries]
    tzid = member().timezone
    manages = is_organiser(member(), poll.webinar)  # nobody else sees the draft itself
    has_answered = any(form.questions) and bool(choices_of(poll, member()))
    page = render_template(
        "datepolls/poll.html",
        poll=poll,
        form=form,
        is_open=polling.is_open(poll) and poll.webinar.status == Status.DRAFT,
        hints={one.id: hint_for(one.starts_at, one.ends_at, countries) for one in poll.slots},
        clocks={one.id: clocks(one.starts_at, tzid, cities) for one in poll.slots},
        tallies=tallies(poll, votes_of(poll)) if manages or has_answered else [],
        can_manage=manages,
        place=place(tzid),
        tzid=tzid,
    )
    return (page, 422) if form.errors else page


def _ask_page(form: AskForm, webinar: Any) -> Answer:
    page = render_template("datepolls/ask.html", form=form, webinar=webinar)
    return (page, 422) if form.errors else page


def _suggested(webinar: Any) -> dict[str, Any]:
    """The draft's own time first."""
    poll = db.session.scalars(one_poll(viewer(), webinar.id)).first()
    rows = list(poll.slots) if poll else [webinar]
    length = rows[0].ends_at - rows[0].starts_at if rows[0].starts_at else timedelta(hours=1)
    return {
        "slots": [
            {"date": row.start_local.date(), "start_local": row.start_local.time()}
            for row in rows
            if row.start_local
        ],
        "minutes": int(length.total_seconds() // 60),
        "tzid": webinar.tzid,
        "closes_on": poll.closes_at.date() if poll else None,
        "remark": poll.remark if poll else "",
    }


def _read(form: AskForm) -> tuple[list[Slot], datetime]:
    tzid = str(form.tzid.data)
    length = timedelta(minutes=form.minutes.data or 0)
    slots = []
    for row in form.filled():
        start = datetime.combine(row.date.data, row.start_local.data or time(10))
        slots.append(slot(start, start + length, tzid))
    last = form.closes_on.data + timedelta(days=1)
    return slots, to_utc(datetime.combine(last, time()), tzid, 0)
