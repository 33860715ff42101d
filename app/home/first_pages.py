"""One public page of each kind: what is made ready before anybody asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select

from app.core.db import db
from app.core.links import absolute_url
from app.core.slugs import slugify
from app.forum.models import Thread
from app.forum.queries import threads_visible_to
from app.topics.queries import topics_readable_by
from app.webinars.models import Webinar
from app.webinars.queries import webinars_visible_to

PAGES = ("home.show", "topics.index", "lists.show", "webinars.index", "knowledge.index")


def first_pages() -> Iterator[str]:
    """Lists, and of what they list the newest or any one. Full addresses."""
    for endpoint in PAGES:
        yield absolute_url(endpoint)
    for topic in _one(topics_readable_by(None)):
        yield absolute_url("topics.show", slug=topic.slug)
    for thread in _one(threads_visible_to(None).order_by(Thread.id.desc())):
        slug = slugify(thread.title)
        yield absolute_url("threads.show", thread_id=thread.id, slug=slug)
    for webinar in _one(webinars_visible_to(None).order_by(Webinar.id.desc())):
        slug = slugify(webinar.title)
        yield absolute_url("webinars.show", webinar_id=webinar.id, slug=slug)


def _one(rows: Select[Any]) -> Any:
    return db.session.scalars(rows.limit(1))
