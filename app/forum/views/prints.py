"""A whole thread at once: one page for printing, one text file for keeping."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from app.accounts.login import member, viewer
from app.core.db import write
from app.core.errors import DomainError
from app.core.links import absolute_url
from app.core.request_limits import count_print
from app.forum.attaching import files_of
from app.forum.limits import check_print
from app.forum.showing import Shown
from app.forum.showing_events import EventRow
from app.forum.showing_posts import PostRow, whole_thread, whole_thread_as_written
from app.forum.views._page import in_order, shown_or_404

bp = Blueprint("prints", __name__)


@bp.get("/threads/<int:thread_id>/print")
def show(thread_id: int) -> str | tuple[str, int]:
    shown = shown_or_404(thread_id)
    if refusal := _refusal():
        return render_template("forum/print_later.html", shown=shown, refusal=refusal), 429
    shown = shown_or_404(thread_id)
    stops = in_order(whole_thread(viewer(), thread_id), shown.events)
    return _rendered("forum/print.html", shown, stops)


@bp.get("/threads/<int:thread_id>/thread.md")
def download(thread_id: int) -> Response | tuple[str, int]:
    shown = shown_or_404(thread_id)
    if refusal := _refusal():
        return render_template("forum/print_later.html", shown=shown, refusal=refusal), 429
    shown = shown_or_404(thread_id)
    stops = in_order(whole_thread_as_written(viewer(), thread_id), shown.events)
    text = _rendered("forum/thread.md", shown, stops)
    answer = Response(text, mimetype="text/markdown")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{shown.slug}.md")
    return answer


def _rendered(template: str, shown: Shown, stops: list[PostRow | EventRow]) -> str:
    """The address with a post's number behind it is that of the post."""
    address = absolute_url("threads.show", thread_id=shown.thread.id)
    readable = [stop for stop in stops if isinstance(stop, PostRow) and not stop.is_removed]
    return render_template(
        template,
        shown=shown,
        thread=shown.thread,
        stops=stops,
        address=address,
        post_files=files_of([post.id for post in readable if post.file_count]),
    )


def _refusal() -> DomainError | None:
    """Members have so many an hour, visitors are counted by where they come from."""
    try:
        if viewer() is None:
            count_print()
            return None
        with write():
            check_print(member())
    except DomainError as error:
        return error
    return None
