"""The meeting that is replayed: a webinar with the agenda of the minutes, people, and the notes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from waitress.server import create_server

from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.db import db, write
from app.notes import note_takers, writing
from app.notes.contents import actions_of, heads_of
from app.notes.models import Action, NoteRevision, NoteSet
from tests.factories import make_user
from tests.factories_webinars import (
    make_agenda_item,
    make_organiser,
    make_registration,
    make_webinar,
)
from tests.replay.minutes import Part, Promise, lines_compared, parts_of, promises_of
from tests.replay.takers import Told, jobs_for, type_minutes


@dataclass(frozen=True)
class Outcome:
    """What the replay brought: the whole text, the records, and what happened on the way."""

    source: list[str]
    written: list[str]
    promises: list[Promise]
    actions: list[tuple[str, str]]
    revisions: dict[str, int]
    told: Told

    @property
    def is_same_text(self) -> bool:
        return self.source == self.written

    @property
    def missing(self) -> list[Promise]:
        """Actions of the source that are no record, or whose owner is not theirs."""
        known = set(self.actions)
        return [one for one in self.promises if (one.line, one.owner) not in known]


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application as `make run` serves it."""
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://localhost:{server.effective_port}"
    server.close()


def replay(
    app: Flask, address: str, source: str, *, speed: float, offline_seconds: float
) -> Outcome:
    """Type the minutes again. `speed` 1 is a brisk note taker's own pace."""
    parts, promises = parts_of(source), promises_of(source)
    organiser, taker = make_organiser("Note taker of the network"), make_user("Note taker, Graz")
    note_set = _opened(parts, promises, organiser, taker)
    note_ids = [note.id for note in sorted(note_set.notes, key=lambda note: note.position)]
    cookies = [_cookie(app, person) for person in (organiser, taker)]
    told = _in_a_thread_of_its_own(
        address=f"{address}/webinars/{note_set.webinar_id}/notes",
        cookies=cookies,
        jobs=jobs_for(parts, note_ids),
        speed=speed,
        offline_seconds=offline_seconds,
    )
    return _outcome(source, parts, note_ids, note_set.id, promises, told)


def _opened(parts: list[Part], promises: list[Promise], organiser: User, taker: User) -> NoteSet:
    """Everybody whom the minutes name as an owner takes part, with an account."""
    webinar = make_webinar("A meeting again", organiser=organiser, description="", language="en")
    for position, part in enumerate(parts[1:], start=1):
        make_agenda_item(webinar, part.heading, position=position, minutes=part.minutes)
    for number, name in enumerate(sorted({one.owner for one in promises} - {""})):
        make_registration(webinar, make_user(name, handle=f"owner{number}"))
    with write():
        note_takers.name_note_taker(webinar, taker, organiser)
        note_set = writing.open_notes(webinar, organiser)
    db.session.refresh(note_set)
    return note_set


def _cookie(app: Flask, person: User) -> str:
    with write():
        sid = open_session(person, address="127.0.0.1")
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    values = {"_user_id": person.fs_uniquifier, "_fresh": True, "_permanent": True, "sid": sid}
    return str(serializer.dumps(values))


def _in_a_thread_of_its_own(**values: Any) -> Told:
    """Another test's browser may be at work in this one."""
    found: list[Told | BaseException] = []

    def run() -> None:
        try:
            found.append(asyncio.run(type_minutes(**values)))
        except BaseException as fault:
            found.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def _outcome(
    source: str,
    parts: list[Part],
    note_ids: list[int],
    note_set_id: int,
    promises: list[Promise],
    told: Told,
) -> Outcome:
    db.session.rollback()
    note_set = db.session.get_one(NoteSet, note_set_id)
    bodies = {note_id: head.body for note_id, head in heads_of(note_set).items()}
    texts = zip(parts, note_ids, strict=True)
    whole = "\n".join(part.read(bodies.get(note_id, "")) for part, note_id in texts)
    kinds = sa.select(NoteRevision.kind, sa.func.count()).where(NoteRevision.note_id.in_(note_ids))
    counted = db.session.execute(kinds.group_by(NoteRevision.kind)).all()
    return Outcome(
        source=lines_compared(source),
        written=lines_compared(whole),
        promises=promises,
        actions=[(action.line, _owner(action)) for action in actions_of(note_set)],
        revisions={kind.value: count for kind, count in counted},
        told=told,
    )


def _owner(action: Action) -> str:
    return action.owner_user.display_name if action.owner_user else action.owner_label
