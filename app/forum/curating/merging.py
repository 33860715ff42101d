"""Making one thread of two: all posts of one go to the end of the other."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.drafting import carry_drafts
from app.accounts.models import User
from app.core.audit import record
from app.core.db import db
from app.forum.chronicling import note_event
from app.forum.counting import recount
from app.forum.curating.answers import bring_answers
from app.forum.curating.carrying import carry
from app.forum.curating.errors import NamesWouldShow, NoSuchThread, SameThread, WouldWiden
from app.forum.curating.readership import is_within, readers_of
from app.forum.curating.reading_marks import join_marks
from app.forum.curating.withholding import is_stricter
from app.forum.enums import EventKind
from app.forum.models import Post, Thread
from app.forum.permissions import can_curate
from app.forum.queries import one_thread, where_thread_went
from app.forum.signals import posts_moved
from app.topics.readers import read_grants


def merge(thread: Thread, target: Thread, actor: User) -> int:
    """Append all of a thread to another one; both are held. What stays is a shell that leads on.

    Return the number that its first post has now.
    Raise WouldWiden or NamesWouldShow when the other thread says more, or says it to more people.
    """
    check(thread, target)
    posts, end = _posts_of(thread), target.last_number
    note_event(target, EventKind.MERGED_IN, actor, from_thread=thread.id, count=len(posts))
    numbers = carry(posts, thread, target)
    join_marks(thread, target, numbers, end)
    bring_answers(thread, target, numbers, actor)
    _leave_shell(thread, target, actor)
    carry_drafts(f"reply:{thread.id}", f"reply:{target.id}")
    recount(thread)
    recount(target)
    posts_moved.send(thread, target=target, posts=posts, actor=actor)
    return end + 1


def target_for(viewer: User, thread_id: int) -> Thread:
    """The other thread, or what became of it. Raise NoSuchThread unless the viewer curates it."""
    there = db.session.scalars(one_thread(viewer, thread_id)).first()
    target = there or where_thread_went(viewer, thread_id)
    if target is None or not can_curate(viewer, target):
        raise NoSuchThread
    return target


def held_target(viewer: User, thread_id: int) -> Thread:
    """The same inside the transaction that holds it. Where it leads to by now is not held."""
    target = target_for(viewer, thread_id)
    if target.id != thread_id:
        raise NoSuchThread
    return target


def check(thread: Thread, target: Thread) -> None:
    if thread.id == target.id:
        raise SameThread
    if is_stricter(thread.attribution, target.attribution):
        raise NamesWouldShow
    if not is_within(readers_of(target), readers_of(thread), read_grants()):
        raise WouldWiden


def _posts_of(thread: Thread) -> Sequence[Post]:
    """Removed ones too: their authors and stewards can still bring them back."""
    posts = select(Post).where(Post.thread_id == thread.id).order_by(Post.number)
    return db.session.scalars(posts.execution_options(populate_existing=True)).all()


def _leave_shell(thread: Thread, target: Thread, actor: User) -> None:
    """Its address leads to the other thread. Threads merged into it before lead on over it.

    Nothing but held rows is changed: two who merge in a circle would wait for each other.
    """
    thread.merged_into_id = target.id
    thread.is_pinned, thread.answers_by = False, None
    thread.revision += 1
    record(actor.id, "forum.merged_away", f"thread:{thread.id}", to=target.id)
