"""The topics, and the threads of one."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.core.db import db, first_or_404
from app.core.pagination import page_number
from app.forum.choosing import chosen
from app.forum.listing import thread_list
from app.forum.topic_counts import TopicCounts, counts_by_topic
from app.forum.wording import list_words
from app.topics.permissions import rights_in
from app.topics.queries import one_topic, stewards_of, topics_listed_to

bp = Blueprint("topics", __name__)


@bp.get("/topics")
def index() -> str:
    """Every topic whose name the viewer may know, with what they find in it."""
    topics = db.session.scalars(topics_listed_to(viewer())).all()
    return render_template(
        "topics/index.html", topics=topics, counts=counts_by_topic(viewer()), none=TopicCounts()
    )


@bp.get("/topics/<slug>")
def show(slug: str) -> str | tuple[str, int]:
    """A topic's threads; of a closed topic only the name."""
    topic = first_or_404(one_topic(viewer(), slug))
    rights = rights_in(viewer(), topic)
    if not rights.can_read:
        return render_template("topics/closed.html", topic=topic), 403
    choice = chosen(viewer(), request.args, [])
    number = page_number(request.args.get("page"))
    return render_template(
        "topics/show.html",
        topic=topic,
        rights=rights,
        listed=thread_list(viewer(), choice, number, topic),
        words=list_words(viewer(), choice, topic),
        endpoint="topics.show",
        base={"slug": slug},
        stewards=db.session.scalars(stewards_of(topic)).all(),
    )
