"""What nobody uses goes: rows first, their bytes after the commit, stray bytes by a sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice

from sqlalchemy import ColumnElement, Select, and_, delete, false, or_, update

from app.accounts.directory import demo_people_ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.files.models import StoredFile
from app.files.queries import hangs_on, keys_known
from app.files.storing import HALF, store, thumbnail_of

ORPHANS_STAY = timedelta(hours=48)
DELETED_STAY = timedelta(days=30)
BATCH = 200

Uses = Callable[[], Select[int]]
_uses: list[Uses] = []


def register_uses(uses: list[Uses]) -> None:
    """Who uses files: each function selects the ids of files that must stay."""
    _uses[:] = uses


def note_what_is_used() -> None:
    """Files of things that were deleted begin to run out; those of restored things stay.

    A restored file comes back only from deletion: what is not used by anything goes on waiting.
    """
    if not _uses:
        return
    run_out = update(StoredFile).where(
        StoredFile.attached_at.is_not(None), StoredFile.deleted_at.is_(None), ~_is_used()
    )
    come_back = update(StoredFile).where(StoredFile.deleted_at.is_not(None), _is_used())
    plain = {"synchronize_session": False}
    db.session.execute(run_out.values(deleted_at=utcnow()), execution_options=plain)
    db.session.execute(come_back.values(deleted_at=None), execution_options=plain)


def remove_what_ran_out() -> int:
    """Delete rows whose time is over; their bytes go after this transaction. Return how many."""
    now = utcnow()
    orphan = and_(StoredFile.attached_at.is_(None), StoredFile.created_at < now - ORPHANS_STAY)
    deleted = and_(StoredFile.deleted_at < now - DELETED_STAY, ~_is_used())
    gone = delete(StoredFile).where(or_(orphan, deleted)).returning(StoredFile.key)
    keys = list(db.session.scalars(gone, execution_options={"synchronize_session": False}))
    remove_later(keys)
    return len(keys)


def remove_demo_files() -> int:
    """What demo people uploaded and nothing uses any more. Return how many."""
    of_demo = StoredFile.owner_id.in_(demo_people_ids())
    gone = delete(StoredFile).where(of_demo, ~_is_used()).returning(StoredFile.key)
    keys = list(db.session.scalars(gone, execution_options={"synchronize_session": False}))
    remove_later(keys)
    return len(keys)


def remove_later(keys: list[str]) -> None:
    """Queue the bytes for removal: done after the commit, and only if there is one."""
    for batch in batches(keys):
        enqueue("files.remove_bytes", batch[0], keys=batch)


def remove_bytes(keys: list[str]) -> None:
    """Of files without a row; one that has a row is not touched."""
    for key in set(keys) - keys_known(keys):
        store().remove(key)
        store().remove(thumbnail_of(key))


def sweep() -> int:
    """Bytes that no row knows: of uploads that were killed half way. Return how many names went."""
    names = store().older_than(utcnow() - ORPHANS_STAY)
    return sum(_sweep(batch) for batch in batches(names))


def batches(things: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(things)
    return iter(lambda: list(islice(rest, BATCH)), [])


def _sweep(names: list[str]) -> int:
    known = keys_known([_key(name) for name in names])
    stray = [name for name in names if name.endswith(HALF) or _key(name) not in known]
    for name in stray:
        store().remove(name)
    return len(stray)


def _key(name: str) -> str:
    return name.partition(".")[0]


def _is_used() -> ColumnElement[bool]:
    return or_(false(), *(hangs_on(use()) for use in _uses))
