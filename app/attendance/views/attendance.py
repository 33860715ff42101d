"""The tick list: who was there, by city, as click, report and organisers say it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import login_needed, member
from app.attendance import ticking
from app.attendance.correcting import has_begun, keeps_names, may_change
from app.attendance.exporting import write_attendance
from app.attendance.listing import by_city, everybody, page_of_people, present_by_city
from app.attendance.queries import reports_at
from app.attendance.views._managing import managed
from app.core.csv_answers import csv_answer
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.i18n import _, ngettext
from app.core.pagination import page_number
from app.core.slugs import slugify
from app.core.undo import flash_with_undo

bp = Blueprint("attendance", __name__)

Answer = str | Redirect
PERSON = re.compile(r"person-([0-9]{1,9})")
SAID: dict[str, bool | None] = {
    "there": True, "excused": False, "absent": False, "nothing": None,
}  # fmt: skip


@bp.get("/webinars/<int:webinar_id>/attendance")
@login_needed
def index(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    if not keeps_names(webinar):
        return _cities_page(webinar)
    people = everybody(webinar)
    page = page_of_people(people, page_number(request.args.get("page")))
    return render_template(
        "attendance/attendance.html",
        webinar=webinar,
        page=page,
        cities=by_city(page.rows),
        people_count=len(people),
        there_count=sum(1 for one in people if one.is_known and one.was_there),
        absent_count=sum(1 for one in people if one.is_known and not one.was_there),
        clicked_count=sum(1 for one in people if not one.is_known and one.was_there),
        reports=db.session.scalars(reports_at(webinar_id)).all(),
        has_begun=has_begun(webinar),
        may_change=may_change(webinar),
    )


@bp.post("/webinars/<int:webinar_id>/attendance")
@login_needed
def update(webinar_id: int) -> Answer:
    """The whole page at once, or the one person whose button was pressed."""
    webinar = managed(webinar_id)
    values = _values(request.form.get("only", ""))
    said = {person: SAID[value] for person, value in values.items()}
    excused = {person for person, value in values.items() if value == "excused"}
    try:
        with write():
            changed = ticking.tick(webinar, said, member(), excused)
    except DomainError as error:
        flash(error.message, "error")
        return _back(webinar_id)
    flash(
        ngettext("Saved: %(num)s person changed.", "Saved: %(num)s people changed.", changed)
        if changed
        else _("Nothing was changed.")
    )
    return _back(webinar_id)


@bp.post("/webinars/<int:webinar_id>/attendance/clicked")
@login_needed
def tick_clicked(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    try:
        with write():
            count, moment = ticking.tick_who_clicked(webinar, member())
    except DomainError as error:
        flash(error.message, "error")
        return _back(webinar_id)
    if not count:
        flash(_("Nobody clicked of whom nothing is said yet."))
        return _back(webinar_id)
    flash_with_undo(
        ngettext("%(num)s person was there.", "%(num)s people were there.", count),
        url_for("attendance.untick", webinar_id=webinar_id),
        moment=moment.isoformat(),
    )
    return _back(webinar_id)


@bp.post("/webinars/<int:webinar_id>/attendance/untick")
@login_needed
def untick(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    moment = _moment(request.form.get("moment", ""))
    try:
        with write():
            count = ticking.untick(webinar, moment, member()) if moment else 0
    except DomainError as error:
        flash(error.message, "error")
        return _back(webinar_id)
    flash(_("Taken back.") if count else _("There was nothing to take back."))
    return _back(webinar_id)


@bp.get("/webinars/<int:webinar_id>/attendance.csv")
@login_needed
def export(webinar_id: int) -> Response:
    webinar = managed(webinar_id)
    name = f"{slugify(webinar.title)}-attendance.csv"
    return csv_answer(name, lambda lines: write_attendance(lines, webinar))


def _cities_page(webinar: Any) -> str:
    return render_template(
        "attendance/cities.html", webinar=webinar, cities=present_by_city(webinar)
    )


def _values(only: str) -> dict[int, str]:
    """What the form says of each person; anything odd is nothing."""
    found = {}
    for name, value in request.form.items():
        person = PERSON.fullmatch(name)
        if person and value in SAID and only in {"", person[1]}:
            found[int(person[1])] = value
    return found


def _moment(read: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(read)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo and 2000 < moment.year < 3000 else None


def _back(webinar_id: int) -> Redirect:
    number = page_number(request.args.get("page"))
    page = number if number > 1 else None
    return redirect(url_for("attendance.index", webinar_id=webinar_id, page=page))
