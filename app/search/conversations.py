"""What can be found of posts and of what stands on top of threads, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement

from app.core.db import db
from app.forum.findable import (
    facts_in_hand,
    facts_of_posts,
    opening_posts,
    tag_ids_in,
    tag_ids_of,
    tags_for_indexing,
)
from app.forum.models import Post, Tag, ThreadOverview
from app.search.documents import (
    OPENING,
    Document,
    document_of_overview,
    document_of_post,
    document_of_words,
)
from app.search.facts import facts_of_post


def documents_of_posts(posts: Sequence[Post]) -> list[Document]:
    tags = _tags_of({post.thread_id for post in posts if post.number == OPENING})
    facts = facts_by_post(Post.id.in_([post.id for post in posts]))
    return [document_of_post(post, facts.get(post.id, ""), tags[post.thread_id]) for post in posts]


def document_of_reply(post: Post, words: str) -> Document:
    """Of a post that was written a moment ago, `words` being its plain text."""
    facts = facts_of_post(facts_in_hand(post), tag_ids_in(post.thread_id))
    return document_of_words(post, words, facts)


def documents_of_overviews(overviews: Sequence[ThreadOverview]) -> list[Document]:
    """None where the opening post cannot be read."""
    found = db.session.scalars(opening_posts({one.thread_id for one in overviews}))
    openings = {post.thread_id: post for post in found}
    facts = facts_by_post(Post.id.in_([post.id for post in openings.values()]))
    return [
        document_of_overview(one, openings[one.thread_id], facts[openings[one.thread_id].id])
        for one in overviews
        if one.thread_id in openings
    ]


def facts_by_post(condition: ColumnElement[bool]) -> dict[int, str]:
    """What filters ask of each readable post."""
    rows = db.session.execute(facts_of_posts(condition)).all()
    tags = defaultdict[int, list[int]](list)
    if threads := {row.thread_id for row in rows}:
        for thread_id, tag_id in db.session.execute(tag_ids_of(threads)):
            tags[thread_id].append(tag_id)
    return {row.id: facts_of_post(row, tags[row.thread_id]) for row in rows}


def _tags_of(thread_ids: set[int]) -> defaultdict[int, list[Tag]]:
    tags = defaultdict[int, list[Tag]](list)
    for thread_id, tag in db.session.execute(tags_for_indexing(thread_ids)) if thread_ids else ():
        tags[thread_id].append(tag)
    return tags
