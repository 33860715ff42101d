"""One post by the address it once had, wherever it stands now."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import viewer
from app.core.slugs import slugify
from app.forum.paging import page_of
from app.forum.queries import where_it_went

bp = Blueprint("permalinks", __name__)


@bp.get("/threads/<int:thread_id>/<int:number>")
def show(thread_id: int, number: int) -> Response:
    post = where_it_went(viewer(), thread_id, number)
    if post is None:
        raise NotFound
    page = page_of(post.number, post.thread.last_number)
    return redirect(
        url_for(
            "threads.show",
            thread_id=post.thread_id,
            slug=slugify(post.thread.title),
            page=page if page > 1 else None,
            _anchor=f"post-{post.number}",
        )
    )
