"""Keep what can be found in step with what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, text

from app.core.db import db
from app.core.prepared import Prepared, dialect_insert
from app.search.documents import Document
from app.search.models import SearchDocument
from app.search.queries import documents_by_keys, documents_of_thread

ROWS: Any = SearchDocument.__table__
REFERENCES = ("thread_id", "post_id", "webinar_id", "note_set_id", "city_id")
COLUMNS = tuple(column.key for column in ROWS.c if column.key != "id")


def put(documents: Sequence[Document]) -> None:
    """Make these texts findable as they are now. Putting one twice changes nothing.

    What is new goes in as plain rows: nobody who writes a post reads them again.
    """
    keys = [document.key for document in documents]
    known = {row.key: row for row in db.session.scalars(documents_by_keys(keys))}
    for document in documents:
        if row := known.get(document.key):
            _fill(row, document)
    db.session.flush()
    added = [_values(document) for document in documents if document.key not in known]
    if added:
        db.session.execute(insert(ROWS), added)


def put_new(document: Document) -> None:
    """The same for one that is most likely not there yet, in one statement."""
    _put.change((), **_values(document))


@Prepared
def _put() -> Any:
    values: Any = {name: bindparam(name) for name in COLUMNS}
    first = dialect_insert(ROWS).values(values)
    return first.on_conflict_do_update(
        index_elements=[ROWS.c.key], set_={name: first.excluded[name] for name in COLUMNS}
    )


def put_facts(thread_id: int, facts: Mapping[int, str]) -> None:
    """By post. What has not changed costs nothing."""
    for row in db.session.scalars(documents_of_thread(thread_id)):
        row.facts = facts.get(row.post_id or 0, row.facts)
    db.session.flush()


def remove(keys: Iterable[str]) -> None:
    db.session.execute(delete(SearchDocument).where(SearchDocument.key.in_(list(keys))))


def clear() -> None:
    """Forget everything, also what a damaged index still holds of rows that are gone."""
    db.session.execute(delete(SearchDocument))
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))


def _fill(row: SearchDocument, document: Document) -> None:
    for name, value in _values(document).items():
        if name not in REFERENCES or name in document.refers_to:
            setattr(row, name, value)


def _values(document: Document) -> dict[str, Any]:
    told = {name: value for name, value in vars(document).items() if name != "refers_to"}
    return told | dict.fromkeys(REFERENCES) | document.refers_to
