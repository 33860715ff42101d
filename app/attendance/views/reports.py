"""Reports of the room's provider: sent, looked at, saved, taken back, and who was unknown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.attendance import assigning, importing
from app.attendance.correcting import keeps_names, may_change
from app.attendance.enums import MatchedBy
from app.attendance.errors import NoFile, ReportGone
from app.attendance.forms import NAMED, ChoicesForm
from app.attendance.importing import Preview
from app.attendance.listing import everybody
from app.attendance.queries import one_report, one_upload, reports_at
from app.attendance.reading.decoding import MOST_BYTES
from app.attendance.reading.report import Understood
from app.attendance.views._managing import managed
from app.core.bodies import takes_files
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _, ngettext
from app.core.pagination import Page, page_number
from app.core.permissions import require
from app.core.undo import flash_with_undo
from app.core.zones import zone_names
from app.network.zone_choices import zone_choices

bp = Blueprint("attendance_reports", __name__)

Answer = str | Response | tuple[str, int]
PERSON = re.compile(r"person-([0-9]{1,9})")
PER_PAGE = 10  # each with a list of everybody who registered


@bp.route("/webinars/<int:webinar_id>/attendance/reports/new", methods=["GET", "POST"])
@login_needed
@takes_files
def new(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    require(keeps_names(webinar))
    if request.method != "POST":
        return _new_page(webinar)
    try:
        name, text = _sent()
        with write():
            upload = importing.keep_upload(webinar, name, text, member())
    except DomainError as error:
        return _new_page(webinar, error), error.status
    return redirect(
        url_for("attendance_reports.preview", webinar_id=webinar_id, upload_id=upload.id)
    )


@bp.get("/webinars/<int:webinar_id>/attendance/uploads/<int:upload_id>")
@login_needed
def preview(webinar_id: int, upload_id: int) -> Answer:
    webinar = managed(webinar_id)
    upload = first_or_404(one_upload(webinar_id, upload_id, member().id))
    form = _choices_form(webinar, request.args)
    read = _read(webinar, upload, form)
    return _preview_page(webinar, upload, form, importing.preview(webinar, read))


@bp.post("/webinars/<int:webinar_id>/attendance/uploads/<int:upload_id>")
@login_needed
def save(webinar_id: int, upload_id: int) -> Answer:
    webinar = managed(webinar_id)
    upload = first_or_404(one_upload(webinar_id, upload_id, member().id))
    form = _choices_form(webinar, request.form)
    same = {int(one) for one in request.form.getlist("same") if one.isdecimal() and len(one) < 9}
    read = _read(webinar, upload, form)
    try:
        with write():
            report = _save(webinar, upload, read, same, is_sure=form.is_sure.data)
            unknown = assigning.unassigned_count(report)
    except ReportGone as error:
        flash(error.message, "error")
        return redirect(url_for("attendance.index", webinar_id=webinar_id))
    except DomainError as error:
        form.blame(error)
        return _preview_page(webinar, upload, form, importing.preview(webinar, read)), 422
    if unknown:
        flash(_("The report is saved. Say who the people are whom we do not know."))
        return redirect(_address(webinar_id, report))
    flash(_("The report is saved."))
    return redirect(url_for("attendance.index", webinar_id=webinar_id))


@bp.get("/webinars/<int:webinar_id>/attendance/reports/<int:report_id>")
@login_needed
def show(webinar_id: int, report_id: int) -> Answer:
    webinar = managed(webinar_id)
    require(keeps_names(webinar))
    report = first_or_404(one_report(webinar_id, report_id))
    unknown = db.session.execute(assigning.unknown_in(report)).all()
    return render_template(
        "attendance/report.html",
        webinar=webinar,
        report=report,
        page=_page_of(unknown),
        people=everybody(webinar),
        not_ours=assigning.NOT_OURS,
        may_change=may_change(webinar),
    )


@bp.post("/webinars/<int:webinar_id>/attendance/reports/<int:report_id>")
@login_needed
def assign(webinar_id: int, report_id: int) -> Answer:
    webinar = managed(webinar_id)
    report = first_or_404(one_report(webinar_id, report_id))
    try:
        with write():
            count = assigning.assign(webinar, report, _said(), member())
    except DomainError as error:
        flash(error.message, "error")
        return redirect(_address(webinar_id, report))
    flash(
        ngettext("Saved: %(num)s person changed.", "Saved: %(num)s people changed.", count)
        if count
        else _("Nothing was changed.")
    )
    return redirect(_address(webinar_id, report))


@bp.post("/webinars/<int:webinar_id>/attendance/reports/<int:report_id>/undo")
@login_needed
def undo(webinar_id: int, report_id: int) -> Answer:
    done = _turn(webinar_id, report_id, importing.undo)
    if done:
        address = url_for("attendance_reports.redo", webinar_id=webinar_id, report_id=report_id)
        flash_with_undo(_("The report no longer counts."), address)
    return redirect(url_for("attendance.index", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/attendance/reports/<int:report_id>/redo")
@login_needed
def redo(webinar_id: int, report_id: int) -> Answer:
    if _turn(webinar_id, report_id, importing.redo):
        flash(_("The report counts again."))
    return redirect(url_for("attendance.index", webinar_id=webinar_id))


def _turn(webinar_id: int, report_id: int, turn: Any) -> bool:
    webinar = managed(webinar_id)
    report = first_or_404(one_report(webinar_id, report_id))
    try:
        with write():
            turn(webinar, report, member())
    except DomainError as error:
        flash(error.message, "error")
        return False
    return True


def _sent() -> tuple[str, str]:
    sent = request.files.get("report")
    if sent is None or not sent.filename:
        raise NoFile
    return sent.filename, importing.read_file(sent.stream.read(MOST_BYTES + 1))


def _choices_form(webinar: Any, said: Any) -> ChoicesForm:
    form = ChoicesForm(said, data={"tzid": webinar.tzid})
    if form.tzid.data not in zone_names():
        form.tzid.data = webinar.tzid
    form.tzid.choices = zone_choices(webinar.tzid)
    return form


def _read(webinar: Any, upload: Any, form: ChoicesForm) -> Understood:
    """Columns in which nobody is found are as good as none. The file itself was read before."""
    known = importing.choices_for(webinar, str(form.tzid.data))
    choices = form.choices(known)
    try:
        return importing.read_upload(upload, choices)
    except DomainError:
        return importing.read_upload(upload, replace(choices, columns=None))


def _save(webinar: Any, upload: Any, read: Understood, same: set[int], *, is_sure: bool) -> Any:
    """Under the lock, for the list as it is then."""
    held = importing.lock_upload(upload)
    if held is None:
        raise ReportGone
    seen = importing.preview(webinar, read)
    importing.check(seen, columns_are_right=is_sure)
    return importing.save(webinar, held, seen, same, member())


def _new_page(webinar: Any, error: DomainError | None = None) -> str:
    return render_template(
        "attendance/upload.html", webinar=webinar, error=error, may_change=may_change(webinar)
    )


def _preview_page(webinar: Any, upload: Any, form: ChoicesForm, seen: Preview) -> str:
    form.show_columns(seen.read)
    form.order.data = form.order.data or (seen.read.order.value if seen.read.order else None)
    return render_template(
        "attendance/preview.html",
        webinar=webinar,
        upload=upload,
        form=form,
        columns=[form[one.value] for one in NAMED],
        read=seen.read,
        span=seen.span,
        known=seen.matched(MatchedBy.EMAIL),
        named=seen.matched(MatchedBy.NAME),
        unknown=seen.matched(MatchedBy.NOBODY),
        earlier=db.session.scalars(reports_at(webinar.id)).all(),
    )


def _page_of(rows: Any) -> Page:
    number, count = page_number(request.args.get("page")), max(1, -(-len(rows) // PER_PAGE))
    number = min(number, count)
    return Page(rows[(number - 1) * PER_PAGE : number * PER_PAGE], number, count)


def _said() -> dict[int, int | None]:
    """Lines to registrations; empty: not known."""
    found: dict[int, int | None] = {}
    for name, value in request.form.items():
        person = PERSON.fullmatch(name)
        if person and (not value or (value.isascii() and value.isdecimal() and len(value) < 10)):
            found[int(person[1])] = int(value) if value else None
    return found


def _address(webinar_id: int, report: Any) -> str:
    number = page_number(request.args.get("page"))
    page = number if number > 1 else None
    return url_for("attendance_reports.show", webinar_id=webinar_id, report_id=report.id, page=page)
