"""What the pages of one person's place share: found by a link, shown to nobody else."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template
from werkzeug.wrappers import Response as Redirect

from app.certificates.issuing import may_have
from app.core.clock import utcnow
from app.core.db import first_or_404
from app.core.errors import DomainError
from app.core.personal_links import private, token_read
from app.core.tokens import LinkExpired, unsign
from app.feedback.telling import lines_after
from app.materials.showing import shelf_for
from app.notes.own_place import notes_open_to
from app.webinars.asking import answer_words
from app.webinars.attending import one_registration, other_sessions, registration_by_id
from app.webinars.enums import RegistrationState, Status
from app.webinars.forms.registration import MemberRegistrationForm
from app.webinars.hours import elsewhere, when
from app.webinars.phases import is_coming
from app.webinars.seats import place_in_line
from app.webinars.speakers import SEATED
from app.webinars.transferring import open_transfer
from app.webinars.views._answers import answers_given, own_form

Answer = Response | Redirect

WITH_ANSWERS = {
    RegistrationState.CONFIRMED,
    RegistrationState.WAITLISTED,
    RegistrationState.OFFERED,
    RegistrationState.PENDING_APPROVAL,
    RegistrationState.ON_HOLD,
}


def linked(token: str) -> Any:
    """The registration that a personal link opens."""
    return first_or_404(one_registration(token_read(token)))


def signed(purpose: str, token: str, hours: float) -> Any:
    """The registration that a dated link names. Raise what `unsign` raises."""
    (registration_id,) = unsign(purpose, token, hours)
    return first_or_404(registration_by_id(registration_id))


def is_open_for(registration: Any) -> bool:
    """Whether the webinar is still to come, if not at its old hour."""
    webinar = registration.webinar
    return webinar.status == Status.POSTPONED or is_coming(webinar, utcnow())


def own_page(
    registration: Any, form: MemberRegistrationForm | None = None, status: int = 200
) -> Response:
    """Everything that a person can see of, and do with, the own registration."""
    is_open = is_open_for(registration)
    if form is None and registration.state in WITH_ANSWERS:
        form = own_form(registration, is_coming=is_open)
    return plain_page(
        "webinars/registration.html",
        registration,
        status,
        form=form,
        given=[] if is_open else answers_given(registration),
        answer_words=answer_words,
        transfer=open_transfer(registration),
        shelf=shelf_for(registration.webinar, is_inside=registration.state in SEATED),
        token=registration.token,
        lines=[] if is_open else list(lines_after(registration)),
        sessions=other_sessions(registration) if is_open else [],
        notes=None if is_open else notes_open_to(registration),
        has_certificate=not is_open and may_have(registration),
    )


def plain_page(template: str, registration: Any, status: int = 200, **words: Any) -> Response:
    """A page about one registration, with the hours in the person's zone."""
    webinar, tzid = registration.webinar, registration.timezone
    has_hour = webinar.starts_at and webinar.ends_at
    page = render_template(
        template,
        registration=registration,
        webinar=webinar,
        tzid=tzid,
        when=when(webinar.starts_at, webinar.ends_at, tzid) if has_hour else "",
        elsewhere=elsewhere(webinar.starts_at, tzid) if has_hour else "",
        is_coming=is_coming(webinar, utcnow()),
        is_open=is_open_for(registration),
        has_begun=webinar.starts_at is not None and webinar.starts_at <= utcnow(),
        place=place_in_line(registration),
        **words,
    )
    return private(page, status)


def problem(error: DomainError) -> Response:
    status = 410 if isinstance(error, LinkExpired) else 422
    return private(render_template("webinars/registration_problem.html", error=error), status)
