"""Registering for a webinar, with an account or by mail."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import member, viewer
from app.core.clock import utcnow
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import language
from app.core.personal_links import source
from app.core.slugs import slugify
from app.webinars import registering, session_registering
from app.webinars.errors import TooManyRegistrations
from app.webinars.forms.registration import (
    GuestRegistrationForm,
    MemberRegistrationForm,
    registration_form,
)
from app.webinars.glancing import glance_at
from app.webinars.queries import one_webinar
from app.webinars.tickets import registers_at_once, ticket_for
from app.webinars.views._answers import answers_from, for_series, guest_from, questions_of

bp = Blueprint("registrations", __name__)

Answer = str | Redirect | tuple[str, int]


@bp.get("/webinars/<int:webinar_id>/registrations/new")
def new(webinar_id: int) -> Answer:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    is_member = registers_at_once(viewer())
    return _form_page(webinar, registration_form(is_member, questions_of(webinar_id)))


@bp.post("/webinars/<int:webinar_id>/registrations")
def create(webinar_id: int) -> Answer:
    if registers_at_once(viewer()):
        return _register_member(webinar_id)
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    form = cast(GuestRegistrationForm, registration_form(False, questions_of(webinar_id)))
    if not form.validate():
        return _form_page(webinar, form, 422)
    try:
        return _ask_guest(webinar, form)
    except DomainError as error:
        form.blame(error)
        return _form_page(webinar, form, 429 if isinstance(error, TooManyRegistrations) else 422)


def _register_member(webinar_id: int) -> Answer:
    """What only the page needs is loaded only when the form comes back."""
    glance = glance_at(viewer(), webinar_id)
    if glance is None:
        raise NotFound
    form = registration_form(True, questions_of(webinar_id) if glance.has_questions else ())
    if not form.validate():
        return _form_page(first_or_404(one_webinar(viewer(), webinar_id)), form, 422)
    person = registering.person_of(member(), language())
    answers = answers_from(form, glance)
    series_id = _whole_series(webinar_id) if form.whole_series.data else None
    try:
        with write():
            if series_id is not None:
                answers = for_series(answers, series_id)
                session_registering.register_for_series(series_id, person, answers)
            else:
                registering.register_at(webinar_id, person, answers)
    except DomainError as error:
        form.blame(error)
        return _form_page(first_or_404(one_webinar(viewer(), webinar_id)), form, 422)
    place = slugify(glance.title)
    return redirect(url_for("webinars.show", webinar_id=webinar_id, slug=place, _anchor="ticket"))


@bp.get("/webinars/<int:webinar_id>/registrations/asked")
def asked(webinar_id: int) -> Answer:
    """The same words for every address, known or not."""
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    return render_template("webinars/registration_asked.html", webinar=webinar)


def _whole_series(webinar_id: int) -> int | None:
    """The series of a session that has not begun; else only the session is registered for."""
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    is_ahead = webinar.starts_at is not None and webinar.starts_at > utcnow()
    return webinar.series_id if is_ahead else None


def _ask_guest(webinar: Any, form: GuestRegistrationForm) -> Answer:
    if not form.website.data:
        guest, answers = guest_from(form, webinar.tzid), answers_from(form, webinar)
        series_id = _whole_series(webinar.id) if form.whole_series.data else None
        with write():
            if series_id is not None:
                answers = for_series(answers, series_id)
                session_registering.ask_for_series(series_id, guest, answers, source())
            else:
                registering.ask_for_place(webinar, guest, answers, source())
    return redirect(url_for("registrations.asked", webinar_id=webinar.id))


def _form_page(webinar: Any, form: MemberRegistrationForm, status: int = 200) -> Answer:
    ticket = ticket_for(viewer(), webinar)
    page = render_template(
        "webinars/registration_form.html", webinar=webinar, form=form, ticket=ticket
    )
    return page, status
