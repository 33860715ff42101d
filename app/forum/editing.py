"""Changing what is written (spec/forum 5.11): nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from flask_babel import format_date
from sqlalchemy import select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import LANGUAGES, _, speaking
from app.files.using import Attachment
from app.forum import mentioning
from app.forum.attaching import files_differ, list_files, replace_files
from app.forum.curating.holding import hold_thread_of
from app.forum.errors import EditConflict, OnlyAddenda, ReasonNeeded, ThreadLocked
from app.forum.models import Post, PostRevision, Thread
from app.forum.permissions import takes_addenda_only
from app.forum.posting import Text, put_text, text_of
from app.forum.signals import post_edited, post_edited_by_steward

GRACE = timedelta(seconds=300)
GRACE_CHARACTERS = 100
GRACE_CHARACTERS_OF_STEWARDS = 400


def edit_post(
    post: Post,
    editor: User,
    text: Text,
    based_on: str,
    reason: str = "",
    *,
    is_steward: bool = False,
    files: Sequence[Attachment] | None = None,
) -> bool:
    """Replace a post's text; return whether that left a mark and a kept revision.

    `based_on` is the `version_of` the text the editor started from. Raise EditConflict when
    the post says something else by now. Small changes within five minutes leave no mark.
    `files` None: as they are.
    """
    thread = hold_thread_of(post)
    _check_open(thread, post, is_steward)
    if version_of(post) != based_on:
        raise EditConflict
    has_other_files = files is not None and files_differ(post, files)
    if (post.body, post.language) == (text.body, text.language) and not has_other_files:
        return False
    by_steward = is_steward and post.author_id != editor.id and not post.is_wiki
    if by_steward and not reason:
        raise ReasonNeeded
    most = GRACE_CHARACTERS_OF_STEWARDS if is_steward else GRACE_CHARACTERS
    is_marked = has_other_files or not _is_in_grace(post, thread, editor, text.body, most)
    if is_marked:
        keep_revision(post, editor, reason)
    if has_other_files:
        replace_files(post, editor, files or [])
    replace_text(post, thread, text)
    if by_steward:
        post_edited_by_steward.send(post, editor=editor, reason=reason)
    return is_marked


def with_addendum(post: Post, words: str) -> Text:
    """The text of a post with dated words below it, in its own language where that is known."""
    code = post.language if post.language in LANGUAGES else "en"
    with speaking(code):
        head = _("Added on %(day)s:", day=format_date(utcnow().date(), "long"))
    return text_of(f"{post.body}\n\n**{head}** {words}", post.language)


def add_to_post(post: Post, author: User, text: Text, based_on: str) -> None:
    """Put `with_addendum` into the post; what it said is kept. Raise EditConflict, ThreadLocked."""
    thread = hold_thread_of(post)
    if thread.is_locked:
        raise ThreadLocked
    if version_of(post) != based_on:
        raise EditConflict
    keep_revision(post, author, "")
    replace_text(post, thread, text)


def mark_wiki(post: Post, actor: User, *, is_open: bool) -> None:
    """Open a post to the edits of everybody who may reply, or close it."""
    thread = hold_thread_of(post)
    if post.is_wiki == is_open:
        return
    post.is_wiki = is_open
    thread.revision += 1
    record(actor.id, "forum.open_post" if is_open else "forum.close_post", f"post:{post.id}")


def replace_text(post: Post, thread: Thread, text: Text) -> None:
    put_text(post, text)
    thread.revision += 1
    mentioning.mention(post, text.rendered.mentions)
    post_edited.send(post)


def keep_revision(post: Post, editor: User, reason: str) -> None:
    """Keep what a post says, before it says something else."""
    now = utcnow()
    db.session.add(
        PostRevision(
            post_id=post.id,
            revision=post.revision,
            body=post.body,
            html=post.html,
            editor_id=editor.id,
            reason=reason,
            files=list_files(post) if post.file_count else [],
            created_at=post.edited_at or post.created_at,
        )
    )
    post.revision += 1
    post.edited_at = now


def as_it_is(post: Post) -> dict[str, str]:
    """What the form of an edit starts from."""
    return {
        "body": post.body,
        "language": post.language,
        "based_on": version_of(post),
        "started_from": post.body,
    }


def version_of(post: Post) -> str:
    """What an edit is based on: changes also when a text changes without a mark."""
    return f"{post.revision}.{sha256(post.body.encode()).hexdigest()[:16]}"


def changed_characters(before: str, after: str) -> int:
    """How many characters differ between the common beginning and the common end."""
    longest = min(len(before), len(after))
    start = next((i for i in range(longest) if before[i] != after[i]), longest)
    rest = longest - start
    end = next((i for i in range(rest) if before[-1 - i] != after[-1 - i]), rest)
    return max(len(before), len(after)) - start - end


def _check_open(thread: Thread, post: Post, is_steward: bool) -> None:
    if thread.is_locked and not is_steward:
        raise ThreadLocked
    if takes_addenda_only(post.standing, post.number, thread):
        raise OnlyAddenda


def _is_in_grace(post: Post, thread: Thread, editor: User, body: str, most: int) -> bool:
    """Soon after writing, a small change, and nobody has answered meanwhile."""
    if thread.last_number > post.number or editor.id != post.author_id:
        return False
    written_at = post.edited_at or post.created_at
    if utcnow() - written_at > GRACE or changed_characters(post.body, body) > most:
        return False
    return post.revision == 1 or _last_editor_id(post) == editor.id


def _last_editor_id(post: Post) -> int | None:
    last = select(PostRevision.editor_id).where(
        PostRevision.post_id == post.id, PostRevision.revision == post.revision - 1
    )
    return db.session.scalar(last)
