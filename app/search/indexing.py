"""Keep what can be found in step with what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, text

from app.core.db import db
from app.search.documents import Document
from app.search.models import SearchDocument
from app.search.queries import documents_by_keys, documents_of_thread


def put(documents: Sequence[Document]) -> None:
    """Make these texts findable as they are now. Putting one twice changes nothing."""
    keys = [document.key for document in documents]
    known = {row.key: row for row in db.session.scalars(documents_by_keys(keys))}
    for document in documents:
        row = known.get(document.key) or SearchDocument(key=document.key)
        _fill(row, document)
        db.session.add(row)
    db.session.flush()


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
    values = {name: value for name, value in vars(document).items() if name != "refers_to"}
    for name, value in (values | document.refers_to).items():
        setattr(row, name, value)
