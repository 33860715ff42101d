"""What is done to a post less often than answering it."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.exceptions import NotFound

from app.accounts.login import login_needed, viewer
from app.accounts.permissions import may_take_part
from app.core.permissions import require
from app.core.templating import is_fragment
from app.forum.caring import care_for
from app.forum.paging import page_of
from app.forum.showing_posts import PostRow, posts_between
from app.forum.views._page import glance_or_404, thread_address

bp = Blueprint("menus", __name__)


@bp.get("/threads/<int:thread_id>/posts/<int:number>/menu")
@login_needed
def show(thread_id: int, number: int) -> str:
    """A page of its own; for scripts the menu alone, which they put where its link stands."""
    glance = glance_or_404(thread_id)
    post = _readable_post(thread_id, number)
    require(may_take_part(viewer()))
    page = page_of(number, glance.thread.last_number)
    return render_template(
        "forum/_post_menu.html" if is_fragment() else "forum/post_menu.html",
        thread=glance.thread,
        rights=glance.rights,
        post=post,
        may=care_for(viewer(), glance.thread, glance.rights, [post])[number],
        quote=thread_address(glance, page, quote=number, _anchor="reply"),
    )


def _readable_post(thread_id: int, number: int) -> PostRow:
    post = next(iter(posts_between(viewer(), thread_id, number, number)), None)
    if post is None or post.is_removed:
        raise NotFound
    return post
