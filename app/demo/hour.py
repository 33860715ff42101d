"""The live hour: the room, who came, what they ask and what they vote for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from app.core.clock import standing_at, utcnow
from app.core.db import db
from app.demo.cast import Cast
from app.demo.reading import Entry, chapter
from app.live.attendees import Attendee, attendee_of
from app.live.enums import Provider
from app.live.furnishing import Furniture, furnish
from app.polls.opening import close_poll, open_poll
from app.polls.voting import vote
from app.polls.writing import PollTexts, write
from app.questions.asking import NewQuestion, ask
from app.questions.desk import change_desk
from app.questions.enums import Source
from app.questions.models import Question
from app.questions.moderating import begin_answering, mark_answered
from app.questions.voting import turn_vote
from app.webinars.listing import people_at
from app.webinars.models import Registration, Webinar

JOINED = -3  # minutes: the first comes a little early, the others one after another


def go_live(cast: Cast) -> None:
    """What happens at webinars whose hour is now, or was some days ago."""
    for entry in chapter("hours")["webinars"]:
        webinar = cast.webinars[entry["key"]]
        _furnish(entry, webinar)
        _join(entry, webinar)
        hold_hour(entry, webinar, cast)


def hold_hour(entry: Entry, webinar: Webinar, cast: Cast) -> None:
    """Questions in the order of their minutes, then polls."""
    people = People(webinar, cast)
    asked = [(question, _ask(question, people)) for question in entry.get("questions", [])]
    for told, question in asked:
        _answer(told, question, people)
    for poll in entry.get("polls", []):
        _poll(poll, people)


class People:
    """Whoever the story names, as attendees of one webinar."""

    def __init__(self, webinar: Webinar, cast: Cast) -> None:
        self.webinar, self._cast = webinar, cast
        self.organiser = webinar.organisers[0].user
        rows = db.session.scalars(people_at(webinar, None))
        self.places = {row.email: row for row in rows}

    def __getitem__(self, email: str) -> Attendee:
        place = self.places.get(email)
        return attendee_of(self.webinar, self._cast.people.get(email), _token(place))

    @contextmanager
    def at(self, minute: int) -> Iterator[None]:
        """The clock stands at this minute of the webinar."""
        start = self.webinar.starts_at or utcnow()
        with standing_at(start + timedelta(minutes=minute)):
            yield


def _token(place: Registration | None) -> str:
    return place.token if place is not None and place.user_id is None else ""


def _furnish(entry: Entry, webinar: Webinar) -> None:
    room = entry.get("room", {})
    chosen = Furniture(Provider.LINK, webinar.room_url, **room)
    with standing_at(webinar.published_at or utcnow()):
        furnish(webinar, chosen, webinar.organisers[0].user)


def _join(entry: Entry, webinar: Webinar) -> None:
    places = {row.email: row for row in db.session.scalars(people_at(webinar, None))}
    start = webinar.starts_at or utcnow()
    for number, email in enumerate(entry.get("joined", [])):
        places[email].joined_at = start + timedelta(minutes=JOINED + number)


def _ask(entry: Entry, people: People) -> Question:
    """Some wait until an organiser lets them through."""
    asker, waits = people[entry["by"]], entry.get("waits", False)
    source = Source.PAGE if entry["minute"] < 0 else Source.LIVE
    is_unnamed = entry.get("is_unnamed", False)
    with people.at(entry["minute"]):
        if waits:
            change_desk(people.webinar.id, people.organiser, is_moderated=True)
        question = ask(asker, NewQuestion(entry["body"], "en", is_unnamed, source=source))
        for email in entry.get("votes", []):
            turn_vote(people[email], question.id)
    return question


def _answer(entry: Entry, question: Question, people: People) -> None:
    if "answered" in entry:
        with people.at(entry["answered"]):
            mark_answered(question, people.organiser)
    if "now" in entry:
        with people.at(entry["now"]):
            begin_answering(question)


def _poll(entry: Entry, people: People) -> None:
    texts = PollTexts(entry["question"], entry["options"], entry.get("is_multiple", False))
    with people.at(entry["opened"]):
        poll = write(people.webinar, texts, people.organiser)
        open_poll(poll, people.webinar, people.organiser)
        for email, places in entry["votes"].items():
            chosen = [option.id for option in poll.options if option.position in places]
            vote(poll.id, chosen, people[email])
    if "closed" in entry:
        with people.at(entry["closed"]):
            close_poll(poll, people.organiser)
