"""What can be found of posts and of what stands on top of threads, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from app.core.db import db
from app.forum.findable import opening_posts, tags_for_indexing
from app.forum.models import Post, Tag, ThreadOverview
from app.search.documents import OPENING, Document, document_of_overview, document_of_post


def documents_of_posts(posts: Sequence[Post]) -> list[Document]:
    tags = _tags_of({post.thread_id for post in posts if post.number == OPENING})
    return [document_of_post(post, tags[post.thread_id]) for post in posts]


def documents_of_overviews(overviews: Sequence[ThreadOverview]) -> list[Document]:
    """None where the opening post cannot be read."""
    found = db.session.scalars(opening_posts({one.thread_id for one in overviews}))
    openings = {post.thread_id: post for post in found}
    return [
        document_of_overview(one, openings[one.thread_id])
        for one in overviews
        if one.thread_id in openings
    ]


def _tags_of(thread_ids: set[int]) -> defaultdict[int, list[Tag]]:
    tags = defaultdict[int, list[Tag]](list)
    for thread_id, tag in db.session.execute(tags_for_indexing(thread_ids)) if thread_ids else ():
        tags[thread_id].append(tag)
    return tags
