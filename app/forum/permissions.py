"""What a person may do in a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from app.accounts.models import User
from app.accounts.permissions import is_organiser
from app.core.clock import utcnow
from app.forum.enums import EditWay, Standing, ThreadKind
from app.forum.models import Post, Thread
from app.topics.permissions import Rights, rights_in, rights_of

EDIT_WINDOW = timedelta(days=30)
RENAME_WINDOW = timedelta(hours=24)


class Editable(Protocol):
    """What decides how a post may be changed."""

    @property
    def number(self) -> int: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def is_wiki(self) -> bool: ...
    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True)
class ThreadRights:
    """All answers about one viewer and one thread, so that a page asks the database once."""

    can_reply: bool
    is_steward: bool


def rights_in_thread(viewer: User | None, thread: Thread) -> ThreadRights:
    return in_thread(thread, rights_in(viewer, thread.topic))


def thread_rights_of(viewer: User | None, thread: Thread, values: Sequence[Any]) -> ThreadRights:
    """The same from the values of `rights_columns`, read with the thread itself."""
    return in_thread(thread, rights_of(viewer, thread.topic.visibility, values))


def in_thread(thread: Thread, rights: Rights) -> ThreadRights:
    """A locked thread takes replies from nobody."""
    return ThreadRights(rights.can_reply and not thread.is_locked, rights.is_steward)


def can_reply(viewer: User | None, thread: Thread) -> bool:
    return rights_in_thread(viewer, thread).can_reply


def can_edit_post(viewer: User | None, post: Post) -> bool:
    """Change its text; adding to it or asking a steward are other ways."""
    return edit_way_of(viewer, post) in {EditWay.FREELY, EditWay.AS_STEWARD}


def edit_way_of(viewer: User | None, post: Post) -> EditWay | None:
    is_mine = viewer is not None and post.author_id == viewer.id
    return edit_way(rights_in_thread(viewer, post.thread), post.thread, post, is_mine=is_mine)


def edit_way(
    rights: ThreadRights, thread: Thread, post: Editable, *, is_mine: bool
) -> EditWay | None:
    """How a viewer with these rights may change a readable post (spec/forum 5.11)."""
    if not (rights.can_reply or rights.is_steward):
        return None
    if takes_addenda_only(post.standing, post.number, thread):
        return EditWay.ADDENDUM if is_mine else None
    if post.is_wiki or (is_mine and rights.is_steward):
        return EditWay.FREELY
    if not is_mine:
        return EditWay.AS_STEWARD if rights.is_steward else None
    is_young = post.created_at > utcnow() - EDIT_WINDOW
    return EditWay.FREELY if is_young else EditWay.ASK_STEWARD


def takes_addenda_only(standing: Standing, number: int, thread: Thread) -> bool:
    """Others rely on accepted answers and formal positions: what they say stays."""
    return standing is Standing.FORMAL or number == thread.accepted_number


def is_asker(viewer: User | None, thread: Thread) -> bool:
    """Who started the thread, or who keeps it since they handed over."""
    if viewer is None or not viewer.is_approved:
        return False
    return viewer.id in {thread.author_id, thread.keeper_id}


def leads_question(viewer: User | None, thread: Thread, rights: ThreadRights) -> bool:
    """Accept an answer, set a day for answers: the asker and the stewards."""
    is_question = thread.kind is ThreadKind.QUESTION
    return is_question and (is_asker(viewer, thread) or rights.is_steward)


def can_lead_question(viewer: User | None, thread: Thread) -> bool:
    return leads_question(viewer, thread, rights_in_thread(viewer, thread))


def can_consolidate(viewer: User | None, thread: Thread, rights: ThreadRights) -> bool:
    """Sum up the answers once the time for them is over."""
    is_up = thread.answers_by is not None and thread.answers_by <= utcnow()
    return is_up and leads_question(viewer, thread, rights)


def can_consolidate_now(viewer: User | None, thread: Thread) -> bool:
    return can_consolidate(viewer, thread, rights_in_thread(viewer, thread))


def is_own(viewer: User | None, post: Post) -> bool:
    return viewer is not None and viewer.is_approved and post.author_id == viewer.id


def can_mark_wiki(viewer: User | None, post: Post) -> bool:
    """Authors open their own posts, stewards any, unless others rely on what is there."""
    if takes_addenda_only(post.standing, post.number, post.thread):
        return False
    rights = rights_in_thread(viewer, post.thread)
    return rights.is_steward or (rights.can_reply and is_own(viewer, post))


def can_update_overview(rights: ThreadRights) -> bool:
    """Everybody who may reply; in a locked thread the stewards."""
    return rights.can_reply or rights.is_steward


def can_curate(viewer: User | None, thread: Thread) -> bool:
    """Move, split, merge, lock, pin, hide where they may read: stewards, organisers, admins."""
    return is_organiser(viewer) or rights_in_thread(viewer, thread).is_steward


def may_curate(viewer: User | None, rights: ThreadRights) -> bool:
    """The same where the rights are known."""
    return rights.is_steward or is_organiser(viewer)


def can_rename(viewer: User | None, thread: Thread) -> bool:
    """Title and tags: its author on the first day, later who curates."""
    return is_fresh_and_own(viewer, thread) or can_curate(viewer, thread)


def may_rename(viewer: User | None, thread: Thread, rights: ThreadRights) -> bool:
    return is_fresh_and_own(viewer, thread) or may_curate(viewer, rights)


def is_fresh_and_own(viewer: User | None, thread: Thread) -> bool:
    if viewer is None or thread.author_id != viewer.id or thread.is_locked:
        return False
    return thread.created_at > utcnow() - RENAME_WINDOW


def can_follow(viewer: User | None) -> bool:
    return viewer is not None and viewer.is_approved
