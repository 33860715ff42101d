"""Files of posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, case, delete, select

from app.accounts.models import User
from app.core.db import db
from app.files.errors import TooManyFiles
from app.files.models import StoredFile
from app.files.showing import FileRow, file_columns, file_row, file_row_of_texts
from app.files.using import MOST_FILES, Attachment, attach, check_count, describe, detach
from app.forum.models import Post, PostFile, Thread
from app.forum.packing import packed, unpacked
from app.forum.queries import post_is_readable


def attach_files(post: Post, author: User, wanted: Sequence[Attachment]) -> None:
    """Add files to a post, inside `write()`. Raise FileNotYours, TooManyFiles, AltMissing."""
    if not wanted:
        return
    if post.file_count + len(wanted) > MOST_FILES:
        raise TooManyFiles
    _link(post, attach(author, wanted), post.file_count)
    post.file_count += len(wanted)
    db.session.flush()


def attach_to_opening(thread: Thread, author: User, wanted: Sequence[Attachment]) -> None:
    """The same for a thread that was just started."""
    opening = select(Post).where(Post.thread_id == thread.id).order_by(Post.number).limit(1)
    attach_files(db.session.scalars(opening).one(), author, wanted)


def replace_files(post: Post, editor: User, wanted: Sequence[Attachment]) -> None:
    """Give a post these files instead of those it has.

    The caller holds the thread. Call `list_files` first for what the revision keeps.
    """
    check_count(wanted)
    there = {file.key: file for file in _files_on(post)}
    files = {one.key: there[one.key] for one in wanted if one.key in there}
    for one in wanted:
        if one.key in files:
            describe(files[one.key], one)
    new = attach(editor, [one for one in wanted if one.key not in there])
    detach(file.id for key, file in there.items() if key not in files)
    files |= {file.key: file for file in new}
    db.session.execute(delete(PostFile).where(PostFile.post_id == post.id))
    _link(post, [files[one.key] for one in wanted], 0)
    post.file_count = len(wanted)
    db.session.flush()


def files_differ(post: Post, wanted: Sequence[Attachment]) -> bool:
    """Whether a form names other files, or other words for them, than the post has."""
    there = [(file.key, file.alt, file.is_decorative) for file in _files_on(post)]
    return there != [(one.key, one.alt, one.is_decorative and not one.alt) for one in wanted]


def list_files(post: Post) -> list[dict[str, str]]:
    """Names and alt texts, as `PostRevision.files` keeps them."""
    return [{"name": file.name, "alt": file.alt} for file in _files_on(post)]


def files_of(post_ids: Sequence[int]) -> dict[int, list[FileRow]]:
    """The files of the posts of a page, in one statement; none when nothing is asked."""
    found: dict[int, list[FileRow]] = {}
    if not post_ids:
        return found
    rows: Select[Any] = select(PostFile.post_id, *file_columns()).join(PostFile.file)
    rows = rows.where(PostFile.post_id.in_(post_ids)).order_by(PostFile.post_id, PostFile.position)
    for post_id, *values in db.session.execute(rows):
        found.setdefault(post_id, []).append(file_row(values))
    return found


def packed_files() -> Any:
    """The files of the post that a statement reads, as one value for `files_in`."""
    rows = select(PostFile.position, *file_columns()).join(PostFile.file)
    rows = rows.where(PostFile.post_id == Post.id).correlate(Post)
    shown = and_(Post.file_count > 0, post_is_readable())
    return case((shown, packed(rows)), else_=None)


def files_in(value: str | None) -> list[FileRow]:
    rows = sorted(unpacked(value), key=lambda row: int(row[0]))
    return [file_row_of_texts(values) for _position, *values in rows]


def files_in_use() -> Select[int]:
    """Ids of files that stay: those of posts that nobody deleted. Hidden ones may come back."""
    files = select(PostFile.file_id).join(Post).join(Post.thread)
    return files.where(Post.deleted_at.is_(None), Thread.deleted_at.is_(None))


def _files_on(post: Post) -> list[StoredFile]:
    rows = select(PostFile).where(PostFile.post_id == post.id).order_by(PostFile.position)
    return [row.file for row in db.session.scalars(rows)]


def _link(post: Post, files: Sequence[StoredFile], first: int) -> None:
    for position, file in enumerate(files, first):
        db.session.add(PostFile(post_id=post.id, file_id=file.id, position=position))
