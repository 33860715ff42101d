"""Questions of the audience: reading, asking, voting, taking back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import viewer
from app.core.clock import utcnow
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _, language
from app.core.language_guess import guess_language
from app.core.permissions import require
from app.core.personal_links import private
from app.core.undo import flash_with_undo
from app.forum.languages import CODES
from app.live.own_marks import Known
from app.live.revisions import revision_of
from app.polls.showing import control_of
from app.questions import asking, voting
from app.questions.asking import NewQuestion
from app.questions.enums import QuestionState, Source
from app.questions.errors import AskedByOthers
from app.questions.forms import AskForm, ask_form
from app.questions.permissions import can_answer, can_moderate
from app.questions.queries import own_questions, own_withdrawn, to_moderate
from app.questions.showing import listing_for, own_votes, reader_of, vote_names
from app.questions.views._visit import Visit, back_from, go, say_error, visit_of, way_back
from app.webinars.phases import is_over, phase

bp = Blueprint("questions", __name__)

Answer = Response | Redirect | str


@bp.get("/webinars/<int:webinar_id>/questions")
def show(webinar_id: int) -> Answer:
    visit = visit_of(webinar_id)
    return _page(visit, ask_form(visit.webinar))


@bp.post("/webinars/<int:webinar_id>/questions")
def create(webinar_id: int) -> Answer:
    """Ask. Whatever goes wrong, what was typed comes back."""
    visit = visit_of(webinar_id)
    require(visit.attendee.takes_part)
    form = ask_form(visit.webinar)
    if not form.validate():
        return _page(visit, form, 422)
    new = _new(visit, form)
    try:
        with write():
            question = asking.ask(visit_of(webinar_id).attendee, new)
            question_id, waits = question.id, question.state is QuestionState.WAITING
    except DomainError as error:
        form.blame(error)
        same = error.question_id if isinstance(error, AskedByOthers) else None
        return _page(visit_of(webinar_id), form, error.status, same)
    undo = url_for("questions.withdraw", webinar_id=webinar_id, question_id=question_id)
    flash_with_undo(_said(waits), undo, **_kept(visit))
    return back_from(visit, question_id)


@bp.get("/webinars/<int:webinar_id>/moderate")
def moderate(webinar_id: int) -> Answer:
    """For organisers and speakers: by votes, in big letters."""
    visit = visit_of(webinar_id)
    require(can_answer(visit.attendee))
    tag = _desk_tag(visit)
    control = control_of(visit.webinar, visit.attendee)
    page = render_template(
        "questions/moderate.html", tag=tag, poll_control=control, **_screen(visit)
    )
    return private(page)


@bp.get("/webinars/<int:webinar_id>/moderate/live")
def moderate_live(webinar_id: int) -> Response:
    """The changing part, asked every five seconds: 304 without a look at any question."""
    visit = visit_of(webinar_id)
    require(can_answer(visit.attendee))
    answer = Response(mimetype="text/html")
    answer.set_etag(_desk_tag(visit))
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(_desk_tag(visit)):
        answer.status_code = 304
        return answer
    answer.set_data(render_template("questions/_screen.html", **_screen(visit)))
    return answer


@bp.post("/webinars/<int:webinar_id>/questions/<int:question_id>/vote")
def vote(webinar_id: int, question_id: int) -> Redirect:
    """Press again to take it back. All in one transaction: many press at the same moment."""
    try:
        with write():
            visit = visit_of(webinar_id)
            way = way_back(visit, question_id)
            require(visit.attendee.takes_part)
            voting.turn_vote(visit.attendee, question_id)
    except DomainError as error:
        say_error(error)
    return go(way)


@bp.post("/webinars/<int:webinar_id>/questions/<int:question_id>/withdraw")
def withdraw(webinar_id: int, question_id: int) -> Redirect:
    """By its asker."""
    try:
        with write():
            attendee = visit_of(webinar_id).attendee
            asking.withdraw(first_or_404(own_questions(attendee, question_id)))
    except DomainError as error:
        say_error(error)
        return back_from(visit_of(webinar_id))
    visit = visit_of(webinar_id)
    undo = url_for("questions.bring_back", webinar_id=webinar_id, question_id=question_id)
    flash_with_undo(_("Your question is taken back."), undo, **_kept(visit))
    return back_from(visit)


@bp.post("/webinars/<int:webinar_id>/questions/<int:question_id>/bring-back")
def bring_back(webinar_id: int, question_id: int) -> Redirect:
    try:
        with write():
            attendee = visit_of(webinar_id).attendee
            asking.bring_back(first_or_404(own_withdrawn(attendee, question_id)))
        flash(_("Your question is there again."))
    except DomainError as error:
        say_error(error)
    return back_from(visit_of(webinar_id), question_id)


def _desk_tag(visit: Visit) -> str:
    """Whatever the screen shows is made anew with each revision of the live hour."""
    moment = phase(visit.webinar, utcnow())
    return f"{revision_of(visit.webinar.id)}-{moment}-{language()}-{visit.attendee.manages:d}"


def _screen(visit: Visit) -> dict[str, Any]:
    attendee = visit.attendee
    listing = listing_for(visit.webinar, reader_of(attendee))
    return {
        "webinar": visit.webinar,
        "listing": listing,
        "askers": {row.id: row.asked_by for row in listing.rows},
        "questions": to_moderate(attendee),
        "can_moderate": can_moderate(attendee),
        "token": visit.token,
        "is_over": is_over(visit.webinar, utcnow()),
    }


def _new(visit: Visit, form: AskForm) -> NewQuestion:
    body = form.body.data or ""
    return NewQuestion(
        body=body,
        language=guess_language(body, CODES, visit.webinar.language),
        is_unnamed=bool(form.is_unnamed.data),
        agenda_item_id=form.item_id(),
        source=Source.LIVE if request.form.get("back") == "live" else Source.PAGE,
        asks_anyway="anyway" in request.form,
    )


def _said(waits: bool) -> str:
    if waits:
        return _("Thank you. The moderators read your question first; then everybody sees it.")
    return _("Thank you. Others can vote for your question now.")


def _kept(visit: Visit) -> dict[str, str]:
    """What an undo needs to come back to the same page as the same person."""
    found = {"t": visit.token, "back": request.form.get("back", "")}
    return {name: value for name, value in found.items() if value}


def _page(visit: Visit, form: AskForm, status: int = 200, same: int | None = None) -> Response:
    attendee = visit.attendee
    page = render_template(
        "questions/questions.html",
        webinar=visit.webinar,
        attendee=attendee,
        listing=listing_for(visit.webinar, reader_of(attendee)),
        mine=db.session.scalars(own_questions(attendee)).all() if attendee.takes_part else [],
        form=form,
        own=Known(vote_names(own_votes(attendee)), visit.token),
        same=same,
        is_signed_in=viewer() is not None,
        back="list",
    )
    if visit.token or status != 200 or viewer() is not None:
        return private(page, status)
    return Response(page)
