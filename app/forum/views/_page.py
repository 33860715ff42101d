"""The page of a thread, as several views answer with it."""

from __future__ import annotations

from operator import attrgetter
from typing import Any, cast

from flask import render_template, request, url_for
from markupsafe import escape
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.login import viewer
from app.accounts.seats_today import seats_today
from app.core.clock import utcnow
from app.core.db import write
from app.core.early_members import Asked, Told, filled_alone, leave
from app.core.fragments import END, Key, fragment, kept_fragments, thin
from app.core.i18n import _, language
from app.core.pagination import page_number
from app.core.parts import around_key, place_of, whole_page
from app.core.reading_ahead import GLANCE, taken
from app.forum.desk import Desk
from app.forum.forms import ReplyForm, SpeakerForm
from app.forum.glancing import Glance, glance_at
from app.forum.paging import page_of
from app.forum.reading import mark_read
from app.forum.showing import Shown, thread_for
from app.forum.showing_events import EventRow
from app.forum.showing_posts import PostRow
from app.forum.views._composer import make_ready, reply_form
from app.forum.views._parts import (
    Page,
    event_parts,
    frame_key,
    frame_parts,
    page_at,
    plain_stops,
    post_parts,
    stops_key,
)

PAGE, SPEAKERS = "forum/thread.html", "speakers"
ASKED = ("quote", "reply_to")  # what an address wants in the composer


def shown_or_404(thread_id: int) -> Shown:
    shown = thread_for(viewer(), thread_id)
    if shown is None:
        raise NotFound
    return shown


def glance_or_404(thread_id: int) -> Glance:
    glance = glance_at(viewer(), thread_id)
    if glance is None:
        raise NotFound
    return glance


def thread_page(
    glance: Glance, number: int, form: ReplyForm | None = None, status: int = 200
) -> tuple[str, int]:
    """Put together a page of posts with the composer, then remember that it was read."""
    page = page_at(viewer(), glance, number)
    title, before, between, after = frame_parts(page)
    stops = _stops(page) or escape(_("The posts of this page were moved to another thread."))
    main = "".join((before, stops, between, _reply(glance, form), after))
    html = whole_page(PAGE, page.viewer, title=title, main=main)
    if not page.is_plain:
        _remember(glance.thread.id, glance.reading.last_read, page.highest)
    return html, status


def kept_thread(asked: Asked, thread_id: int, slug: str | None) -> Told | None:
    """The same page if nothing of it has to be made: the framework is not needed for it.

    None: something is missing, or this reader is due something else than the page.
    """
    if asked.token is None:
        return None
    number = page_number(asked.query.removeprefix("page=") or None)
    glance = glance_at(asked.person, thread_id, number) if _names_a_page(asked.query) else None
    if glance is None:
        return None
    leave(asked, GLANCE, (thread_id, glance))
    page = page_at(asked.person, glance, number)
    if slug != glance.slug or not page.is_plain or glance.draft or not glance.rights.can_reply:
        return None
    return _out_of_kept(asked, page, asked.token)


def glance_for(thread_id: int, number: int) -> Glance | None:
    """As `glance_at`; what was read before the framework began is not asked again."""
    read = taken(GLANCE, viewer())
    if read is not None and (read[0], read[1].number) == (thread_id, number):
        return cast(Glance, read[1])
    return glance_at(viewer(), thread_id, number)


def _names_a_page(query: str) -> bool:
    """Nothing else is asked for."""
    return not query or (query.startswith("page=") and query[5:].isdecimal())


def _out_of_kept(asked: Asked, page: Page, token: str) -> Told | None:
    keys = (
        *(around_key(PAGE, page.viewer, asked.look), frame_key(page), stops_key(page)),
        *(composer_key(page.glance, page.viewer), speakers_key(page.glance, page.viewer)),
    )
    kept = kept_fragments(keys)
    if kept is None or not kept[2]:
        return None
    around, frame, stops, composer, speakers = kept
    title, before, between, after = frame.split(END)
    reply = composer.replace(place_of(SPEAKERS), speakers)
    main = "".join((before, stops, between, reply, after))
    return filled_alone(around, asked, token, title=title, main=main)


