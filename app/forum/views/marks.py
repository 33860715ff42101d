"""Marking as read and unread by hand."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.permissions import require
from app.forum.permissions import can_follow
from app.forum.queries import one_post
from app.forum.reading import mark_all_read, mark_unread_from
from app.topics.queries import one_readable_topic

bp = Blueprint("marks", __name__)


@bp.post("/topics/<slug>/read")
@login_needed
def read_topic(slug: str) -> Response:
    """Everything in this topic is read."""
    topic = first_or_404(one_readable_topic(viewer(), slug))
    require(can_follow(viewer()))
    with write():
        mark_all_read(member(), topic)
    return redirect(url_for("topics.show", slug=slug))


@bp.post("/threads/<int:thread_id>/posts/<int:number>/unread")
@login_needed
def unread_from(thread_id: int, number: int) -> Response:
    """Unread from this post on; back to the list, because looking again would mark it read."""
    first_or_404(one_post(viewer(), thread_id, number))
    require(can_follow(viewer()))
    with write():
        post = first_or_404(one_post(viewer(), thread_id, number))
        mark_unread_from(member(), post)
        slug = post.thread.topic.slug
    return redirect(url_for("topics.show", slug=slug))
