"""Marking as read and unread by hand."""

from __future__ import annotations

import re

from flask import Blueprint, flash, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.i18n import _
from app.core.permissions import require
from app.core.undo import flash_with_undo
from app.forum.permissions import can_follow
from app.forum.queries import one_post
from app.forum.reading import mark_all_read, mark_unread_from, undo_marking
from app.topics.queries import one_readable_topic

bp = Blueprint("marks", __name__)
SLUG = re.compile(r"[a-z0-9-]{1,60}")


LISTS = {"home": "home.show", "all": "lists.show"}
"""Where somebody marks everything: what the form names, and where it leads back to."""


@bp.post("/topics/<slug>/read")
@login_needed
def read_topic(slug: str) -> Response:
    """Everything in this topic is read."""
    topic = first_or_404(one_readable_topic(viewer(), slug))
    require(can_follow(viewer()))
    with write():
        mark_all_read(member(), topic)
    return _marked(_("Everything in this topic is marked as read."), topic=slug)


@bp.post("/threads/read")
@login_needed
def read_all() -> Response:
    """Everything is read, in all topics."""
    require(can_follow(viewer()))
    with write():
        mark_all_read(member())
    return _marked(_("Everything is marked as read."), list=_list_named())


@bp.post("/threads/read/undo")
@login_needed
def undo() -> Response:
    """What was unread before the last marking is unread again, for ten minutes."""
    require(can_follow(viewer()))
    with write():
        in_time = undo_marking(member())
    if in_time:
        flash(_("What was unread is unread again."))
    else:
        flash(_("It is too late to undo this. Nothing has changed."), "warn")
    return redirect(_way_back())


def _marked(words: str, **back: str) -> Response:
    flash_with_undo(words, url_for("marks.undo"), **back)
    return redirect(_way_back(**back))


def _way_back(**back: str) -> str:
    slug = back.get("topic") or request.form.get("topic")
    if slug and SLUG.fullmatch(slug):
        return url_for("topics.show", slug=slug)
    return url_for(LISTS[_list_named()])


def _list_named() -> str:
    named = request.form.get("list", "all")
    return named if named in LISTS else "all"


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
