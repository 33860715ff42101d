"""What the links in mails about answers by calendar open. A GET never changes anything."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from app.core.clock import utcnow
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.personal_links import private, token_read
from app.webinars import answering, confirming
from app.webinars.attending import one_registration
from app.webinars.hours import elsewhere, when
from app.webinars.phases import is_coming
from app.webinars.words import answer_in_words

bp = Blueprint("calendar_answers", __name__)

Answer = Response | Redirect


@bp.get("/calendar-answers/<token>")
def show(token: str) -> Answer:
    """An answer whose sender nobody could prove."""
    reply = first_or_404(confirming.one_unverified(token_read(token)))
    said = answer_in_words(reply.partstat)
    registration = confirming.registration_of(reply)
    return _page("webinars/answer_confirm.html", registration, reply=reply, said=said)


@bp.post("/calendar-answers/<token>")
def confirm(token: str) -> Answer:
    reply = first_or_404(confirming.one_unverified(token_read(token)))
    try:
        with write():
            confirming.confirm(reply)
    except DomainError as error:
        return _problem(error)
    return _to(confirming.registration_of(reply))


@bp.get("/registrations/<token>/moved")
def moved(token: str) -> Answer:
    """Somebody declined an earlier time: keep the seat, or release it."""
    return _page("webinars/answer_moved.html", first_or_404(one_registration(token_read(token))))


@bp.post("/registrations/<token>/keep")
def keep(token: str) -> Answer:
    registration = first_or_404(one_registration(token_read(token)))
    with write():
        answering.keep_seat(registration)
    return _to(registration)


def _to(registration: Any) -> Redirect:
    return redirect(url_for("registrations.show", token=registration.token))


def _page(template: str, registration: Any, **words: Any) -> Response:
    webinar = registration.webinar
    has_hour = webinar.starts_at and webinar.ends_at
    zone_name = registration.timezone
    page = render_template(
        template,
        registration=registration,
        webinar=webinar,
        when=when(webinar.starts_at, webinar.ends_at, zone_name) if has_hour else "",
        elsewhere=elsewhere(webinar.starts_at, zone_name) if has_hour else "",
        is_coming=is_coming(webinar, utcnow()),
        **words,
    )
    return private(page)


def _problem(error: DomainError) -> Response:
    return private(render_template("webinars/registration_problem.html", error=error), 422)
