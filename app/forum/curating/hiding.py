"""Taking a post out of sight for a reason, and bringing it back. Its number stays."""

from __future__ import annotations

from collections.abc import Sequence

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.forum.chronicling import note_event
from app.forum.counting import recount
from app.forum.curating.answers import give_up_answers
from app.forum.enums import EventKind
from app.forum.models import Post, Thread
from app.forum.queries import posts_to_care_for
from app.forum.signals import post_hidden, post_removed, post_restored, post_unhidden


def hidden_posts(viewer: User, thread: Thread) -> Sequence[Post]:
    """With their texts, for those who look after the thread."""
    hidden = posts_to_care_for(viewer).where(
        Post.thread_id == thread.id, Post.hidden_at.is_not(None), Post.deleted_at.is_(None)
    )
    return db.session.scalars(hidden.order_by(Post.number)).all()


def hide(post: Post, actor: User, reason: str) -> bool:
    """Hide a post of a thread that is held; its author is told why. Return whether that was new."""
    if post.hidden_at is not None:
        return False
    post.hidden_at, post.hidden_by_id, post.hidden_reason = utcnow(), actor.id, reason
    thread = post.thread
    note_event(
        thread, EventKind.HIDDEN, actor, unseen={"reason": reason}, number=post.number
    ).after_number = post.number
    give_up_answers(thread, [post], actor)
    recount(thread)
    post_removed.send(post)
    post_hidden.send(post, actor=actor, reason=reason)
    return True


def unhide(post: Post, actor: User) -> bool:
    """Bring a hidden post back; return whether it was hidden."""
    if post.hidden_at is None:
        return False
    post.hidden_at, post.hidden_by_id, post.hidden_reason = None, None, ""
    note_event(post.thread, EventKind.UNHIDDEN, actor, number=post.number)
    recount(post.thread)
    if post.deleted_at is None:
        post_restored.send(post)
    post_unhidden.send(post, actor=actor)
    return True
