"""Feeds for one reader, or (None) for anyone: what each of them holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from app.accounts.models import User
from app.core.atom import Entry, Feed
from app.core.i18n import _, in_language, language
from app.core.links import absolute_url
from app.core.slugs import slugify
from app.forum.byline import Byline
from app.forum.feeding import FedThread
from app.forum.listing import feed_of
from app.search.finding import Hit, asked_by, found_for
from app.search.shown import FoundPost
from app.search.snippets import highlighted
from app.topics.models import Topic

NOTHING_YET = datetime(2020, 1, 1, tzinfo=UTC)
"""The moment of an empty feed: the same at each look, so that 304 works."""


def topic_feed(reader: User | None, topic: Topic | None, address: str) -> Feed:
    """The newest threads of one topic, or of all."""
    entries = [
        Entry(
            address=_thread_address(row.id, row.title),
            title=row.title,
            html=html,
            language=row.language,
            author=_name(row.author),
            published=row.created_at,
            updated=row.last_post_at,
        )
        for row, html in feed_of(topic, reader)
    ]
    page = absolute_url("topics.show", slug=topic.slug) if topic else absolute_url("lists.show")
    title = in_language(topic.names) if topic else _("All conversations")
    return _feed(address, page, title, entries)


def thread_feed(thread: FedThread, address: str) -> Feed:
    """The latest posts of a thread."""
    entries = [
        Entry(
            address=absolute_url("permalinks.show", thread_id=thread.id, number=post.number),
            title=_("%(title)s: post %(number)s", title=thread.title, number=post.number),
            html=post.html,
            language=post.language,
            author=_name(post.author),
            published=post.published,
            updated=post.updated,
        )
        for post in thread.posts
    ]
    return _feed(address, _thread_address(thread.id, thread.title), thread.title, entries)


def search_feed(reader: User | None, sought: Mapping[str, str], address: str) -> Feed:
    """What a search of conversations finds, with the words around what was found.

    `sought` is the query string of the search's page: words and filters.
    """
    typed = sought.get("q", "")
    asked = asked_by(reader, typed, dict(sought))
    hits: Sequence[Hit] = found_for(asked, tab="conversations").hits
    entries = [_hit_entry(hit, hit.post) for hit in hits if hit.post and not hit.is_overview]
    page = absolute_url("search.show", **sought, type="conversations")
    return _feed(address, page, _("Search: %(words)s", words=typed), entries)


def _hit_entry(hit: Hit, post: FoundPost) -> Entry:
    return Entry(
        address=absolute_url("permalinks.show", thread_id=post.thread_id, number=post.number),
        title=post.title,
        html=str(highlighted(hit.text)),
        language=hit.language,
        author=None,
        published=post.created_at,
        updated=post.edited_at or post.created_at,
    )


def _feed(address: str, page: str, title: str, entries: list[Entry]) -> Feed:
    updated = max((entry.updated for entry in entries), default=NOTHING_YET)
    return Feed(address, page, title, "Interurban", language(), updated, entries)


def _name(author: Byline | None) -> str | None:
    return author.name if author else None


def _thread_address(thread_id: int, title: str) -> str:
    return absolute_url("threads.show", thread_id=thread_id, slug=slugify(title))
