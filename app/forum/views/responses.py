"""Helpful, Same in our city, We will try this."""

from __future__ import annotations

import re

from flask import Blueprint, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import may_take_part
from app.core.db import first_or_404
from app.core.permissions import require
from app.core.templating import is_fragment
from app.forum import limits, responding
from app.forum.caring import care_for
from app.forum.enums import ResponseKind
from app.forum.queries import one_post
from app.forum.showing_posts import posts_between
from app.forum.views._acts import attempt
from app.forum.views._page import glance_or_404, shown_or_404, to_post

bp = Blueprint("responses", __name__)


SAID = re.compile(r"([a-z_]{1,20})-([0-9]{1,9})")


@bp.post("/threads/<int:thread_id>/responses")
@login_needed
def say(thread_id: int) -> Response | str:
    """One address for all posts of a page: what is said comes as helpful-12, with its number."""
    said = SAID.fullmatch(request.form.get("say", ""))
    if said is None:
        raise BadRequest
    return _toggled(thread_id, int(said[2]), said[1])


@bp.post("/threads/<int:thread_id>/posts/<int:number>/responses")
@login_needed
def toggle(thread_id: int, number: int) -> Response | str:
    """The same for one post, by `kind`."""
    return _toggled(thread_id, number, request.form.get("kind", ""))


def _toggled(thread_id: int, number: int, wish: str) -> Response | str:
    """Say it, or take it back when it was said before. Taking back costs nothing."""
    if wish not in list(ResponseKind):
        raise BadRequest
    kind = ResponseKind(wish)

    def respond() -> None:
        post = first_or_404(one_post(viewer(), thread_id, number))
        require(may_take_part(viewer()))
        if responding.toggle(post, member(), kind):
            limits.check_response(member(), post.thread)

    attempt(respond)
    return _part(thread_id, number) if is_fragment() else to_post(glance_or_404(thread_id), number)


def _part(thread_id: int, number: int) -> str:
    """The buttons and sentences of this post alone: the page does not jump."""
    shown = shown_or_404(thread_id)
    posts = posts_between(viewer(), thread_id, number, number)
    care = care_for(viewer(), shown.thread, shown.rights, posts)
    return render_template(
        "forum/_post_responses.html", post=posts[0], thread=shown.thread, parts={"care": care}
    )
