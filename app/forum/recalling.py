"""What a post said before, as far as its reader may know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import null, select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.forum.attaching import list_files
from app.forum.byline import Byline, author_columns, byline, with_author
from app.forum.comparing import Piece, compare
from app.forum.curating.holding import hold_thread_of
from app.forum.enums import EventKind
from app.forum.errors import CannotHideRevision
from app.forum.models import Post, PostRevision, Thread, ThreadEvent

HIDEABLE_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Kept:
    """One text of a post. `body` None: hidden from this reader, or erased."""

    revision: int
    body: str | None
    files: list[str]
    is_hidden: bool
    is_erased: bool
    editor_id: int | None  # who replaced it
    reason: str  # why it was replaced
    editor: Byline | None


@dataclass(frozen=True)
class Change:
    """One edit: from `before` to the text of `revision`. `pieces` None: one of both is hidden."""

    revision: int
    at: datetime | None
    before: Kept
    pieces: list[Piece] | None
    files_added: list[str]
    files_removed: list[str]

    @property
    def may_be_hidden_by(self) -> int | None:
        """The account that changed it, while it is not too late to hide what was there."""
        is_fresh = self.at is not None and self.at > utcnow() - HIDEABLE_FOR
        is_open = not self.before.is_hidden and not self.before.is_erased
        return self.before.editor_id if is_fresh and is_open else None


def history_of(viewer: User | None, post: Post, *, sees_hidden: bool) -> list[Change]:
    """All edits that were kept, the latest first."""
    rows = _kept_rows(viewer, post)
    texts = [_kept(row, sees_hidden) for row in rows]
    times = [*(row.created_at for row in rows), post.edited_at][1:]
    now = Kept(post.revision, post.body, file_names(post), False, False, None, "", None)
    pairs = pairwise([*texts, now])
    changes = [_change(*pair, at) for pair, at in zip(pairs, times, strict=True)]
    return changes[::-1]


def titles_of(thread: Thread) -> list[tuple[datetime, str, str]]:
    """When the title was changed, from what and to what, the latest first."""
    found = (
        select(ThreadEvent.at, ThreadEvent.details)
        .where(ThreadEvent.thread_id == thread.id, ThreadEvent.kind == EventKind.RENAMED)
        .order_by(ThreadEvent.id.desc())
    )
    return [
        (at, str(details.get("old", "")), str(details.get("new", "")))
        for at, details in db.session.execute(found)
    ]


def file_names(post: Post) -> list[str]:
    """What is attached to a post now."""
    return [file["name"] for file in list_files(post)] if post.file_count else []


def hide_own(post: Post, revision: int, author: User) -> None:
    """Hide one older text of one's own, soon after it was replaced. Raise CannotHideRevision."""
    kept = _hold(post, revision)
    if kept is None or _was_used(post, author) or not _is_fresh(post, kept, author):
        raise CannotHideRevision
    kept.hidden_at, kept.hidden_by_id = utcnow(), author.id


def hide(post: Post, revision: int, steward: User) -> None:
    """Stewards may hide any older text, and still read it."""
    kept = _hold(post, revision)
    if kept is not None and kept.hidden_at is None:
        kept.hidden_at, kept.hidden_by_id = utcnow(), steward.id
        record(steward.id, "forum.hide_revision", f"post:{post.id}", revision=revision)


def unhide(post: Post, revision: int, steward: User) -> None:
    kept = _hold(post, revision)
    if kept is not None and kept.hidden_at is not None:
        kept.hidden_at, kept.hidden_by_id = None, None
        record(steward.id, "forum.unhide_revision", f"post:{post.id}", revision=revision)


def erase(post: Post, revision: int, admin: User) -> None:
    """Forget an older text for good: it held personal data."""
    kept = _hold(post, revision)
    if kept is not None and kept.erased_at is None:
        kept.body = kept.html = ""
        kept.files = []
        kept.erased_at = utcnow()
        record(admin.id, "forum.erase_revision", f"post:{post.id}", revision=revision)


def _kept_rows(viewer: User | None, post: Post) -> Sequence[Any]:
    statement = (
        select(PostRevision, *author_columns())
        .select_from(PostRevision)
        .join(Post, Post.id == PostRevision.post_id)
        .join(Post.thread)
        .where(PostRevision.post_id == post.id)
        .order_by(PostRevision.revision)
    )
    rows = db.session.execute(with_author(statement, viewer, PostRevision.editor_id, null()))
    return [_Row(row) for row in rows]


class _Row:
    """A kept text with the byline of who replaced it."""

    def __init__(self, row: Any) -> None:
        self.kept: PostRevision = row[0]
        self.created_at = self.kept.created_at
        self.editor = byline(tuple(row[1:]))


def _kept(row: _Row, sees_hidden: bool) -> Kept:
    kept = row.kept
    is_hidden, is_erased = kept.hidden_at is not None, kept.erased_at is not None
    is_shown = not is_erased and (sees_hidden or not is_hidden)
    return Kept(
        revision=kept.revision,
        body=kept.body if is_shown else None,
        files=[str(file.get("name", "")) for file in kept.files] if is_shown else [],
        is_hidden=is_hidden,
        is_erased=is_erased,
        editor_id=kept.editor_id,
        reason=kept.reason,
        editor=row.editor,
    )


def _change(before: Kept, after: Kept, at: datetime | None) -> Change:
    if before.body is None or after.body is None:
        return Change(after.revision, at, before, None, [], [])
    return Change(
        revision=after.revision,
        at=at,
        before=before,
        pieces=compare(before.body, after.body),
        files_added=list(_without(after.files, before.files)),
        files_removed=list(_without(before.files, after.files)),
    )


def _without(names: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    return (name for name in names if name not in others)


def _hold(post: Post, revision: int) -> PostRevision | None:
    thread = hold_thread_of(post)
    thread.revision += 1
    found = select(PostRevision).where(
        PostRevision.post_id == post.id, PostRevision.revision == revision
    )
    return db.session.scalars(found).first()


def _was_used(post: Post, author: User) -> bool:
    found = select(PostRevision.id).where(
        PostRevision.post_id == post.id, PostRevision.hidden_by_id == author.id
    )
    return db.session.scalar(found.limit(1)) is not None


def _is_fresh(post: Post, kept: PostRevision, author: User) -> bool:
    if author.id not in {post.author_id} & {kept.editor_id} or kept.hidden_at is not None:
        return False
    following = select(PostRevision.created_at).where(
        PostRevision.post_id == post.id, PostRevision.revision == kept.revision + 1
    )
    replaced_at = db.session.scalar(following) or post.edited_at
    return replaced_at is not None and replaced_at > utcnow() - HIDEABLE_FOR
