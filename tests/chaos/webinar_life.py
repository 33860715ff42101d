"""Two webinars from the first mail to the last, told step by step while workers are killed.

One is held, the other is cancelled at the last moment. What each person should get is worked out
here from the rules alone (spec/webinars 6.2 and 6.3), and compared with what a mail server took.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db, write
from app.live import joining
from app.webinars import publishing, registering, scheduling
from app.webinars.models import Registration, Webinar
from app.webinars.registering import Answers, Person
from app.webinars.times import slot
from tests.factories_webinars import make_organiser, make_speaker, make_webinar

ZONES = ["Europe/Brussels", "Europe/Athens", "Europe/Lisbon"]
START = datetime.fromisoformat("2026-03-25T09:00:00+00:00")  # a Wednesday, ten in Brussels
TEN = datetime.fromisoformat("2026-03-25T10:00:00")  # the same on a wall in Brussels
MOVED = START + timedelta(days=1)
HELD, CANCELLED = "Housing", "Transport"
PEOPLE, SEATS = {HELD: 30, CANCELLED: 20}, {HELD: 18, CANCELLED: 12}
GUESTS_AMONG = 3  # each third registers by mail, without account
SILENT_AMONG = 5  # each fifth of them never confirms the address
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

Told = Counter[tuple[str, str, str]]
"""How often: who, about which webinar, what."""


@dataclass
class Somebody:
    """`state`: new, pending, seated, waiting, gone or silent."""

    address: str
    zone: str
    is_guest: bool
    state: str = "new"
    seated_at: datetime | None = None
    has_joined: bool = False


@dataclass
class Meeting:
    """A webinar with the people around it, in the order in which they queue."""

    title: str
    webinar: Webinar
    organiser: str
    speaker: str
    people: list[Somebody]
    line: list[Somebody] = field(default_factory=list)

    def in_state(self, state: str) -> list[Somebody]:
        return [one for one in self.people if one.state == state]


class Life:
    """`steps()` gives each moment with what people do then; `told` what they should have got."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.told = dice, Counter[tuple[str, str, str]]()
        self.meetings = [self._meeting(title) for title in (HELD, CANCELLED)]

    def steps(self) -> Iterator[tuple[str, datetime, Callable[[Meeting], None]]]:
        yield "publish", START - 20 * DAY, self._publish
        yield "register", START - 19 * DAY, self._register
        yield "prove addresses", START - 19 * DAY + HOUR, self._prove
        yield "move", START - 11 * DAY, self._move
        yield "withdraw", MOVED - 10 * DAY, self._withdraw
        yield "a week", MOVED - 7 * DAY + 3 * HOUR, self._a_week
        yield "withdraw late", MOVED - 5 * DAY, self._withdraw
        yield "briefing", MOVED - 3 * DAY + MINUTE, self._briefing
        yield "a day", MOVED - DAY + 3 * HOUR, self._a_day
        yield "an hour", MOVED - HOUR + timedelta(seconds=10), self._an_hour
        yield "cancel one", MOVED - 40 * MINUTE, self._cancel
        yield "join", MOVED + MINUTE, self._join
        yield "has started", MOVED + 6 * MINUTE, self._has_started
        yield "over", MOVED + HOUR + MINUTE, lambda _: None
        yield "next day", MOVED + DAY + 3 * HOUR, self._next_day

    def _meeting(self, title: str) -> Meeting:
        organiser = make_organiser(f"Organiser of {title}")
        webinar = make_webinar(
            title, published=False, organiser=organiser, capacity=SEATS[title], tells_late=True,
            starts_at=START, ends_at=START + HOUR, start_local=TEN, end_local=TEN + HOUR,
        )  # fmt: skip
        speaker = make_speaker(webinar, email=f"speaker.{title.lower()}@demo.invalid")
        people = [self._somebody(title, number) for number in range(PEOPLE[title])]
        return Meeting(title, webinar, organiser.email, speaker.email or "", people)

    def _somebody(self, title: str, number: int) -> Somebody:
        address = f"{title.lower()}{number:02d}@demo.invalid"
        return Somebody(address, self.dice.choice(ZONES), number % GUESTS_AMONG == 0)

    def _tell(self, meeting: Meeting, address: str, what: str) -> None:
        self.told[address, meeting.title, what] += 1

    def _publish(self, meeting: Meeting) -> None:
        with write():
            publishing.publish(meeting.webinar, None)
        self._tell(meeting, meeting.speaker, "Will you speak?")

    def _register(self, meeting: Meeting) -> None:
        for one in meeting.people:
            person = Person(one.address, "Housing officer", "en", one.zone)
            with write():
                if one.is_guest:
                    registering.ask_for_place(meeting.webinar, person, Answers(), one.address)
                else:
                    registering.register(meeting.webinar, person, Answers())
            if one.is_guest:
                one.state = "pending"
                self._tell(meeting, one.address, "Please confirm")
            else:
                self._settle(meeting, one)

    def _prove(self, meeting: Meeting) -> None:
        for number, one in enumerate(meeting.in_state("pending")):
            if number % SILENT_AMONG == SILENT_AMONG - 1:
                one.state = "silent"
                continue
            row = self._row(meeting, one)
            with write():
                registering.confirm_address(row)
            self._settle(meeting, one)

    def _settle(self, meeting: Meeting, one: Somebody) -> None:
        """First come, first served; nobody overtakes whoever waits."""
        meeting.line = [waiting for waiting in meeting.line if waiting.state == "waiting"]
        if len(meeting.in_state("seated")) < SEATS[meeting.title] and not meeting.line:
            self._seat(meeting, one)
        else:
            one.state = "waiting"
            meeting.line.append(one)
            self._tell(meeting, one.address, "Waiting list")

    def _seat(self, meeting: Meeting, one: Somebody) -> None:
        one.state, one.seated_at = "seated", utcnow()
        self._tell(meeting, one.address, "Invitation")

    def _move(self, meeting: Meeting) -> None:
        day = TEN + DAY
        with write():
            version = meeting.webinar.lock_version
            there = slot(day, day + HOUR, "Europe/Brussels")
            actor = meeting.webinar.organisers[0].user
            scheduling.reschedule(meeting.webinar, there, actor, version=version)
        self._tell_seated(meeting, "Updated")
        self._tell(meeting, meeting.speaker, "Changed")

    def _withdraw(self, meeting: Meeting) -> None:
        """Some give up their seat; the first in line get it."""
        for one in self.dice.sample(meeting.in_state("seated"), 3):
            row = self._row(meeting, one)
            with write():
                registering.withdraw(row)
            one.state = "gone"
            self._tell(meeting, one.address, "You cancelled")
            if meeting.line:
                self._seat(meeting, meeting.line.pop(0))

    def _a_week(self, meeting: Meeting) -> None:
        for one in meeting.in_state("seated"):
            if one.seated_at and one.seated_at <= MOVED - 9 * DAY:
                self._tell(meeting, one.address, "In a week")

    def _briefing(self, meeting: Meeting) -> None:
        self._tell(meeting, meeting.speaker, "You speak soon")
        self._tell(meeting, meeting.organiser, "Coming up")

    def _a_day(self, meeting: Meeting) -> None:
        self._tell_seated(meeting, "Tomorrow")

    def _an_hour(self, meeting: Meeting) -> None:
        self._tell_seated(meeting, "In an hour")
        self._tell(meeting, meeting.speaker, "In an hour you speak")

    def _cancel(self, meeting: Meeting) -> None:
        if meeting.title != CANCELLED:
            return
        with write():
            actor = meeting.webinar.organisers[0].user
            scheduling.cancel(meeting.webinar, "The room is flooded.", actor)
        self._tell_seated(meeting, "Cancelled")
        for one in [*meeting.in_state("waiting")]:
            self._tell(meeting, one.address, "Cancelled")
        self._tell(meeting, meeting.speaker, "Cancelled")

    def _join(self, meeting: Meeting) -> None:
        if meeting.title == HELD:
            for one in self.dice.sample(meeting.in_state("seated"), 9):
                row = self._row(meeting, one)
                with write():
                    joining.enter(meeting.webinar, row)
                one.has_joined = True

    def _has_started(self, meeting: Meeting) -> None:
        if meeting.title == HELD:
            for one in meeting.in_state("seated"):
                if not one.has_joined:
                    self._tell(meeting, one.address, "It has started")

    def _next_day(self, meeting: Meeting) -> None:
        if meeting.title == HELD:
            for one in meeting.in_state("seated"):
                said = "Thank you for coming" if one.has_joined else "You were missed"
                self._tell(meeting, one.address, said)

    def _tell_seated(self, meeting: Meeting, what: str) -> None:
        for one in meeting.in_state("seated"):
            self._tell(meeting, one.address, what)

    def _row(self, meeting: Meeting, one: Somebody) -> Registration:
        here = Registration.webinar_id == meeting.webinar.id
        found = select(Registration).where(here, Registration.email == one.address)
        return db.session.scalars(found).one()
