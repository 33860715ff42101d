"""The parts of a thread's page, kept by all that they are made from; made when they are missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from flask import render_template
from werkzeug.exceptions import NotFound

from app.accounts.permissions import is_organiser, may_take_part
from app.core.clock import utcnow
from app.core.fragments import END, Key, fragment, many_fragments, thin
from app.core.i18n import language
from app.core.pagination import Page as Pages
from app.forum.attaching import files_in
from app.forum.caring import Care, care_for, may_do
from app.forum.glancing import Glance, Mark, marks_between
from app.forum.overviewing import is_offered
from app.forum.paging import numbers_on, page_count, page_of
from app.forum.permissions import can_consolidate, leads_question, may_curate, may_rename
from app.forum.showing import Shown, thread_for
from app.forum.showing_events import EventRow, events_after, events_between
from app.forum.showing_posts import PostRow, posts_between
from app.forum.timeboxing import deadline_of

FRAME, STOPS, POST, EVENT = "thread frame", "thread stops", "post", "thread event"


def page_at(viewer: Any, glance: Glance, number: int) -> Page:
    """This page of the thread, or its last one."""
    last = glance.thread.last_number
    number = min(number, page_count(last))
    return Page(viewer, glance, number, numbers_on(number, last))


@dataclass(frozen=True)
class Page:
    """One page of one thread for one reader. Rows with text are read only for missing parts."""

    viewer: Any  # a person, or None
    glance: Glance
    number: int
    numbers: tuple[int, int]

    @cached_property
    def is_plain(self) -> bool:
        """Whether its posts look as to everybody with the same rights: then nobody marks them."""
        return self.glance.is_plain(self.number, self.numbers[1])

    @cached_property
    def marks(self) -> list[Mark]:
        return marks_between(self.viewer, self.glance.thread.id, *self.numbers)

    @property
    def highest(self) -> int:
        """The number of the last post; 0 when all of them were moved away."""
        return self.marks[-1].number if self.marks else 0

    @cached_property
    def basis(self) -> Key:
        """What everything on the page depends on, whoever of a kind looks."""
        viewer = self.viewer
        return (
            self.glance.facts,
            self.glance.generations,
            viewer is None,
            may_take_part(viewer),
            self.zone,
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

    @property
    def zone(self) -> str | None:
        return self.viewer.timezone if self.viewer else None

    def is_unread(self, mark: Mark | PostRow) -> bool:
        last_read = self.glance.reading.last_read
        return last_read is not None and mark.number > last_read and not mark.is_mine


def plain_stops(page: Page) -> str:
    """All posts and events in one piece, for everybody to whom they look the same."""
    return fragment(stops_key(page), partial(_make_stops, page))


def stops_key(page: Page) -> Key:
    rights = page.glance.rights
    leads = leads_question(page.viewer, page.glance.thread, rights)
    facts = (page.number, rights, leads)
    return (STOPS, *page.basis, *facts, *map(repr, page.events))


def _make_stops(page: Page) -> str:
    rows = posts_between(page.viewer, page.glance.thread.id, *page.numbers)
    placed = [(row.place, html) for row, html in zip(rows, _posts(page, rows), strict=True)]
    placed += [(event.place, _event(page, event)) for event in page.events]
    return "".join(html for _place, html in sorted(placed))


def post_parts(page: Page) -> list[str]:
    """Each post of the page as HTML, in order."""
    by_key = {_post_key(page, mark): mark.number for mark in page.marks}
    return many_fragments(list(by_key), partial(_make_posts, page, by_key))


def event_parts(page: Page) -> list[tuple[EventRow, str]]:
    """Each event with its HTML. Who may know what of it is already in the row."""
    basis = (EVENT, page.glance.thread.id, language(), page.zone)
    by_key: dict[Key, EventRow] = {(*basis, repr(event)): event for event in page.events}

    def make(missing: list[Key]) -> dict[Key, str]:
        return {key: _event(page, by_key[key]) for key in missing}

    return list(zip(page.events, many_fragments(list(by_key), make), strict=True))


def _event(page: Page, event: EventRow) -> str:
    return render_template("forum/_events.html", event=event, thread=page.glance.thread)


def frame_parts(page: Page) -> list[str]:
    """The title, and what stands before the posts, between them and the composer, and after it."""
    return fragment(frame_key(page), partial(_make_frame, page)).split(END)


def frame_key(page: Page) -> Key:
    return (FRAME, *page.basis, page.number, *_frame_facts(page))


def _post_key(page: Page, mark: Mark) -> Key:
    glance = page.glance
    return (
        *(POST, *page.basis, page.number, page.numbers, mark.number, page.is_unread(mark)),
        *(mark.is_mine, mark.said, *page.care[mark.number].flags),
        glance.rights,
    )


def _make_posts(page: Page, by_key: dict[Key, int], missing: list[Key]) -> dict[Key, str]:
    wanted = {by_key[key] for key in missing}
    rows = posts_between(page.viewer, page.glance.thread.id, *page.numbers)
    rows = [row for row in rows if row.number in wanted]
    made = dict(zip((row.number for row in rows), _posts(page, rows), strict=True))
    return {key: made.get(by_key[key], "") for key in missing}


def _posts(page: Page, posts: list[PostRow]) -> list[str]:
    """Each of them as HTML, rendered in one go."""
    viewer, glance = page.viewer, page.glance
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
    return thin(html).split(END)[: len(posts)]


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
        glance.is_idle,
    )


def _make_frame(page: Page) -> str:
    return thin(render_template("forum/_thread_frame.html", END=END, **_frame_values(page)))


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
        "page": Pages((), page.number, page_count(thread.last_number)),
        "page_of": page_in_address(thread.last_number),
        "live_tag": live_tag(thread),
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


def live_tag(thread: Any) -> str:
    """What a page shows of a thread, whoever looks: it changes with every change."""
    return f"{thread.id}.{thread.revision}.{thread.last_number}"
