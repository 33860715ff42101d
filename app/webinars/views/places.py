"""One person's place at a webinar, opened by the personal link: look, confirm, cancel, take back.

Mail scanners follow links, so a GET never changes anything.
"""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from app.core.clock import utcnow
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.tokens import LinkExpired, unsign
from app.webinars import registering
from app.webinars.attending import one_registration, registration_by_id
from app.webinars.emails.places import CONFIRM
from app.webinars.hours import elsewhere, when
from app.webinars.phases import is_coming
from app.webinars.seats import place_in_line
from app.webinars.views._links import private, token_read
from app.webinars.views.registrations import bp

__all__ = ["bp"]

Answer = Response | Redirect
CONFIRM_HOURS = registering.CONFIRM_WITHIN.total_seconds() / 3600


@bp.get("/registrations/<token>")
def show(token: str) -> Answer:
    return _page("webinars/registration.html", _found(token))


@bp.get("/registrations/confirm/<token>")
def confirm(token: str) -> Answer:
    try:
        registration = _signed(token)
    except DomainError as error:
        return _problem(error)
    return _page("webinars/registration_confirm.html", registration, token=token)


@bp.post("/registrations/confirm/<token>")
def confirmed(token: str) -> Answer:
    try:
        registration = _signed(token)
        with write():
            registering.confirm_address(registration)
    except DomainError as error:
        return _problem(error)
    return redirect(url_for("registrations.show", token=registration.token))


@bp.get("/registrations/<token>/cancel")
def withdraw(token: str) -> Answer:
    return _page("webinars/registration_cancel.html", _found(token))


@bp.post("/registrations/<token>/cancel")
def withdrawn(token: str) -> Answer:
    return _act(registering.withdraw, token)


@bp.post("/registrations/<token>/undo")
def restore(token: str) -> Answer:
    return _act(registering.take_back, token)


def _act(act: Any, token: str) -> Answer:
    registration = _found(token)
    try:
        with write():
            act(registration)
    except DomainError as error:
        return _problem(error)
    return redirect(url_for("registrations.show", token=token))


def _found(token: str) -> Any:
    return first_or_404(one_registration(token_read(token)))


def _signed(token: str) -> Any:
    (registration_id,) = unsign(CONFIRM, token, CONFIRM_HOURS)
    return first_or_404(registration_by_id(registration_id))


def _page(template: str, registration: Any, **words: Any) -> Response:
    webinar = registration.webinar
    has_hour = webinar.starts_at and webinar.ends_at
    zone_name = registration.timezone
    return private(
        render_template(
            template,
            registration=registration,
            webinar=webinar,
            when=when(webinar.starts_at, webinar.ends_at, zone_name) if has_hour else "",
            elsewhere=elsewhere(webinar.starts_at, zone_name) if has_hour else "",
            is_coming=is_coming(webinar, utcnow()),
            place=place_in_line(registration),
            **words,
        )
    )


def _problem(error: DomainError) -> Response:
    status = 410 if isinstance(error, LinkExpired) else 422
    return private(render_template("webinars/registration_problem.html", error=error), status)
