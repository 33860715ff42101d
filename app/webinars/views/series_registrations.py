"""Registering for all sessions of a series that are still to come."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import member, viewer
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _, language
from app.core.personal_links import source
from app.webinars import registering, session_registering
from app.webinars.asking import once_each
from app.webinars.consenting import is_recording_asked
from app.webinars.errors import TooManyRegistrations
from app.webinars.forms.registration import (
    GuestRegistrationForm,
    MemberRegistrationForm,
    registration_form,
)
from app.webinars.tickets import registers_at_once
from app.webinars.timetable import zone_of
from app.webinars.views._answers import (
    answers_from,
    for_series,
    guest_from,
    questions_of_sessions,
    sessions_of,
)
from app.webinars.views.registrations import bp

__all__ = ["bp"]

Answer = str | Response | tuple[str, int]


@bp.route("/series/<int:series_id>/registrations", methods=["GET", "POST"])
def create_for_series(series_id: int) -> Answer:
    sessions = sessions_of(series_id) or abort(404)
    is_member = registers_at_once(viewer())
    form = registration_form(is_member, once_each(questions_of_sessions(sessions)))
    if request.method != "POST":
        return _page(form, sessions)
    if not form.validate():
        return _page(form, sessions, 422)
    try:
        return _register(form, sessions) if is_member else _ask(form, sessions)
    except DomainError as error:
        form.blame(error)
        status = 429 if isinstance(error, TooManyRegistrations) else 422
        return _page(form, sessions, status)


def _register(form: MemberRegistrationForm, sessions: list[Any]) -> Answer:
    series_id = sessions[0].series_id
    person = registering.person_of(member(), language())
    answers = for_series(answers_from(form, _recorded(sessions)), series_id)
    with write():
        session_registering.register_for_series(series_id, person, answers)
    flash(_("You are registered for every coming session. One mail lists them all."))
    return redirect(url_for("series.show", series_id=series_id))


def _ask(form: MemberRegistrationForm, sessions: list[Any]) -> Answer:
    guests_form, series_id = cast(GuestRegistrationForm, form), sessions[0].series_id
    if not guests_form.website.data:
        guest = guest_from(guests_form, sessions[0].tzid)
        answers = for_series(answers_from(form, _recorded(sessions)), series_id)
        with write():
            session_registering.ask_for_series(series_id, guest, answers, source())
    return redirect(url_for("registrations.asked", webinar_id=sessions[0].id))


def _recorded(sessions: list[Any]) -> Any:
    """A session that asks about the recording, if one does."""
    return next((one for one in sessions if is_recording_asked(one)), sessions[0])


def _page(form: MemberRegistrationForm, sessions: list[Any], status: int = 200) -> Answer:
    page = render_template(
        "webinars/series_registration.html",
        form=form,
        sessions=sessions,
        series=sessions[0].series,
        is_member=registers_at_once(viewer()),
        asks_access_needs=any(one.asks_access_needs for one in sessions),
        asks_recording=is_recording_asked(_recorded(sessions)),
        tzid=zone_of(viewer()),
    )
    return page, status
