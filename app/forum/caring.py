"""What one reader may do with each post of a page, and what was said about it with one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import User
from app.core.clock import utcnow
from app.forum.deleting import RESTORABLE_FOR
from app.forum.enums import EditWay, ResponseKind, ThreadKind
from app.forum.glancing import Mark
from app.forum.models import Thread
from app.forum.permissions import ThreadRights, edit_way, leads_question, takes_addenda_only
from app.forum.responding import Said, said_in
from app.forum.showing_posts import PostRow


@dataclass(frozen=True)
class Care:
    """All answers about one viewer and one post."""

    edit: EditWay | None = None
    can_accept: bool = False
    can_unaccept: bool = False
    can_mark_wiki: bool = False
    can_delete: bool = False
    can_restore: bool = False
    can_respond: bool = False
    can_keep: bool = False
    can_sum_up: bool = False  # its text may be where the thread stands
    said: dict[ResponseKind, Said] = field(default_factory=dict)

    @property
    def flags(self) -> tuple[Any, ...]:
        """What of it stands on the page of the thread; the rest is in the menu of the post."""
        return (self.can_accept, self.can_restore, self.can_respond, self.has_menu)

    @property
    def has_menu(self) -> bool:
        return self.edit is not None or self.can_mark_wiki or self.can_delete or self.can_keep


def care_for(
    viewer: User | None, thread: Thread, rights: ThreadRights, posts: Sequence[PostRow]
) -> dict[int, Care]:
    """By post number. Nobody hears what was said about a removed post."""
    leads = leads_question(viewer, thread, rights)
    return {
        post.number: _care(viewer, thread, rights, post, leads, said_in(post.responses))
        for post in posts
    }


def may_do(
    viewer: User | None, thread: Thread, rights: ThreadRights, marks: Sequence[Mark]
) -> dict[int, Care]:
    """The same without what was said, and without a statement."""
    leads = leads_question(viewer, thread, rights)
    return {mark.number: _care(viewer, thread, rights, mark, leads, {}) for mark in marks}


def _care(
    viewer: User | None,
    thread: Thread,
    rights: ThreadRights,
    post: PostRow | Mark,
    leads: bool,
    said: dict[ResponseKind, Said],
) -> Care:
    if viewer is None or not viewer.is_approved:
        return Care(said=said)
    if post.is_removed:
        return Care(can_restore=_can_restore(post))
    is_accepted = post.number == thread.accepted_number
    relied_on = takes_addenda_only(post.standing, post.number, thread)
    return Care(
        edit=edit_way(rights, thread, post, is_mine=post.is_mine),
        can_accept=leads and post.number > 1 and not is_accepted,
        can_unaccept=leads and is_accepted and thread.kind is ThreadKind.QUESTION,
        can_mark_wiki=not relied_on and (rights.is_steward or (post.is_mine and rights.can_reply)),
        can_delete=post.is_mine,
        can_respond=not post.is_mine,
        can_keep=True,
        can_sum_up=post.number == thread.consolidated_number and rights.can_reply,
        said=said,
    )


def _can_restore(post: PostRow | Mark) -> bool:
    if not post.is_mine or post.deleted_at is None:
        return False
    return post.deleted_at > utcnow() - RESTORABLE_FOR
