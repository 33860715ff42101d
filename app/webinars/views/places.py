"""One person's place at a webinar, opened by the personal link: look, confirm, change, cancel.

Mail scanners follow links, so a GET never changes anything.
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.webinars import participants, registering, session_registering
from app.webinars.emails.places import CONFIRM
from app.webinars.views._answers import answers_changed, own_form
from app.webinars.views._own_page import (
    Answer,
    is_open_for,
    linked,
    own_page,
    plain_page,
    problem,
    signed,
)
from app.webinars.views.series_registrations import bp

__all__ = ["bp"]

CONFIRM_HOURS = registering.CONFIRM_WITHIN.total_seconds() / 3600


@bp.get("/registrations/<token>")
def show(token: str) -> Answer:
    registration = linked(token)
    return own_page(registration)


@bp.get("/registrations/confirm/<token>")
def confirm(token: str) -> Answer:
    try:
        registration = signed(CONFIRM, token, CONFIRM_HOURS)
    except DomainError as error:
        return problem(error)
    return plain_page("webinars/registration_confirm.html", registration, token=token)


@bp.post("/registrations/confirm/<token>")
def confirmed(token: str) -> Answer:
    try:
        registration = signed(CONFIRM, token, CONFIRM_HOURS)
        with write():
            session_registering.confirm_addresses(registration)
    except DomainError as error:
        return problem(error)
    return redirect(url_for("registrations.show", token=registration.token))


@bp.get("/registrations/<token>/cancel")
def withdraw(token: str) -> Answer:
    return plain_page("webinars/registration_cancel.html", linked(token))


@bp.post("/registrations/<token>/cancel")
def withdrawn(token: str) -> Answer:
    return _act(registering.withdraw, token)


@bp.post("/registrations/<token>/undo")
def restore(token: str) -> Answer:
    return _act(registering.take_back, token)


@bp.post("/registrations/<token>/answers")
def answer(token: str) -> Answer:
    """Change what the organisers know, and what one agrees to."""
    registration = linked(token)
    form = own_form(registration, is_coming=is_open_for(registration))
    if not form.validate():
        return own_page(registration, form, 422)
    with write():
        participants.change_answers(registration, answers_changed(form, registration))
    flash(_("Saved."))
    return redirect(url_for("registrations.show", token=token))


@bp.post("/registrations/<token>/series")
def register_for_rest(token: str) -> Answer:
    """A place at each other session to come, for a person whose address is known."""
    registration = linked(token)
    person = participants.person_again(registration)
    answers = participants.answers_again(registration)
    try:
        with write():
            session_registering.register_for_series(
                registration.webinar.series_id or 0, person, answers
            )
    except DomainError as error:
        return problem(error)
    flash(_("You are registered for every coming session. One mail lists them all."))
    return redirect(url_for("registrations.show", token=token))


def _act(act: Any, token: str) -> Answer:
    registration = linked(token)
    try:
        with write():
            act(registration)
    except DomainError as error:
        return problem(error)
    return redirect(url_for("registrations.show", token=token))
