"""The topics, and the threads of one."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from app.accounts.login import viewer
from app.accounts.permissions import may_take_part
from app.core.pagination import page_number
from app.core.parts import part
from app.core.visitor_pages import MINUTE, open_page
from app.forum.choosing import chosen
from app.forum.list_parts import topic_aside, topic_head
from app.forum.listing import thread_list
from app.forum.reach import Reach, reach_of
from app.forum.topic_rows import topic_rows
from app.forum.wording import list_words
from app.topics.cards import TopicCard

bp = Blueprint("topics", __name__)
SHOWN = ("people", "network", "topics", "forum")


@bp.get("/topics")
@open_page(*SHOWN, every=MINUTE)
def index() -> str:
    """Every topic whose name the viewer may know, with what they find in it."""
    reader = viewer()
    rows, takes_part = topic_rows(reach_of(reader)), may_take_part(reader)
    main = part("topics/_index.html", {"rows": rows}, has_rows=bool(rows), takes_part=takes_part)
    return render_template("topics/index.html", main=main)


@bp.get("/topics/<slug>")
@open_page(*SHOWN, every=MINUTE)
def show(slug: str) -> str | tuple[str, int]:
    """A topic's threads; of a closed topic only the name."""
    reader = viewer()
    reach = reach_of(reader)
    topic = _listed_topic(reach, slug)
    rights = reach.cards.rights(reader, topic)
    if topic.id not in reach.topics:
        return render_template("topics/closed.html", topic=topic), 403
    choice = chosen(reader, request.args, [])
    listed = thread_list(reader, choice, page_number(request.args.get("page")), topic, reach)
    return render_template(
        "topics/show.html",
        topic=topic,
        listed=listed,
        words=list_words(reader, choice, topic, reach),
        endpoint="topics.show",
        base={"slug": slug},
        head=topic_head(reach, topic, rights.can_start),
        aside=topic_aside(listed, topic, may_take_part(reader)),
    )


def _listed_topic(reach: Reach, slug: str) -> TopicCard:
    """The topic of this address, if the viewer may know its name."""
    listed = reach.cards.listed_to(reach.topics)
    found = next((card for card in listed if card.slug == slug), None)
    if found is None:
        raise NotFound
    return found
