"""The page of a thread, as several views answer with it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.login import viewer
from app.accounts.queries import draft_for
from app.core.db import write
from app.core.pagination import Page, page_number
from app.forum.forms import ReplyForm
from app.forum.paging import numbers_on, page_count, page_of
from app.forum.permissions import ThreadRights, rights_in_thread
from app.forum.reading import mark_read
from app.forum.showing import PostRow, Shown, cities_in, posts_between, thread_for


def shown_or_404(thread_id: int) -> Shown:
    shown = thread_for(viewer(), thread_id)
    if shown is None:
        raise NotFound
    return shown


def thread_page(
    shown: Shown, number: int, form: ReplyForm | None = None, status: int = 200
) -> tuple[str, int]:
    """Render a page of posts with the composer, then remember that it was read."""
    thread = shown.thread
    last_number = thread.last_number
    rights = rights_in_thread(viewer(), thread)
    number = min(number, page_count(last_number))
    posts = posts_between(viewer(), thread.id, *numbers_on(number, last_number))
    thread_id, reading = thread.id, shown.reading
    html = render_template(
        "forum/thread.html",
        shown=shown,
        thread=thread,
        page=Page(posts, number, page_count(last_number)),
        rights=rights,
        form=form or _reply_form(thread_id, rights),
        cities=cities_in(viewer(), thread_id),
        first_unread_page=page_of(reading.first_unread or 1, last_number),
        accepted_page=page_of(thread.accepted_number or 1, last_number),
        is_visitor=viewer() is None,
    )
    _remember(thread_id, reading.last_read, posts)
    return html, status


def to_post(shown: Shown, number: int, code: int = 302) -> AnyResponse:
    """Send the reader to one post, on whatever page it stands."""
    page = page_of(number, shown.thread.last_number)
    return redirect(thread_address(shown, page, _anchor=f"post-{number}"), code)


def thread_address(shown: Shown, page: int = 1, **values: Any) -> str:
    if page > 1:
        values["page"] = page
    return url_for("threads.show", thread_id=shown.thread.id, slug=shown.slug, **values)


def _reply_form(thread_id: int, rights: ThreadRights) -> ReplyForm:
    person = viewer()
    draft = draft_for(person, f"reply:{thread_id}") if person and rights.can_reply else None
    answered = page_number(request.args.get("reply_to")) if "reply_to" in request.args else None
    values: dict[str, Any] = {"reply_to": answered}
    if draft is not None:
        values |= {name: draft.fields.get(name, "") for name in ("body", "language")}
        values["draft_sequence"] = draft.sequence
    return ReplyForm(formdata=None, data=values)


def _remember(thread_id: int, last_read: int | None, posts: list[PostRow]) -> None:
    """Only for a member who really looks: no visitor, no HEAD, no page fetched in advance."""
    person = viewer()
    highest = posts[-1].number if posts else 0
    if person is None or highest <= (last_read or 0) or not _is_looking():
        return
    reader_id = person.id
    with write():
        mark_read(reader_id, thread_id, highest)


def _is_looking() -> bool:
    fetched_ahead = "prefetch" in request.headers.get("Sec-Purpose", "").lower()
    return request.method == "GET" and not fetched_ahead
