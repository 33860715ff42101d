"""From what a browser sends to a file we keep: slow work first, then one row."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, first_or_404, locked, wait_turn
from app.core.errors import DomainError
from app.core.rate_limit import DAY, MINUTE, Allowance, spend
from app.files.checking import MOST_BYTES, check
from app.files.clearing import remove_later
from app.files.errors import FileRefused, TooMuchStored, TooMuchUnused
from app.files.images import redraw
from app.files.kinds import Family
from app.files.models import StoredFile
from app.files.naming import MEGABYTE, clean_name
from app.files.queries import bytes_stored, bytes_unused, own_unused
from app.files.scanning import scan
from app.files.storing import store, thumbnail_of

MOST_STORED = 3 * 1024 * MEGABYTE
MOST_UNUSED = 40 * MEGABYTE
PACE = Allowance(10, MINUTE), Allowance(100, DAY)


@dataclass(frozen=True)
class Prepared:
    """A file whose bytes lie in the store under `key` and that has no row yet."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    has_thumbnail: bool


def count_upload(owner: User) -> None:
    """Inside `write()`, before the work: what is refused counts too. Raise AllowanceSpent."""
    spend("upload", f"user:{owner.id}", *PACE)


def prepare(stream: IO[bytes], name: str) -> Prepared:
    """Check, clean and store. Slow: outside of `write()`. Raise FileRefused, which says the name.

    What is prepared and never kept is removed by the sweep of `clearing`.
    """
    called = clean_name(name)
    try:
        return _prepare(stream.read(MOST_BYTES + 1), called)
    except FileRefused as error:
        raise FileRefused(error.reason, called) from error


def keep(prepared: Prepared, owner: User) -> StoredFile:
    """Make it a file of this person, inside `write()`. Raise TooMuchStored, TooMuchUnused."""
    wait_turn(f"files:{owner.id}")
    try:
        _check_room(prepared.size, owner)
    except DomainError:
        _discard(prepared)
        raise
    file = StoredFile(**vars(prepared), owner_id=owner.id, created_at=utcnow())
    db.session.add(file)
    db.session.flush()
    return file


def keep_unowned(prepared: Prepared) -> StoredFile:
    """A file of somebody without account, inside `write()`: in use from the first moment.

    The caller counts what this person sends and links the file to its thing.
    """
    now = utcnow()
    file = StoredFile(**vars(prepared), created_at=now, attached_at=now)
    db.session.add(file)
    db.session.flush()
    return file


def drop(owner: User, key: str) -> None:
    """Take an own file away that nothing uses, inside `write()`. NotFound for any other."""
    file = first_or_404(locked(own_unused(owner, [key])))
    db.session.delete(file)
    remove_later([key])


def _check_room(size: int, owner: User) -> None:
    if bytes_stored(owner) + size > MOST_STORED:
        raise TooMuchStored
    if bytes_unused(owner) + size > MOST_UNUSED:
        raise TooMuchUnused


def _discard(prepared: Prepared) -> None:
    store().remove(prepared.key)
    store().remove(thumbnail_of(prepared.key))


def _prepare(content: bytes, name: str) -> Prepared:
    kind = check(content, name)
    scan(content)
    picture = redraw(content, kind.media_type) if kind.family is Family.IMAGE else None
    kept = picture.content if picture else content
    prepared = Prepared(
        key=secrets.token_hex(16),
        name=name,
        media_type=kind.media_type,
        size=len(kept),
        sha256=sha256(kept).hexdigest(),
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        has_thumbnail=bool(picture and picture.thumbnail),
    )
    if picture and picture.thumbnail:
        store().put(thumbnail_of(prepared.key), picture.thumbnail)
    store().put(prepared.key, kept)
    return prepared
