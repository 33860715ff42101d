"""The parts of a thread's page, kept by all that they are made from; made when they are missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from flask import render_template
from werkzeug.exceptions import NotFound

from app.accounts.permissions import is_organiser, may_take_part
from app.core.clock import utcnow
from app.core.fragments import Key, many_fragments
from app.core.i18n import language
from app.forum.attaching import files_in
from app.forum.caring import Care, care_for, may_do
from app.forum.glancing import Glance, Mark
from app.forum.overviewing import is_offered
from app.forum.paging import page_of
from app.forum.permissions import can_consolidate, leads_question, may_curate, may_rename
from app.forum.showing import Shown, thread_for
from app.forum.showing_events import EventRow, events_after, events_between
from app.forum.showing_posts import PostRow, posts_between
from app.forum.timeboxing import deadline_of

HEAD, ASIDE, POST, EVENT = "thread head", "thread aside", "post", "thread event"
END = "\x1e"  # between posts made in one go: no text has it (see `core.forms.tidy`)


@dataclass(frozen=True)
class Page:
    """One page of one thread for one reader. Rows with text are read only for missing parts."""

    viewer: Any  # a person, or None
    glance: Glance
    number: int
    numbers: tuple[int, int]
    marks: list[Mark]

    @cached_property
    def basis(self) -> Key:
        """What everything on the page depends on, whoever of a kind looks."""
        viewer = self.viewer
        return (
            self.glance.facts,
            self.glance.generations,
            viewer is None,
            may_take_part(viewer),
            viewer.timezone if viewer else None,
            language(),
            utcnow().date(),
        )

    @cached_property
    def care(self) -> dict[int, Care]:
        return may_do(self.viewer, self.glance.thread, self.glance.rights, self.marks)

    @cached_property
    def shown(self) -> Shown:
        shown = thread_for(self.viewer, self.glance.thread.id)
        if shown is None:
            raise NotFound
        return shown

    @cached_property
    def events(self) -> list[EventRow]:
        """In one statement with all about the thread, where that had to be read anyway."""
        thread = self.glance.thread
        if not thread.event_count:
            return []
        if "shown" in self.__dict__:
            return events_after(self.shown.events, *self.numbers)
        return events_between(self.viewer, thread.id, *self.numbers)

    def is_unread(self, mark: Mark | PostRow) -> bool:
        last_read = self.glance.reading.last_read
        return last_read is not None and mark.number > last_read and not mark.is_mine


def post_parts(page: Page) -> list[str]:
    """Each post of the page as HTML, in order."""
    by_key = {_post_key(page, mark): mark.number for mark in page.marks}
    return many_fragments(list(by_key), partial(_make_posts, page, by_key))


def event_parts(page: Page) -> list[str]:
    """Each event as HTML. Who may know what of it is already in the row."""
    viewer, thread = page.viewer, page.glance.thread
    zone = viewer.timezone if viewer else None
    basis = (EVENT, thread.id, language(), zone)
    by_key: dict[Key, EventRow] = {(*basis, repr(event)): event for event in page.events}

    def make(missing: list[Key]) -> dict[Key, str]:
        return {
            key: render_template("forum/_events.html", event=by_key[key], thread=thread)
            for key in missing
        }

    return many_fragments(list(by_key), make)


def frame_parts(page: Page) -> tuple[str, str]:
    """The head above the posts and what stands beside them."""
    facts = _frame_facts(page)
    keys: list[Key] = [(name, *page.basis, *facts) for name in (HEAD, ASIDE)]
    head, aside = many_fragments(keys, partial(_make_frame, page))
    return head, aside


def _post_key(page: Page, mark: Mark) -> Key:
    glance = page.glance
    return (
        *(POST, *page.basis, page.number, page.numbers, mark.number, page.is_unread(mark)),
        *(mark.is_mine, mark.is_kept, mark.said, *page.care[mark.number].flags),
        *(glance.rights, may_curate(page.viewer, glance.rights)),
    )


def _make_posts(page: Page, by_key: dict[Key, int], missing: list[Key]) -> dict[Key, str]:
    viewer, glance = page.viewer, page.glance
    wanted = {by_key[key] for key in missing}
    rows = posts_between(viewer, glance.thread.id, *page.numbers)
    posts = [row for row in rows if row.number in wanted]
    html = render_template(
        "forum/_posts.html",
        END=END,
        posts=posts,
        page=page,
        numbers=page.numbers,
        thread=glance.thread,
        topic=glance.topic,
        shown=glance,
        rights=glance.rights,
        parts={
            "care": care_for(viewer, glance.thread, glance.rights, posts),
            "files": {post.id: files_in(post.files) for post in posts if post.files},
        },
    )
    numbers = [post.number for post in posts]
    made = dict(zip(numbers, html.split(END), strict=False))
    return {key: made.get(by_key[key], "") for key in missing}


def _frame_facts(page: Page) -> tuple[Any, ...]:
    viewer, glance = page.viewer, page.glance
    thread, rights, reading = glance.thread, glance.rights, glance.reading
    has_begun = bool(reading.last_read)
    return (
        *(rights, has_begun, reading.level, reading.first_unread if has_begun else None),
        *(reading.unread_count, glance.my_first, glance.cities_read),
        leads_question(viewer, thread, rights),
        can_consolidate(viewer, thread, rights),
        deadline_of(thread, viewer),
        may_curate(viewer, rights),
        may_rename(viewer, thread, rights),
        is_organiser(viewer) and viewer is not None and viewer.role,
    )


def _make_frame(page: Page, missing: list[Key]) -> dict[Key, str]:
    templates = {HEAD: "forum/_thread_head.html", ASIDE: "forum/_aside.html"}
    values = _frame_values(page)
    return {key: render_template(templates[str(key[0])], **values) for key in missing}


def _frame_values(page: Page) -> dict[str, Any]:
    viewer, shown = page.viewer, page.shown
    thread, rights = shown.thread, shown.rights
    leads = leads_question(viewer, thread, rights)
    is_open = thread.consolidated_number is None
    return {
        "shown": shown,
        "thread": thread,
        "topic": thread.topic,
        "reading": shown.reading,
        "rights": rights,
        "page_of": page_in_address(thread.last_number),
        "parts": {
            "deadline": deadline_of(thread, viewer),
            "may_sum_up": is_open and can_consolidate(viewer, thread, rights),
            "leads": leads,
            "offers_overview": is_offered(thread),
        },
    }


def page_in_address(last_number: int) -> Any:
    """Post number to the page for an address, which leaves the first page out."""

    def in_address(number: int) -> int | None:
        page = page_of(number, last_number)
        return page if page > 1 else None

    return in_address
