"""The office: who waits for approval, who has which role."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import approving, seating
from app.accounts.directory import applicants, everybody, one_applicant
from app.accounts.enums import SeatRole, SiteRole
from app.accounts.errors import UnknownRole
from app.accounts.forms import DecisionForm, DeclineForm
from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import is_admin
from app.accounts.queries import one_user
from app.accounts.views._bodies import body_choices, body_named, suggested_body
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.pagination import page_number, page_of
from app.core.permissions import require

bp = Blueprint("admin", __name__)

Answer = Response | str | tuple[str, int]
PER_PAGE = 50


@bp.get("/admin")
@login_needed
def show() -> str:
    require(is_admin(viewer()))
    waiting = db.session.scalars(applicants()).all()
    page = page_of(everybody(), page_number(request.args.get("page")), PER_PAGE)
    roles = list(SiteRole)
    return render_template("accounts/admin.html", waiting=waiting, page=page, roles=roles)


@bp.get("/admin/applicants/<int:user_id>")
@login_needed
def applicant(user_id: int) -> str:
    require(is_admin(viewer()))
    person = first_or_404(one_applicant(user_id))
    form = DecisionForm(formdata=None, body=suggested_body(person.email))
    form.offer(body_choices(), list(SeatRole))
    return _applicant_page(person, form, DeclineForm(formdata=None))


@bp.post("/admin/applicants/<int:user_id>/approve")
@login_needed
def approve(user_id: int) -> Answer:
    require(is_admin(viewer()))
    form = DecisionForm()
    form.offer(body_choices(), list(SeatRole))
    if not form.validate():
        return _applicant_page(
            first_or_404(one_user(user_id)), form, DeclineForm(formdata=None)
        ), 422
    try:
        with write():
            person = first_or_404(one_user(user_id))
            approving.approve(person, member())
            body = body_named(form.body.data)
            if body is not None:
                role = SeatRole(form.seat_role.data)
                seating.give_seat(person, body, role, title=form.title.data)
    except DomainError as error:
        return _back(error)
    flash(_("Approved. The person gets a mail."), "ok")
    return redirect(url_for("admin.show"))


@bp.post("/admin/applicants/<int:user_id>/decline")
@login_needed
def decline(user_id: int) -> Answer:
    require(is_admin(viewer()))
    form = DeclineForm()
    if not form.validate():
        person = first_or_404(one_user(user_id))
        decision = DecisionForm(formdata=None, body=suggested_body(person.email))
        decision.offer(body_choices(), list(SeatRole))
        return _applicant_page(person, decision, form), 422
    try:
        with write():
            approving.decline(first_or_404(one_user(user_id)), member(), form.reason.data)
    except DomainError as error:
        return _back(error)
    flash(_("Declined. The person gets a mail with your reason."), "ok")
    return redirect(url_for("admin.show"))


@bp.post("/admin/members/<int:user_id>/role")
@login_needed
def role(user_id: int) -> Answer:
    require(is_admin(viewer()))
    try:
        with write():
            person = first_or_404(one_user(user_id))
            approving.change_role(person, _role(request.form.get("role", "")), member())
    except DomainError as error:
        return _back(error)
    flash(_("The role is changed."), "ok")
    return redirect(url_for("admin.show"))


def _role(read: str) -> SiteRole:
    if read not in set(SiteRole):
        raise UnknownRole
    return SiteRole(read)


def _back(error: DomainError) -> Response:
    flash(error.message, "warning")
    return redirect(url_for("admin.show"))


def _applicant_page(person: Any, form: DecisionForm, decline_form: DeclineForm) -> str:
    return render_template(
        "accounts/applicant.html", person=person, form=form, decline_form=decline_form
    )
