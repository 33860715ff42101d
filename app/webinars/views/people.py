"""The organisers' list of registrations, and what they do for one person on it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, render_template, request

from app.accounts.login import login_needed, member
from app.core.csv_answers import csv_answer
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.pagination import page_number, page_of
from app.core.slugs import slugify
from app.webinars import keeping, managing
from app.webinars.coverage import coverage
from app.webinars.enums import RegistrationState
from app.webinars.exporting import write_table
from app.webinars.forms.deciding import ReasonForm
from app.webinars.listing import listed, people_at, proposals_at
from app.webinars.views._managing import managed
from app.webinars.views._people import (
    Answer,
    back,
    chosen_state,
    person_at,
    place_in_list,
    reason_page,
)
from app.webinars.views.places import bp
from app.webinars.words import answer_in_words, state_words

__all__ = ["bp"]

PER_PAGE = 30
FILTERS = [
    RegistrationState.CONFIRMED,
    RegistrationState.WAITLISTED,
    RegistrationState.OFFERED,
    RegistrationState.PENDING_APPROVAL,
    RegistrationState.ON_HOLD,
    RegistrationState.REJECTED,
    RegistrationState.CANCELLED,
]


@bp.get("/webinars/<int:webinar_id>/registrations")
@login_needed
def index(webinar_id: int) -> Answer:
    webinar, state = managed(webinar_id), chosen_state()
    page = page_of(people_at(webinar, state), page_number(request.args.get("page")), PER_PAGE)
    counted = coverage(webinar)
    return render_template(
        "webinars/registrations.html",
        webinar=webinar,
        state=state,
        filters=[one for one in FILTERS if one == state or counted.states.get(one)],
        page=page,
        people=listed(webinar, page.rows),
        counted=counted,
        proposals=proposals_at(webinar),
        kept_count=keeping.kept_count(webinar),
        kept_until=keeping.ends_at(webinar) if keeping.is_on(webinar) else None,
        here_in=place_in_list(),
        state_words=state_words,
        answer_in_words=answer_in_words,
    )


@bp.get("/webinars/<int:webinar_id>/registrations.csv")
@login_needed
def export(webinar_id: int) -> Response:
    webinar = managed(webinar_id)
    name = f"{slugify(webinar.title)}-participants.csv"
    return csv_answer(name, lambda lines: write_table(lines, webinar, people_at(webinar, None)))


@bp.post("/webinars/<int:webinar_id>/registrations/<int:registration_id>/first")
@login_needed
def put_first(webinar_id: int, registration_id: int) -> Answer:
    _webinar, registration = person_at(webinar_id, registration_id)
    done = _("%(name)s is first in line.", name=registration.name)
    return _act(webinar_id, managing.put_first, registration, member(), done=done)


@bp.post("/webinars/<int:webinar_id>/registrations/<int:registration_id>/invitation")
@login_needed
def invite_again(webinar_id: int, registration_id: int) -> Answer:
    _webinar, registration = person_at(webinar_id, registration_id)
    done = _("%(name)s gets the invitation again.", name=registration.name)
    return _act(webinar_id, managing.invite_again, registration, done=done)


@bp.post("/webinars/<int:webinar_id>/registrations/<int:registration_id>/again")
@login_needed
def let_in_again(webinar_id: int, registration_id: int) -> Answer:
    _webinar, registration = person_at(webinar_id, registration_id)
    done = _("%(name)s is registered again and is told by mail.", name=registration.name)
    return _act(webinar_id, managing.let_in_again, registration, member(), done=done)


@bp.route(
    "/webinars/<int:webinar_id>/registrations/<int:registration_id>/end", methods=["GET", "POST"]
)
@login_needed
def take_out(webinar_id: int, registration_id: int) -> Answer:
    webinar, registration = person_at(webinar_id, registration_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return reason_page("webinars/registration_take_out.html", webinar, registration, form)
    try:
        with write():
            managing.take_out(registration, member(), form.reason.data)
    except DomainError as error:
        form.blame(error)
        return reason_page("webinars/registration_take_out.html", webinar, registration, form)
    flash(_("%(name)s is told by mail.", name=registration.name))
    return back(webinar_id)


def _act(webinar_id: int, act: Any, *about: Any, done: str) -> Answer:
    """Do it and come back to the same page of the list."""
    try:
        with write():
            act(*about)
    except DomainError as error:
        flash(error.message, "error")
        return back(webinar_id)
    flash(done)
    return back(webinar_id)
