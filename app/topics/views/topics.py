"""The topics, and the threads of one."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound

from app.accounts.login import viewer
from app.core.pagination import page_number
from app.core.visitor_pages import MINUTE, open_page
from app.forum.choosing import chosen
from app.forum.listing import thread_list
from app.forum.reach import Reach, reach_of
from app.forum.topic_counts import TopicCounts, counts_by_topic
from app.forum.wording import list_words
from app.topics.cards import TopicCard

bp = Blueprint("topics", __name__)
SHOWN = ("people", "network", "topics", "forum")


@bp.get("/topics")
@open_page(*SHOWN, every=MINUTE)
def index() -> str:
    """Every topic whose name the viewer may know, with what they find in it."""
    reach = reach_of(viewer())
    return render_template(
        "topics/index.html",
        topics=reach.cards.listed_to(reach.topics),
        counts=counts_by_topic(viewer(), reach),
        none=TopicCounts(),
    )


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
    number = page_number(request.args.get("page"))
    return render_template(
        "topics/show.html",
        topic=topic,
        rights=rights,
        listed=thread_list(reader, choice, number, topic, reach),
        words=list_words(reader, choice, topic, reach),
        endpoint="topics.show",
        base={"slug": slug},
        stewards=reach.cards.stewards(topic),
    )


def _listed_topic(reach: Reach, slug: str) -> TopicCard:
    """The topic of this address, if the viewer may know its name."""
    listed = reach.cards.listed_to(reach.topics)
    found = next((card for card in listed if card.slug == slug), None)
    if found is None:
        raise NotFound
    return found
