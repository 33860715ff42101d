"""The topics, and the threads of one."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.accounts.queries import users_by_ids
from app.core.db import db, first_or_404
from app.core.pagination import page_number
from app.forum.enums import Show
from app.forum.listing import TopicCounts, counts_by_topic, threads_in
from app.topics.permissions import rights_in
from app.topics.queries import one_topic, steward_ids_of, topics_listed_to

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
    shown = _chosen(request.args.get("show"))
    return render_template(
        "topics/show.html",
        topic=topic,
        rights=rights,
        shown=shown,
        filters=_filters(),
        page=threads_in(viewer(), topic, shown, page_number(request.args.get("page"))),
        stewards=users_by_ids(db.session.scalars(steward_ids_of(topic))).values(),
    )


def _chosen(read: str | None) -> Show:
    """Anything but the name of a filter that the viewer has shows all."""
    return Show(read) if read in [show.value for show in _filters()] else Show.ALL


def _filters() -> list[Show]:
    return list(Show) if viewer() else [Show.ALL, Show.UNANSWERED]
