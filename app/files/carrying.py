"""All files from the store in use to another one, checked by what their rows say of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select

from app.core.db import db
from app.files.errors import StoreAway
from app.files.models import StoredFile
from app.files.storing import FolderStore, Store, object_store, store, thumbnail_of
from config import WrongSetting, files_address

PORTION = 200


@dataclass
class Carried:
    """What became of the files. `lost` are the names of those that could not be carried whole."""

    copied: int
    there: int  # before we came, and as they should be
    lost: list[str]


def place(address: str) -> Store:
    """A store by its address: s3://… or the whole path of a folder. Raise WrongSetting."""
    if address.startswith("s3://"):
        return object_store(files_address("TO", address) or "")
    if not Path(address).is_absolute():
        raise WrongSetting("TO", address, "s3://bucket/… or the whole path of a folder")
    return FolderStore(Path(address))


def file_count() -> int:
    return db.session.scalar(select(func.count()).select_from(StoredFile)) or 0


def carry(to: Store, result: Carried) -> Iterator[None]:
    """One file after the other; what is there already is not copied again. Raise StoreAway."""
    last = 0
    while found := _after(last):
        for number, key, digest, has_thumbnail in found:
            _carry(key, digest, to, result)
            if has_thumbnail:
                _carry(thumbnail_of(key), None, to, result)
            last = number
            yield


def _after(number: int) -> list[tuple[int, str, str, bool]]:
    rows = (
        select(StoredFile.id, StoredFile.key, StoredFile.sha256, StoredFile.has_thumbnail)
        .where(StoredFile.id > number)
        .order_by(StoredFile.id)
        .limit(PORTION)
    )
    return list(db.session.execute(rows))


def _carry(name: str, digest: str | None, to: Store, result: Carried) -> None:
    content = _read(store(), name)
    if content is None or (digest and sha256(content).hexdigest() != digest):
        result.lost.append(name)
    elif _read(to, name) == content:
        result.there += 1
    else:
        to.put(name, content)
        if _read(to, name) != content:
            raise StoreAway
        result.copied += 1


def _read(where: Store, name: str) -> bytes | None:
    try:
        with where.open(name) as file:
            return file.read()
    except FileNotFoundError:
        return None
