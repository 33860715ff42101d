"""The topics, and the threads of one."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from app.accounts.login import viewer
from app.accounts.permissions import may_take_part
from app.core.early_members import Asked, Told, kept_page, leave, told_early
from app.core.fragments import END
from app.core.pagination import page_number
from app.core.parts import whole_page
from app.core.reading_ahead import LISTED, REACH, taken
from app.core.visitor_pages import MINUTE, open_page
from app.forum.choosing import chosen
from app.forum.list_parts import Place, framed, list_body, plain_values, topic_aside
from app.forum.listing import ThreadList, thread_list
from app.forum.reach import TOPICS, Reach, reach_of
from app.forum.topic_rows import topic_rows
from app.topics.cards import TopicCard

bp = Blueprint("topics", __name__)
SHOWN = ("people", "network", "topics", "forum")
INDEX, PAGE = "topics/index.html", "topics/show.html"


def kept_index(asked: Asked) -> Told | None:
    """The same page if nothing of it has to be made."""
    if asked.token is None:
        return None
    reach = leave(asked, REACH, reach_of(asked.person))
    return kept_page(INDEX, asked, asked.token, main=_index(reach))


@bp.get("/topics")
@open_page(*SHOWN, every=MINUTE)
@told_early(kept_index, to_anybody=True)
def index() -> str:
    """Every topic whose name the viewer may know, with what they find in it."""
    return whole_page(INDEX, viewer(), main=_index(reach_of(viewer())))


def _index(reach: Reach) -> str:
    rows, takes_part = topic_rows(reach), may_take_part(reach.viewer)
    facts = {"has_rows": bool(rows), "takes_part": takes_part}
    return framed("topics/_index.html", (*facts.values(),), {"ROWS": rows}, **facts)


def kept_topic(asked: Asked, slug: str) -> Told | None:
    """A topic's threads if nothing of the page has to be made, and nothing unusual is asked for."""
    values = plain_values(asked.query)
    if values is None or asked.token is None:
        return None
    reach = leave(asked, REACH, reach_of(asked.person))
    topic = _topic_named(reach, slug)
    if topic is None or topic.id not in reach.topics:
        return None
    listed = leave(asked, LISTED, _listed(reach, topic, values))
    return kept_page(PAGE, asked, asked.token, **_blocks(listed, topic))


@bp.get("/topics/<slug>")
@open_page(*SHOWN, every=MINUTE)
@told_early(kept_topic, to_anybody=True)
def show(slug: str) -> str | tuple[str, int]:
    """A topic's threads; of a closed topic only the name."""
    reader = viewer()
    listed: ThreadList | None = taken(LISTED, reader)
    reach = listed.reach if listed else reach_of(reader)
    topic = _topic_named(reach, slug)
    if topic is None:
        raise NotFound
    if topic.id not in reach.topics:
        return render_template("topics/closed.html", topic=topic), 403
    listed = listed or _listed(reach, topic, request.args)
    return whole_page(PAGE, reader, **_blocks(listed, topic))


def _topic_named(reach: Reach, slug: str) -> TopicCard | None:
    """The topic of this address, if the viewer may know its name."""
    listed = reach.cards.listed_to(reach.topics)
    return next((card for card in listed if card.slug == slug), None)


def _listed(reach: Reach, topic: TopicCard, values: Mapping[str, str]) -> ThreadList:
    choice = chosen(reach.viewer, values, [])
    return thread_list(reach.viewer, choice, page_number(values.get("page")), topic, reach)


def _blocks(listed: ThreadList, topic: TopicCard) -> dict[str, str]:
    reach, place = listed.reach, Place("topics.show", {"slug": topic.slug}, topic)
    can_start = reach.cards.rights(reach.viewer, topic).can_start
    laid = {"LIST": list_body(listed, place), "ASIDE": topic_aside(listed, topic)}
    key = (reach.generations[TOPICS], topic.id, can_start)
    values = {"topic": topic, "can_start": can_start, "END": END}
    pieces = framed("topics/_show.html", key, laid, **values).split(END, 3)
    return dict(zip(("title", "description", "links", "main"), pieces, strict=True))
