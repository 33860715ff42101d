"""The page of a thread, as several views answer with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any

from flask import render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.login import viewer
from app.core.db import write
from app.core.pagination import Page
from app.files.showing import FileRow
from app.forum.attaching import files_of
from app.forum.caring import Care, care_for
from app.forum.forms import ReplyForm
from app.forum.overviewing import is_offered
from app.forum.paging import numbers_on, page_count, page_of
from app.forum.permissions import can_consolidate, leads_question
from app.forum.reading import mark_read
from app.forum.showing import Shown, thread_for
from app.forum.showing_events import EventRow, events_after
from app.forum.showing_posts import PostRow, posts_between
from app.forum.timeboxing import Deadline, deadline_of
from app.forum.views._composer import make_ready, reply_form


def shown_or_404(thread_id: int) -> Shown:
    shown = thread_for(viewer(), thread_id)
    if shown is None:
        raise NotFound
    return shown


@dataclass(frozen=True)
class Parts:
    """What belongs to the posts of one page: one statement each, and none when a counter is 0.

    Another part is one more field here and one more line in `_parts`.
    """

    events: list[EventRow]
    files: dict[int, list[FileRow]]
    care: dict[int, Care]
    deadline: Deadline | None
    may_sum_up: bool
    leads: bool
    offers_overview: bool


def thread_page(
    shown: Shown, number: int, form: ReplyForm | None = None, status: int = 200
) -> tuple[str, int]:
    """Render a page of posts with the composer, then remember that it was read."""
    thread, reading = shown.thread, shown.reading
    thread_id, last_number, count = thread.id, thread.last_number, page_count(thread.last_number)
    number = min(number, count)
    numbers = numbers_on(number, last_number)
    posts = posts_between(viewer(), thread_id, *numbers)
    parts = _parts(shown, posts, numbers)
    html = render_template(
        "forum/thread.html",
        shown=shown,
        thread=thread,
        page=Page(posts, number, count),
        numbers=numbers,
        parts=parts,
        stops=in_order(posts, parts.events),
        rights=shown.rights,
        form=form or make_ready(reply_form(shown), shown),
        page_of=partial(_page_in_address, last_number),
        is_visitor=viewer() is None,
        live_tag=live_tag(thread),
    )
    _remember(thread_id, reading.last_read, posts)
    return html, status


def _parts(shown: Shown, posts: list[PostRow], numbers: tuple[int, int]) -> Parts:
    thread, rights = shown.thread, shown.rights
    is_open = thread.consolidated_number is None
    return Parts(
        events=events_after(shown.events, *numbers),
        care=care_for(viewer(), thread, rights, posts),
        deadline=deadline_of(thread, viewer()),
        may_sum_up=is_open and can_consolidate(viewer(), thread, rights),
        leads=leads_question(viewer(), thread, rights),
        offers_overview=is_offered(thread),
        files=files_of([post.id for post in posts if post.file_count and not post.is_removed]),
    )


def in_order(posts: list[PostRow], events: list[EventRow]) -> list[PostRow | EventRow]:
    """Posts, each followed by what was done after it. Numbers without a post leave no hole."""
    return sorted([*posts, *events], key=attrgetter("place"))


def live_tag(thread: Any) -> str:
    """What a page shows of a thread, whoever looks: it changes with every change."""
    return f"{thread.id}.{thread.revision}.{thread.last_number}"


def _page_in_address(last_number: int, number: int) -> int | None:
    """The page of a post number for an address, which leaves the first page out."""
    page = page_of(number, last_number)
    return page if page > 1 else None


def to_post(shown: Shown, number: int, code: int = 302) -> AnyResponse:
    """Send the reader to one post, on whatever page it stands."""
    page = page_of(number, shown.thread.last_number)
    return redirect(thread_address(shown, page, _anchor=f"post-{number}"), code)


def thread_address(shown: Shown, page: int = 1, **values: Any) -> str:
    if page > 1:
        values["page"] = page
    return url_for("threads.show", thread_id=shown.thread.id, slug=shown.slug, **values)


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
