"""Giving feedback: by account or personal link, once, without a name."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import viewer
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.personal_links import private, token_read
from app.feedback import answering
from app.feedback.asking import SurveyPhase, closes_at, may_answer, opens_at, survey_phase
from app.feedback.errors import AnsweredBefore
from app.feedback.forms import FeedbackForm, feedback_form
from app.feedback.queries import own_questions
from app.live.attendees import attendee_of
from app.webinars.attending import webinar_to_join

bp = Blueprint("feedback", __name__)

Answer = Response | Redirect


@bp.route("/webinars/<int:webinar_id>/feedback", methods=["GET", "POST"])
def show(webinar_id: int) -> Answer:
    token = token_read(request.values.get("t"))
    webinar, registration = _arrival(webinar_id, token)
    form = _form(webinar_id)
    if request.method != "POST" or _standing(webinar, registration) != "open":
        return _page(webinar, registration, token, form)
    if not form.validate():
        return _page(webinar, registration, token, form)
    try:
        with write():
            answering.answer(registration, form.said())
    except AnsweredBefore:
        pass  # sent twice: the page says that the answer is in
    except DomainError as error:
        form.blame(error)
        return _page(*_arrival(webinar_id, token), token, form)
    return redirect(url_for("feedback.show", webinar_id=webinar_id, t=token or None))


def _arrival(webinar_id: int, token: str) -> tuple[Any, Any]:
    webinar = first_or_404(webinar_to_join(viewer(), webinar_id, token))
    return webinar, attendee_of(webinar, viewer(), token).registration


def _form(webinar_id: int) -> FeedbackForm:
    asked = db.session.scalars(own_questions(webinar_id))
    return feedback_form([(one.id, one.label, one.kind) for one in asked])


def _standing(webinar: Any, registration: Any) -> str:
    """What the page shows this person: "answered", "stranger", or how the survey stands."""
    if not may_answer(registration):
        return "stranger"
    phase = survey_phase(webinar)
    if registration.gave_feedback and phase is not SurveyPhase.NONE:
        return "answered"
    return phase.value


def _page(webinar: Any, registration: Any, token: str, form: FeedbackForm) -> Response:
    standing = _standing(webinar, registration)
    page = render_template(
        "feedback/feedback.html",
        webinar=webinar,
        standing=standing,
        form=form,
        token=token,
        is_signed_in=viewer() is not None,
        opens_at=opens_at(webinar),
        closes_at=closes_at(webinar),
    )
    status = 403 if standing == "stranger" else 422 if form.errors else 200
    return private(page, status)
