"""Threads about what somebody is about to ask."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Integer, Select, Text, bindparam, select
from sqlalchemy.orm import contains_eager, load_only

from app.accounts.models import User
from app.core.db import db
from app.forum.findable import posts_in
from app.forum.models import Post, Thread
from app.forum.queries import post_is_readable, thread_is_visible
from app.search.backends.lookup import Lookup
from app.search.facts import titled
from app.search.models import SearchDocument
from app.search.parsing import WORD, fold
from app.search.queries import posts_readable_by
from app.search.statement import IS_OF_TOPIC, JOINED_TO_TOPIC, backend
from app.topics.models import Topic

SHORTEST_TITLE = 10
MOST = 5
LONG_WORD = 4
MOST_WORDS = 12
NEWEST, REACH, CLOSEST = 1000, 3000, 40
SHARED = 0.34
"""How much of what was typed, counted in letters, another title has to share."""

SHOWN_OF_POST = (Post.thread_id, Post.number, Post.created_at, Post.edited_at)
SHOWN_OF_THREAD = (
    Thread.topic_id,
    Thread.title,
    Thread.kind,
    Thread.language,
    Thread.last_number,
    Thread.accepted_number,
)


def similar_threads(viewer: User, title: str) -> list[Post]:
    """Opening posts of readable threads whose titles share words with this one, closest first."""
    words = telling_words(title)
    if len(title.strip()) < SHORTEST_TITLE or not words:
        return []
    close = [post for post in _candidates(viewer, words) if likeness(title, post.thread.title)]
    close.sort(key=lambda post: (-likeness(title, post.thread.title), -post.id))
    return close[:MOST]


def likeness(typed: str, title: str) -> float:
    """The share of the typed words' letters that the title has too; 0 for too little."""
    words, theirs = telling_words(typed), set(telling_words(title))
    shared = sum(len(word) for word in words if word in theirs)
    share = shared / max(1, sum(map(len, words)))
    return share if share >= SHARED else 0


def telling_words(title: str) -> list[str]:
    """The long words, folded; where there are none, all."""
    words = list(dict.fromkeys(fold(word) for word in WORD.findall(title[:200])))
    return [word for word in words if len(word) >= LONG_WORD][:MOST_WORDS] or words[:MOST_WORDS]


def _candidates(viewer: User, words: list[str]) -> list[Post]:
    """The closest by what their titles share, of the newest that share anything."""
    asked = backend().one_of([titled(word) for word in words])
    values = {"asked": asked, "reader_id": viewer.id, "most": NEWEST, "reach": REACH}
    statement = _close_titles(backend(), viewer.is_approved)
    with backend().planned_for_these_words():
        found = db.session.scalars(statement, values).all()
    posts = _openings(viewer, found).where(Post.number == 1)
    return list(db.session.scalars(posts)) if found else []


def _openings(viewer: User | None, ids: Collection[int]) -> Select[Post]:
    """What a line of results shows of them, read from these numbers on and not from the topics
    down. The topics are at hand: whoever asks has loaded all that the viewer may read."""
    one = backend()
    found = one.joined(Post.__table__, Thread, Thread.id == Post.thread_id)
    found = one.joined(found, Topic, IS_OF_TOPIC)
    thread = contains_eager(Post.thread).load_only(*SHOWN_OF_THREAD)
    posts = posts_in(found).options(load_only(*SHOWN_OF_POST), thread)
    return posts.where(Post.id.in_(ids), thread_is_visible(viewer), post_is_readable())


@cache
def _close_titles(one: Any, is_approved: bool) -> Select[int]:
    """Ids of opening posts."""
    reader = SimpleNamespace(id=bindparam("reader_id", type_=Integer), is_approved=is_approved)
    asked = bindparam("asked", type_=Text)
    columns = [SearchDocument.id.label("id"), Post.id.label("post_id")]
    readable = posts_readable_by(cast(User, reader))
    closeness = one.closeness(asked)
    lookup = Lookup(
        asked,
        columns,
        JOINED_TO_TOPIC,
        readable,
        closeness,
        tells_of_more=False,
        is_told_by_index=True,
    )
    newest = one.newest(lookup)[0].subquery()
    closest = select(newest.c.post_id).order_by(newest.c.score, newest.c.id.desc())
    return closest.limit(CLOSEST)