def _stops(page: Page) -> str:
    """Posts, each followed by what was done after it. Numbers without a post leave no hole."""
    if page.is_plain:
        return plain_stops(page)
    placed = [(event.place, html) for event, html in event_parts(page)]
    for mark, html in zip(page.marks, post_parts(page), strict=True):
        placed.append(((mark.number, 0), _divider(page, mark.number) + html))
    return "".join(html for _place, html in sorted(placed))


def _divider(page: Page, number: int) -> str:
    reading = page.glance.reading
    if number != reading.first_unread or not reading.last_read:
        return ""
    return render_template("forum/_divider.html", reading=reading)


def _reply(glance: Glance, form: ReplyForm | None) -> str:
    """The composer. It is kept as long as nothing was typed and nothing is asked for."""
    person, thread = viewer(), glance.thread
    if form is None and not glance.rights.can_reply:
        why: Key = ("no reply", thread.is_locked, person is None, request.path, language())
        return fragment(why, lambda: _made_reply(glance, None))
    is_own = form or glance.draft or any(name in request.args for name in ASKED)
    if is_own or person is None:
        return _made_reply(glance, form)
    speakers = fragment(speakers_key(glance, person), lambda: _speakers(person))
    place = place_of(SPEAKERS)
    counted = Desk([], glance.own_count, glance.all_count)
    shared = fragment(
        composer_key(glance, person),
        lambda: thin(_made_reply(glance, None, counted, SPEAKERS=place)),
    )
    return shared.replace(place, speakers)


def composer_key(glance: Glance, person: Any) -> Key:
    """Of a composer in which nothing was typed, without the choice of who speaks."""
    return (
        *("composer", glance.thread.id, language(), utcnow().date()),
        *(glance.generations, glance.audience, repr(glance.group_names)),
        *(glance.thread.attribution, *glance.says_hints, glance.may_append(person)),
    )


def speakers_key(glance: Glance, person: Any) -> Key:
    return ("speakers", person.id, language(), utcnow().date(), glance.generations)


def _speakers(person: Any) -> str:
    """As whom the person may write: laid into a composer that is everybody's."""
    form = SpeakerForm(formdata=None, meta={"csrf": False})
    form.offer_seats(seats_today(person))
    return render_template("forum/_speakers.html", form=form)


def _made_reply(
    glance: Glance, form: ReplyForm | None, desk: Desk | None = None, **places: str
) -> str:
    return render_template(
        "forum/_reply.html",
        **places,
        form=form or make_ready(reply_form(glance), glance, desk),
        shown=glance,
        thread=glance.thread,
        topic=glance.topic,
        rights=glance.rights,
        is_visitor=viewer() is None,
    )


def in_order(posts: list[PostRow], events: list[EventRow]) -> list[PostRow | EventRow]:
    """Posts, each followed by what was done after it. Numbers without a post leave no hole."""
    return sorted([*posts, *events], key=attrgetter("place"))


def to_post(shown: Shown | Glance, number: int, code: int = 302) -> AnyResponse:
    """Send the reader to one post, on whatever page it stands."""
    page = page_of(number, shown.thread.last_number)
    return redirect(thread_address(shown, page, _anchor=f"post-{number}"), code)


def thread_address(shown: Shown | Glance, page: int = 1, **values: Any) -> str:
    if page > 1:
        values["page"] = page
    return url_for("threads.show", thread_id=shown.thread.id, slug=shown.slug, **values)


def _remember(thread_id: int, last_read: int | None, highest: int) -> None:
    """Only for a member who really looks: no visitor, no HEAD, no page fetched in advance."""
    person = viewer()
    if person is None or highest <= (last_read or 0) or not _is_looking():
        return
    reader_id = person.id
    with write():
        mark_read(reader_id, thread_id, highest)


def _is_looking() -> bool:
    fetched_ahead = "prefetch" in request.headers.get("Sec-Purpose", "").lower()
    return request.method == "GET" and not fetched_ahead
