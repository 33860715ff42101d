"""The addresses that anybody may read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.core.db import db
from app.core.links import absolute_url
from app.core.slugs import slugify
from app.forum.queries import threads_visible_to
from app.network.queries import cities_on_map
from app.notes.queries import summaries_visible_to
from app.topics.queries import topics_readable_by
from app.webinars.queries import webinars_visible_to

MOST_OF_A_KIND = 10_000  # a sitemap holds 50,000
PAGES = ("home.show", "topics.index", "webinars.index", "knowledge.index", "cities.index",
         "pages.accessibility", "pages.privacy", "pages.licences")  # fmt: skip


def public_addresses() -> Iterator[tuple[str, datetime | None]]:
    """Addresses with the time of the last change, where one is known."""
    for endpoint in PAGES:
        yield absolute_url(endpoint), None
    for topic in db.session.scalars(topics_readable_by(None)):
        yield absolute_url("topics.show", slug=topic.slug), None
    for thread in db.session.scalars(threads_visible_to(None).limit(MOST_OF_A_KIND)):
        slug = slugify(thread.title)
        yield absolute_url("threads.show", thread_id=thread.id, slug=slug), thread.last_post_at
    for webinar in db.session.scalars(webinars_visible_to(None).limit(MOST_OF_A_KIND)):
        slug = slugify(webinar.title)
        yield absolute_url("webinars.show", webinar_id=webinar.id, slug=slug), webinar.updated_at
    for version in db.session.scalars(summaries_visible_to(None).limit(MOST_OF_A_KIND)):
        webinar_id = version.note_set.webinar_id
        yield absolute_url("summaries.show", webinar_id=webinar_id), version.published_at
    for city in db.session.scalars(cities_on_map()):
        yield absolute_url("cities.show", slug=city.slug), None
