"""From a webinar to the forum and back: before it, after it, and from a post."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _, language, ngettext
from app.core.permissions import require
from app.core.slugs import slugify
from app.core.undo import flash_with_undo
from app.forum.posting import text_of
from app.forum.queries import one_post
from app.live.attendees import attendee_of
from app.questions.following_up import follow_up, texts_for
from app.questions.permissions import can_moderate
from app.questions.preparing import flag_post, opening_words, start_preparation, text_of_post
from app.questions.queries import desk_of_thread
from app.questions.views._visit import SEE_OTHER, Visit, say_error, visit_of
from app.topics.permissions import can_start_thread
from app.webinars.queries import one_webinar

bp = Blueprint("question_threads", __name__)
PLACE = "/threads/<int:thread_id>/<int:number>/ask"


@bp.post("/webinars/<int:webinar_id>/preparation")
@login_needed
def prepare(webinar_id: int) -> Response:
    """One press opens the conversation before the webinar."""
    visit = _managed(webinar_id)
    text = text_of(opening_words(visit.webinar), language())
    try:
        with write():
            visit = _managed(webinar_id)
            thread = start_preparation(visit.webinar, member(), text)
            address = _address(thread)
    except DomainError as error:
        say_error(error)
        return redirect(url_for("questions.moderate", webinar_id=webinar_id), SEE_OTHER)
    flash(_("The conversation is open. Tell in it what the webinar is to answer."))
    return redirect(address, SEE_OTHER)


@bp.post("/webinars/<int:webinar_id>/follow-up")
@login_needed
def after(webinar_id: int) -> Response:
    """What was not answered becomes questions of the forum, asked to the speakers."""
    visit = _managed(webinar_id)
    texts = texts_for(visit.webinar, language())
    try:
        with write():
            visit = _managed(webinar_id)
            thread, count = follow_up(visit.webinar, member(), texts)
            address = _address(thread)
    except DomainError as error:
        say_error(error)
        return redirect(url_for("questions.moderate", webinar_id=webinar_id), SEE_OTHER)
    flash(
        ngettext(
            "The conversation is open. One question went to the forum.",
            "The conversation is open. %(num)s questions went to the forum.",
            count,
        )
    )
    return redirect(address, SEE_OTHER)


@bp.get(PLACE)
@login_needed
def ask(thread_id: int, number: int) -> str:
    """What would be asked, to be confirmed."""
    post, webinar = _asked(thread_id, number)
    return render_template(
        "questions/from_post.html", post=post, webinar=webinar, words=text_of_post(post)
    )


@bp.post(PLACE)
@login_needed
def flag(thread_id: int, number: int) -> Response:
    _asked(thread_id, number)
    try:
        with write():
            post, webinar = _asked(thread_id, number)
            question = flag_post(webinar, post, attendee_of(webinar, viewer(), ""))
            webinar_id, question_id = webinar.id, question.id
            is_own = post.author_id == member().id
    except DomainError as error:
        say_error(error)
        return redirect(url_for("permalinks.show", thread_id=thread_id, number=number), SEE_OTHER)
    words = _("It is among the questions now. Others can vote for it.")
    if is_own:
        undo = url_for("questions.withdraw", webinar_id=webinar_id, question_id=question_id)
        flash_with_undo(words, undo)
    else:
        flash(words)
    address = url_for("questions.show", webinar_id=webinar_id, _anchor=f"question-{question_id}")
    return redirect(address, SEE_OTHER)


def _managed(webinar_id: int) -> Visit:
    """404 hidden, 403 for whoever does not organise it or may not start threads in its topic."""
    visit = visit_of(webinar_id)
    require(can_moderate(visit.attendee))
    topic = visit.webinar.topic
    require(topic is None or can_start_thread(viewer(), topic))
    return visit


def _asked(thread_id: int, number: int) -> tuple[Any, Any]:
    """The post of a preparation thread, and its webinar; both are the reader's to see."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    desk = db.session.scalars(desk_of_thread(thread_id)).first()
    if desk is None:
        raise NotFound
    webinar = first_or_404(one_webinar(viewer(), desk.webinar_id))
    require(attendee_of(webinar, viewer(), "").takes_part)
    return post, webinar


def _address(thread: Any) -> str:
    return url_for("threads.show", thread_id=thread.id, slug=slugify(thread.title))
