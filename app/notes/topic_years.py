"""All summaries of a topic's year in one file."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, TextIO

from app.accounts.models import User
from app.core.db import db
from app.core.generations import generations
from app.core.i18n import in_language, language
from app.core.slugs import slugify
from app.core.templating import rendered
from app.notes.contents import version_by_id
from app.notes.documents.blocks import Document, from_json
from app.notes.documents.html import paper_style
from app.notes.downloading import file_of
from app.notes.models import NoteSet
from app.notes.publishing import version_name
from app.notes.queries import (
    practitioners_set_ids,
    summaries_of_year,
    years_with_summaries,
)
from app.notes.webinar_tables import Source, write_actions, write_decisions
from app.topics.models import Topic
from app.topics.queries import topics_readable_by

MOST = 60
"""So many summaries of a year are in one file, the earliest; few topics meet more than weekly."""

FORMS = ("pdf", "md")
PACKED = (1980, 1, 1, 0, 0, 0)  # a fixed stamp: the same year is the same file
DEPENDS_ON = ("notes", "webinars", "topics", "network", "people")


@dataclass(frozen=True)
class Entry:
    """A summary in the file: `stem` is the name of its files without their endings."""

    version_id: int
    name: str
    title: str
    language: str
    day: date | None
    stem: str
    is_whole: bool


@dataclass(frozen=True)
class Year:
    topic: Topic
    year: int
    entries: Sequence[Entry]

    @property
    def folder(self) -> str:
        return f"{slugify(self.topic.slug)}-{self.year}"

    @property
    def etag(self) -> str:
        """All that decides what is in it: the versions, the reader's parts, what records say."""
        changes = tuple(value for value, _changed_at in generations(*DEPENDS_ON))
        shown = [(one.version_id, one.is_whole) for one in self.entries]
        made_from = repr((self.topic.id, self.year, language(), shown, changes))
        return hashlib.sha256(made_from.encode()).hexdigest()[:24]


def year_of(viewer: User | None, topic: Topic, year: int) -> Year:
    """What this reader may have of it; perhaps nothing."""
    versions = db.session.scalars(summaries_of_year(viewer, topic.id, year).limit(MOST)).all()
    whole = set(db.session.scalars(practitioners_set_ids(viewer))) if versions else set()
    stems: set[str] = set()
    entries = []
    for version in versions:
        webinar = version.note_set.webinar
        day = webinar.start_local.date() if webinar.start_local else None
        name = version_name(version)
        stem = f"{day or year}_{slugify(webinar.title, 50)}_v{name.replace('.', '-')}"
        stem = stem if stem not in stems else f"{stem}_{webinar.id}"
        stems.add(stem)
        entries.append(
            Entry(version.id, name, webinar.title, version.note_set.language, day, stem,
                  version.note_set_id in whole)
        )  # fmt: skip
    return Year(topic, year, entries)


def years_by_topic(viewer: User | None) -> dict[int, list[tuple[int, int]]]:
    """Year and number of summaries for each topic that has some, the newest year first."""
    found: dict[int, list[tuple[int, int]]] = {}
    for topic_id, year, count in db.session.execute(years_with_summaries(viewer)):
        found.setdefault(topic_id, []).append((int(year), count))
    return found


def topics_with_summaries(viewer: User | None) -> Sequence[Topic]:
    """In their usual order."""
    ids = [topic_id for topic_id, _year, _count in db.session.execute(years_with_summaries(viewer))]
    return db.session.scalars(topics_readable_by(viewer).where(Topic.id.in_(ids))).all()


def pack(year: Year, target: IO[bytes]) -> None:
    """Write the ZIP file. No more than one summary is in memory at a time."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in _contents(year):
            about = zipfile.ZipInfo(f"{year.folder}/{name}", PACKED)
            about.external_attr = 0o644 << 16
            is_squeezed = name.endswith(".pdf")
            about.compress_type = zipfile.ZIP_STORED if is_squeezed else zipfile.ZIP_DEFLATED
            archive.writestr(about, content)


def _contents(year: Year) -> Iterator[tuple[str, bytes]]:
    yield "index.html", _index(year).encode()
    yield "decisions.csv", _table(write_decisions, year)
    yield "actions.csv", _table(write_actions, year)
    for entry in year.entries:
        _note_set, document = _document(entry)
        for form in FORMS:
            name = f"{entry.stem}_{slugify(entry.language, 8)}.{form}"
            yield name, file_of(document, form, is_whole=entry.is_whole)


def _index(year: Year) -> str:
    return rendered(
        "notes/year_index.html",
        title=in_language(year.topic.names),
        year=year,
        forms=FORMS,
        style=paper_style(),
    )


def _table(write: Callable[[TextIO, Iterable[Source]], None], year: Year) -> bytes:
    target = io.StringIO(newline="")
    write(target, _sources(year))
    return target.getvalue().encode()


def _sources(year: Year) -> Iterator[Source]:
    for entry in year.entries:
        note_set, document = _document(entry)
        yield Source(note_set, document, entry.is_whole)


def _document(entry: Entry) -> tuple[NoteSet, Document]:
    """As published; it does not stay in the session, for it is long."""
    version = db.session.scalars(version_by_id(entry.version_id)).one()
    stored = version.document if entry.is_whole else version.public_document
    note_set = version.note_set
    db.session.expire(version, ["document", "public_document"])
    return note_set, from_json(stored)
