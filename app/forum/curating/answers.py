"""What becomes of an accepted answer whose post leaves the thread or the sight of its readers."""

from __future__ import annotations

from collections.abc import Sequence

from app.accounts.models import User
from app.forum.chronicling import note_event
from app.forum.enums import EventKind, ThreadKind
from app.forum.models import Post, Thread
from app.forum.signals import answer_unaccepted


def give_up_answers(thread: Thread, posts: Sequence[Post], actor: User) -> None:
    """A thread is not solved by what readers cannot find in it. Call before numbers change."""
    by_number = {post.number: post for post in posts}
    if thread.consolidated_number in by_number:
        thread.consolidated_number = None
    answer = by_number.get(thread.accepted_number or 0)
    if answer is not None:
        thread.accepted_number = None
        note_event(thread, EventKind.UNACCEPTED, actor, number=answer.number)
        answer_unaccepted.send(answer, actor=actor)


def bring_answers(source: Thread, target: Thread, numbers: dict[int, int], actor: User) -> None:
    """The solution of a merged question solves the other one, unless that has its own."""
    accepted = numbers.get(source.accepted_number or 0)
    if accepted and target.kind is ThreadKind.QUESTION and not target.accepted_number:
        target.accepted_number = accepted
        note_event(target, EventKind.ACCEPTED, actor, number=accepted)
    if source.consolidated_number and not target.consolidated_number:
        target.consolidated_number = numbers.get(source.consolidated_number)
    source.accepted_number = source.consolidated_number = None
