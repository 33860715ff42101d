"""How much a person hears of a thread or a topic."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.i18n import lazy_
from app.core.permissions import require
from app.forum.enums import FollowLevel
from app.forum.following import follow, follow_topic
from app.forum.permissions import can_follow
from app.forum.queries import one_thread
from app.forum.views._page import shown_or_404, thread_address
from app.topics.queries import one_readable_topic

bp = Blueprint("follows", __name__)

OF_THREADS = {
    FollowLevel.MUTED: lazy_("You hear nothing more of this conversation."),
    FollowLevel.NORMAL: lazy_("You hear when somebody answers or names you."),
    FollowLevel.FOLLOWING: lazy_("You follow this conversation."),
    FollowLevel.LOUD: lazy_("You get an e-mail for each new post."),
}
OF_TOPICS = {
    FollowLevel.MUTED: lazy_("This topic is muted. Its threads stay out of your lists."),
    FollowLevel.NORMAL: lazy_("You hear when somebody answers or names you."),
    FollowLevel.NEW: lazy_("You hear of each new thread in this topic."),
    FollowLevel.FOLLOWING: lazy_("You follow each new thread of this topic from now on."),
    FollowLevel.LOUD: lazy_("You get an e-mail for each post in this topic."),
}


@bp.post("/threads/<int:thread_id>/follow")
@login_needed
def update(thread_id: int) -> Response:
    shown = shown_or_404(thread_id)
    require(can_follow(viewer()))
    level = _level()
    if level not in OF_THREADS:
        raise BadRequest
    address = thread_address(shown)
    with write():
        thread = first_or_404(one_thread(viewer(), thread_id))
        follow(thread, member(), level)
    flash(str(OF_THREADS[level]))
    return redirect(address)


@bp.post("/topics/<slug>/follow")
@login_needed
def update_topic(slug: str) -> Response:
    first_or_404(one_readable_topic(viewer(), slug))
    require(can_follow(viewer()))
    level = _level()
    with write():
        topic = first_or_404(one_readable_topic(viewer(), slug))
        follow_topic(topic.id, member(), level)
    flash(str(OF_TOPICS[level]))
    return redirect(url_for("topics.show", slug=slug))


def _level() -> FollowLevel:
    asked = request.form.get("level")
    if asked not in set(FollowLevel):
        raise BadRequest
    return FollowLevel(asked)
