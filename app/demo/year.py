"""One session of the demo's year: its hour, its notes, and what became of what was promised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast as said_to_be

from app.accounts.models import User
from app.attendance.ticking import tick
from app.core.db import db
from app.core.markup import render
from app.core.zones import to_local
from app.demo.agreeing import review
from app.demo.cast import Cast
from app.demo.days import with_days
from app.demo.reading import Entry
from app.notes.carrying import carry
from app.notes.contents import actions_of, heads_of
from app.notes.deciding import drop, finish
from app.notes.enums import Naming, NoteKind
from app.notes.models import Action, Note, NoteSet
from app.notes.naming import choose
from app.notes.note_takers import name_note_taker
from app.notes.publishing import publish, summarise
from app.notes.queries import notes_of_webinar
from app.notes.writing import open_notes, save_note
from app.notifications.marking import mark_all
from app.webinars.listing import people_at
from app.webinars.models import Webinar

Event = tuple[datetime, Callable[[], None]]

MINUTES_APART = 10
SOON, AFTER = timedelta(hours=1), timedelta(hours=2)
TURNS: dict[str, Callable[[Action, int], None]] = {"done": finish, "dropped": drop}


@dataclass(frozen=True)
class Session:
    webinar: Webinar
    held: Entry
    told: Entry
    cast: Cast

    def events(self) -> Iterator[Event]:
        """What happened, each at its moment."""
        start, end = self._hours()
        yield start, self._open
        for number, part in enumerate(self.told["parts"], start=1):
            yield start + timedelta(minutes=MINUTES_APART * number), self._writing(part)
        yield end + SOON, self._tick
        yield end + AFTER, self._sum_up
        if "published_after" in self.told:
            yield end + timedelta(days=self.told["published_after"]), self._publish
        for version in self.told.get("versions", []):
            yield end + timedelta(days=version["after"]), self._publishing_again(version)
        if "review_opened" in self.told:
            yield from review(self.told, self._owner, self.cast, self._note)
        for state in self.told.get("states", []):
            yield end + timedelta(days=state["after"]), self._turning(state)

    def _hours(self) -> tuple[datetime, datetime]:
        hours = self.webinar.starts_at, self.webinar.ends_at
        return said_to_be("tuple[datetime, datetime]", hours)

    @property
    def _owner(self) -> User:
        return self.webinar.organisers[0].user

    @property
    def _taker(self) -> User:
        return self.cast.people[self.told["taker"]]

    @property
    def _notes(self) -> NoteSet:
        return db.session.scalars(notes_of_webinar(self.webinar)).one()

    def _open(self) -> None:
        """Whoever takes notes has read that they were asked to."""
        for email in self.told.get("takers", []):
            name_note_taker(self.webinar, self.cast.people[email], self._owner)
            mark_all(self.cast.people[email])
        note_set = open_notes(self.webinar, self._owner)
        if "naming" in self.told:
            choose(note_set, Naming(self.told["naming"]), self._owner)

    def _writing(self, part: Entry) -> Callable[[], None]:
        author = self.cast.people[part["by"]] if "by" in part else self._taker
        return lambda: self._save(part, author)

    def _save(self, part: Entry, author: User) -> None:
        """What is written of earlier promises stands below the list of them."""
        note, body = self._note(part), self._dated(part["body"].strip())
        if note.kind is NoteKind.EARLIER:
            body = f"{heads_of(note.note_set)[note.id].body}\n\n{body}"
        save_note(note, body, render(body).html, note.head, author)

    def _note(self, part: Entry) -> Note:
        if "kind" in part:
            return next(one for one in self._notes.notes if one.kind == part["kind"])
        return next(one for one in self._notes.notes if one.heading == part["heading"])

    def _dated(self, text: str) -> str:
        start, _end = self._hours()
        met_on = to_local(start, self.webinar.tzid).date()
        return with_days(text, met_on, self.cast.now.date(), self.webinar.language)

    def _tick(self) -> None:
        absent = set(self.held.get("absent", []))
        people = db.session.scalars(people_at(self.webinar, None))
        tick(self.webinar, {one.id: one.email not in absent for one in people}, self._owner)

    def _sum_up(self) -> None:
        note_set = self._notes
        summarise(note_set, self.told["at_a_glance"], note_set.lock_version)

    def _publish(self, change_note: str = "") -> None:
        publish(self._notes, self._owner, change_note)
        carry(self.webinar)

    def _publishing_again(self, version: Entry) -> Callable[[], None]:
        def happen() -> None:
            self._save(version, self._taker)
            self._publish(version["change_note"])

        return happen

    def _turning(self, state: Entry) -> Callable[[], None]:
        def happen() -> None:
            action = next(one for one in actions_of(self._notes) if state["action"] in one.text)
            TURNS[state["state"]](action, action.lock_version)

        return happen


def sessions_of(entry: Entry, cast: Cast) -> Iterator[Session]:
    """The webinar itself, or each one of its series."""
    for number, told in enumerate(entry["notes"], start=1):
        key = entry["key"] if number == 1 else f"{entry['key']}-{number}"
        yield Session(cast.webinars[key], entry, told, cast)
