"""What is new in a thread since a page of it was loaded: asked again and again, so made cheap."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from app.accounts.login import viewer
from app.core.slugs import slugify
from app.forum.live_news import live_thread, news_in
from app.forum.paging import page_of
from app.forum.views._parts import live_tag

bp = Blueprint("live", __name__)


@bp.get("/threads/<int:thread_id>/live")
def show(thread_id: int) -> Response:
    """304 while nothing happened; else the words to announce. Asking marks nothing as read."""
    after = request.args.get("after", "")
    if not (after.isascii() and after.isdecimal() and len(after) < 10):
        raise BadRequest
    thread = live_thread(viewer(), thread_id)
    if thread is None:
        raise NotFound
    answer = Response(mimetype="text/html")
    answer.set_etag(live_tag(thread))
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(live_tag(thread)):
        answer.status_code = 304
        return answer
    count, first = news_in(viewer(), thread_id, int(after))
    if first is not None:
        page = page_of(first, thread.last_number)
        address = url_for(
            "threads.show",
            thread_id=thread_id,
            slug=slugify(thread.title),
            page=page if page > 1 else None,
            _anchor=f"post-{first}",
        )
        answer.set_data(render_template("forum/_news.html", count=count, address=address))
    return answer
