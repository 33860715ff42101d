"""Every calendar file that a year of webinars makes, each with what a calendar should read in it.

One webinar moved twice and called off, one person who withdraws and comes back, a series of three
with one session called off, the download of each and every feed; across both clock changes of 2027.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask

from app.accounts.models import User
from app.core.db import db, write
from app.core.outbox import OutboxMail
from app.notes import deciding
from app.notes.deciding import Owner
from app.webinars import calendar_keys, scheduling, series, session_registering
from app.webinars.enums import FeedKind
from app.webinars.models import Registration, Webinar
from app.webinars.registering import Answers, Person
from app.webinars.times import Slot, slot
from tests.factories import make_topic, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_registrations import (
    calendar_part,
    guest,
    ics_of,
    read,
    register,
    withdraw,
    work,
)
from tests.factories_webinars import make_agenda_item, make_organiser, make_webinar

BEGINS = "2027-02-01T08:15:00+00:00"
HARD = 'Łódź, Αθήνα; København 🎥 "Housing"'
BRUSSELS = "Europe/Brussels"


@dataclass(frozen=True)
class Seen:
    """One event: what any calendar should make of it. A whole day has dates."""

    uid: str
    start: datetime | date
    end: datetime | date
    summary: str
    attendees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """One file, and the address it was mailed to."""

    name: str
    content: bytes
    events: tuple[Seen, ...]
    method: str = ""
    told: str = ""
    mail: bytes = b""


_told: list[Kept] = []


def told(app: Flask) -> list[Kept]:
    """The whole story, told once in each process."""
    if not _told:
        with time_machine.travel(BEGINS) as clock:
            _told.extend(Story(app, clock).tell())
    return _told


class Story:
    """Told once, in order. `files` holds what came out of it."""

    def __init__(self, app: Flask, clock: time_machine.Traveller) -> None:
        self.app, self.clock = app, clock
        self.files: list[Kept] = []
        self._mails = 0
        self.topic = make_topic("housing", names={"en": 'Housing, "rent"'})
        self.organiser: User = make_organiser()
        self.member: User = make_user("Housing officer", timezone="Europe/Athens")

    def tell(self) -> list[Kept]:
        webinar = self._webinar(HARD, "2027-03-24T10:00:00")
        leaver = self._people_register(webinar)
        self._move(webinar, "2027-03-31T10:00:00")
        self._withdraw_and_return(webinar, leaver)
        self._move(webinar, "2027-10-27T10:00:00")
        sessions = self._series_of_three()
        everything = [webinar, *sessions]
        self._keep_downloads(everything)
        self._call_off(webinar)
        self._call_off(sessions[1])
        self._keep_feeds(webinar, sessions)
        self.clock.move_to("2027-10-28T08:00:00+00:00")
        self._collect("the third session comes near", sessions[2])
        return self.files

    def _people_register(self, webinar: Webinar) -> Registration:
        register(webinar, self.organiser)
        register(webinar, self.member)
        leaver = register(webinar, guest("leaver@city.example", name='Jan "O\'Neil" Peeters, Gent'))
        self._collect("invitation", webinar)
        return leaver

    def _withdraw_and_return(self, webinar: Webinar, leaver: Registration) -> None:
        withdraw(leaver)
        self._collect("withdrawal", webinar)
        register(webinar, guest("leaver@city.example"))
        self._collect("back again", webinar)

    def _series_of_three(self) -> list[Webinar]:
        first = self._webinar("First steps", "2027-10-20T16:00:00")
        slots = [_slot(f"2027-{day}T16:00:00") for day in ("10-27", "11-03")]
        uids = [f"webinar-session-{number}@forum.example.org" for number in (2, 3)]
        with write():
            series.extend(first, slots, self.organiser, uids=uids)
        assert first.series_id is not None
        with write():
            for session in series.sessions(first.series_id):
                session.topic_id = self.topic.id
                session.organisers[0].is_owner = True
            series.publish_all(first.series_id, self.organiser, lambda _webinar: True)
        with write():
            person = Person(
                self.member.email, "Housing officer", "en", "Europe/Athens", user_id=self.member.id
            )
            session_registering.register_for_series(first.series_id, person, Answers())
        sessions = series.sessions(first.series_id)
        self._collect("series", *sessions)
        return sessions

    def _move(self, webinar: Webinar, start: str) -> None:
        self.clock.shift(timedelta(hours=1))
        with write():
            db.session.refresh(webinar)
            scheduling.reschedule(
                webinar, _slot(start), self.organiser, version=webinar.lock_version, is_sure=True
            )
        self._collect(f"moved to {start[:10]}", webinar)

    def _call_off(self, webinar: Webinar) -> None:
        self.clock.shift(timedelta(hours=1))
        with write():
            scheduling.cancel(webinar, "The room is flooded.", self.organiser)
        self._collect("called off", webinar)

    def _webinar(self, title: str, start: str) -> Webinar:
        when = _slot(start)
        values: dict[str, Any] = {name: getattr(when, name) for name in Slot.__dataclass_fields__}
        webinar = make_webinar(
            title,
            organiser=self.organiser,
            topic_id=self.topic.id,
            sorts_at=when.starts_at,
            description="Who comes, what is counted; and why\\how.\n\nΠρόγραμμα 🎥, " * 9,
            **values,
        )
        make_agenda_item(webinar, "Welcome, all; 10 minutes")
        db.session.refresh(webinar)
        return webinar

    def _collect(self, name: str, *webinars: Webinar) -> None:
        """What was mailed since the last time, each beside the webinar as it is now."""
        work()
        by_uid = {webinar.uid: webinar for webinar in webinars}
        for recipient, message in self._new_mails():
            ics = ics_of(message)
            method = str(calendar_part(message)["Content-Type"].params["method"])
            uid = next(uid for uid in by_uid if f"UID:{uid}".encode() in ics.replace(b"\r\n ", b""))
            webinar = by_uid[uid]
            db.session.refresh(webinar)
            summary = f"Cancelled: {webinar.title}" if method == "CANCEL" else webinar.title
            seen = _seen(webinar, summary, (recipient,))
            words = f"{name} to {recipient}"
            self._note(words, ics, (seen,), method, recipient, message.as_bytes())

    def _new_mails(self) -> Iterator[tuple[str, Any]]:
        rows = sa.select(OutboxMail).where(OutboxMail.id > self._mails).order_by(OutboxMail.id)
        for row in db.session.scalars(rows).all():
            self._mails = row.id
            message = read(row.content)
            if "text/calendar" in [part.get_content_type() for part in message.walk()]:
                yield row.recipient, message

    def _keep_downloads(self, webinars: list[Webinar]) -> None:
        for webinar in webinars:
            content = self._get(f"/webinars/{webinar.id}/calendar.ics")
            seen = _seen(webinar, webinar.title)
            self._note("download", content, (seen,))

    def _keep_feeds(self, webinar: Webinar, sessions: list[Webinar]) -> None:
        off = [webinar.uid, sessions[1].uid]
        listed = sorted([*sessions, webinar], key=lambda one: (one.starts_at, one.id))
        all_of_it = tuple(
            _seen(one, f"Cancelled: {one.title}" if one.uid in off else one.title) for one in listed
        )
        of_series = tuple(seen for seen in all_of_it if seen.uid != webinar.uid)
        self._keep("/calendars/public.ics", all_of_it)
        self._keep("/topics/housing/calendar.ics", all_of_it)
        self._keep(f"/series/{sessions[0].series_id}-any/calendar.ics", of_series)
        self._keep(self._own(self.member, FeedKind.MINE), all_of_it)
        self._keep(self._own(self.organiser, FeedKind.ORGANISED), all_of_it)
        deadline = self._promise()
        self._keep(self._own(self.member, FeedKind.ACTIONS), (deadline,))

    def _promise(self) -> Seen:
        """An action of the member, published with the notes of a webinar that is long over."""
        notes = make_notes(self.organiser, starts_in=timedelta(days=-200))
        words = 'Send the survey to Łódź; "all" of it'
        with write():
            owner = Owner(user=db.session.merge(self.member))
            action = deciding.promise(notes, words, owner, date(2027, 3, 28))
        save(note_at(notes, 1), "Written.", self.organiser)
        publish(notes, self.organiser)
        number = deciding.number_of(action)
        uid = f"action-{action.id}@forum.example.org"
        return Seen(uid, date(2027, 3, 28), date(2027, 3, 29), f"Due: {number} {words}")

    def _own(self, person: User, kind: FeedKind) -> str:
        with write():
            token = calendar_keys.calendar_token(calendar_keys.renew(person, kind))
        return f"/calendars/{token}.ics"

    def _keep(self, path: str, events: tuple[Seen, ...]) -> None:
        self._note(f"feed {path.split('/')[1]}", self._get(path), events)

    def _note(self, name: str, content: bytes, events: tuple[Seen, ...], *mailed: Any) -> None:
        number = len(self.files) + 1
        self.files.append(Kept(f"{number}. {name}", content, events, *mailed))

    def _get(self, path: str) -> bytes:
        answer = self.app.test_client().get(path)
        assert answer.status_code == 200, path
        return bytes(answer.data)


def _slot(start: str) -> Slot:
    begins = datetime.fromisoformat(start)
    return slot(begins, begins + timedelta(hours=1), BRUSSELS)


def _seen(webinar: Webinar, summary: str, attendees: tuple[str, ...] = ()) -> Seen:
    assert webinar.starts_at is not None
    assert webinar.ends_at is not None
    return Seen(webinar.uid, webinar.starts_at, webinar.ends_at, summary, attendees)
