"""Which files a person may have. What a file hangs on is known to later domains: they tell."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from app.accounts.models import User
from app.core.db import db
from app.files.models import StoredFile


def one_file(viewer: User | None, key: str, attached: Sequence[Select[int]]) -> Select[StoredFile]:
    """The file, if it hangs on something the viewer reads or is their own and hangs on nothing.

    `attached` selects the ids of files of readable posts, of one's own messages and so on.
    """
    readable = [hangs_on(ids) for ids in attached]
    return select(StoredFile).where(
        StoredFile.key == key, or_(and_(_is_of(viewer), _is_unused()), *readable)
    )


def hangs_on(ids: Select[int]) -> ColumnElement[bool]:
    """The file is among these ids. Asked of one file at a time: nobody lists all there are."""
    return ids.where(ids.selected_columns[0] == StoredFile.id).exists()


def own_unused(owner: User, keys: Sequence[str]) -> Select[StoredFile]:
    """Files that this person has uploaded and not yet used."""
    return select(StoredFile).where(_is_of(owner), _is_unused(), StoredFile.key.in_(keys))


def bytes_stored(owner: User) -> int:
    return _sum_of(StoredFile.owner_id == owner.id)


def bytes_unused(owner: User) -> int:
    return _sum_of(StoredFile.owner_id == owner.id, _is_unused())


def keys_known(keys: Sequence[str]) -> set[str]:
    """Those of these keys that belong to a row."""
    return set(db.session.scalars(select(StoredFile.key).where(StoredFile.key.in_(keys))))


def _is_of(viewer: User | None) -> ColumnElement[bool]:
    return false() if viewer is None else StoredFile.owner_id == viewer.id


def _is_unused() -> ColumnElement[bool]:
    return and_(StoredFile.attached_at.is_(None), StoredFile.deleted_at.is_(None))


def _sum_of(*which: ColumnElement[bool]) -> int:
    size = select(func.coalesce(func.sum(StoredFile.size), 0)).where(*which)
    return int(db.session.scalars(size).one())
