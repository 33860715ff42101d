"""Posts that go from one thread to another: new numbers, and signs where they were."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.db import db
from app.forum.models import Post, PostRedirect, Thread


def carry(posts: Sequence[Post], source: Thread, target: Thread) -> dict[int, int]:
    """Append posts of one held thread to another, in order. Return new numbers by old ones.

    Numbers of the source are never given again: a redirect row keeps each. An answer to a post
    that stays behind, or left before, answers nothing here.
    """
    numbers = {post.number: target.last_number + place for place, post in enumerate(posts, 1)}
    for post in posts:
        sign = PostRedirect(thread_id=source.id, number=post.number, post_id=post.id)
        db.session.add(sign)
        post.reply_to = numbers.get(post.reply_to or 0)
        post.number = numbers[post.number]
        post.thread = target
    target.last_number += len(posts)
    db.session.flush()
    return numbers
