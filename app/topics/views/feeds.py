"""What anyone may read in a topic, for feed readers."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.core.db import first_or_404
from app.core.i18n import in_language, language
from app.core.links import absolute_url
from app.core.slugs import slugify
from app.forum.listing import feed_of
from app.topics.feed import Entry, Feed, atom
from app.topics.queries import one_readable_topic

bp = Blueprint("feeds", __name__)


@bp.get("/topics/<slug>/feed.atom")
def show(slug: str) -> Response:
    """Public threads only, whoever asks: a feed's address gets around."""
    topic = first_or_404(one_readable_topic(None, slug))
    entries = [
        Entry(
            address=_address(thread.id, thread.title),
            title=thread.title,
            html=html,
            language=thread.language,
            author=thread.author.name if thread.author else None,
            published=thread.created_at,
            updated=thread.last_post_at,
        )
        for thread, html in feed_of(topic)
    ]
    feed = Feed(
        address=absolute_url("feeds.show", slug=slug),
        page=absolute_url("topics.show", slug=slug),
        title=in_language(topic.names),
        author="Interurban",
        language=language(),
        updated=max([topic.created_at, *(entry.updated for entry in entries)]),
        entries=entries,
    )
    response = Response(atom(feed), mimetype="application/atom+xml")
    response.add_etag()
    return response.make_conditional(request)


def _address(thread_id: int, title: str) -> str:
    return absolute_url("threads.show", thread_id=thread_id, slug=slugify(title))
