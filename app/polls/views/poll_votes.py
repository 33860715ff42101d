"""Voting in a quick poll, by account or by personal link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.permissions import require
from app.core.personal_links import private, token_read
from app.live.attendees import attendee_of
from app.polls import voting
from app.polls.forms import chosen_options
from app.polls.queries import one_shown_poll
from app.polls.showing import card
from app.webinars.attending import webinar_to_join

bp = Blueprint("poll_votes", __name__)


@bp.post("/webinars/<int:webinar_id>/polls/<int:poll_id>/vote")
def create(webinar_id: int, poll_id: int) -> Response:
    token = token_read(request.form.get("t"))
    webinar = first_or_404(webinar_to_join(viewer(), webinar_id, token))
    first_or_404(one_shown_poll(webinar_id, poll_id))
    attendee = attendee_of(webinar, viewer(), token)
    require(voting.may_vote(attendee))
    chosen = chosen_options(request.form.getlist("options"))
    try:
        with write():
            voting.vote(poll_id, chosen, attendee)
    except DomainError as error:
        return _again(webinar, poll_id, token, chosen, error)
    anchor = f"poll-{poll_id}"
    return redirect(url_for("joins.show", webinar_id=webinar_id, t=token or None, _anchor=anchor))


def _again(
    webinar: Any, poll_id: int, token: str, chosen: set[int], error: DomainError
) -> Response:
    """The poll alone with what was ticked, and what is wrong with it."""
    attendee = attendee_of(webinar, viewer(), token)
    poll = first_or_404(one_shown_poll(webinar.id, poll_id))
    page = render_template(
        "polls/vote.html",
        webinar=webinar,
        poll=card(poll, chosen, attendee),
        token=token,
        fault=error.message,
    )
    return private(page, error.status)
