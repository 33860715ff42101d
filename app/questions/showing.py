"""The list of questions as everybody of one kind reads it, in one prepared statement.

Nothing of one reader is in it: what is their own is chosen later, see `app.live.own_marks`.
Names that a reader may not know never leave the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Integer, Select, and_, bindparam, case, false, literal, or_, select, true

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.enums import Attribution
from app.core.i18n import _, in_language
from app.core.prepared import Prepared
from app.forum.models import Thread
from app.live.attendees import Attendee
from app.network.models import City
from app.questions.enums import QuestionState
from app.questions.models import Question, QuestionDesk, QuestionVote
from app.questions.permissions import takes_questions
from app.questions.queries import SHOWN, has_text
from app.webinars.models import AgendaItem, Registration, Webinar

TOP = 5


@dataclass(frozen=True)
class Reader:
    """All that a list depends on besides its webinar. `is_member`: knows names of the network."""

    is_member: bool
    takes_part: bool


@dataclass(frozen=True)
class QuestionRow:
    """A question to be read. `asked_by` is as much as this kind of reader may know.

    `thread_id` leads to the forum, `answered_there` says that there is an answer.
    """

    id: int
    body: str
    language: str
    state: QuestionState
    votes: int
    is_now: bool
    asked_at: datetime
    answered_at: datetime | None
    answered_minute: int | None
    answer_html: str
    agenda_title: str
    thread_id: int | None
    answered_there: bool
    asked_by: str
    takes_votes: bool

    @property
    def is_answered(self) -> bool:
        return self.state is QuestionState.ANSWERED

    @property
    def vote_label(self) -> str:
        return _("I want to know this too (%(votes)s so far)", votes=self.votes)


@dataclass(frozen=True)
class Excerpt:
    """The first questions of `total`, and how the desk stands. `is_open`: it takes more."""

    rows: list[QuestionRow]
    total: int
    is_open: bool
    is_closed: bool
    is_moderated: bool
    prep_thread_id: int | None
    followup_thread_id: int | None
    takes_part: bool

    @property
    def can_ask(self) -> bool:
        return self.is_open and self.takes_part

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def question_rows(webinar: Webinar, attendee: Attendee) -> list[QuestionRow]:
    """What is answered now, then open ones by votes, then answered ones by the minute."""
    return listing_for(webinar, reader_of(attendee)).rows


def reader_of(attendee: Attendee) -> Reader:
    person = attendee.user
    return Reader(person is not None and person.is_approved, attendee.takes_part)


def listing_for(webinar: Webinar, reader: Reader, most: int | None = None) -> Excerpt:
    """All of them, or the first. One statement."""
    kinds = webinar.attribution, reader.is_member
    desk, found = _split(_listed.rows(kinds, webinar_id=webinar.id))
    is_open = takes_questions(webinar, desk, utcnow())
    rows = [_row(row, is_open=is_open) for row in found]
    return Excerpt(rows[:most], len(rows), is_open, *desk, reader.takes_part)


def excerpt_for(webinar: Webinar, reader: Reader) -> Excerpt:
    """What the webinar's page shows of them."""
    return listing_for(webinar, reader, TOP)


def own_votes(attendee: Attendee) -> set[int]:
    """Questions this person voted for, by account and by registration."""
    registration = attendee.registration
    return own_votes_at(
        attendee.webinar.id, attendee.user_id, registration.id if registration else None
    )


def own_votes_at(webinar_id: int, user_id: int | None, registration_id: int | None) -> set[int]:
    if user_id is None and registration_id is None:
        return set()
    rows = _voted.rows(
        (), webinar_id=webinar_id, user_id=user_id or 0, registration_id=registration_id or 0
    )
    return {row[0] for row in rows}


def vote_names(votes: set[int]) -> set[str]:
    """As `own_marks` knows them."""
    return {f"question-{question_id}" for question_id in votes}


@Prepared
def _listed(attribution: Attribution, is_member: bool) -> Select[Any]:
    is_known, has_name = _may_know(attribution, is_member)
    columns = (
        *(QuestionDesk.is_closed, QuestionDesk.is_moderated),
        *(QuestionDesk.prep_thread_id, QuestionDesk.followup_thread_id),
        *(Question.id, Question.body, Question.language, Question.state, Question.votes),
        *(Question.is_now, Question.asked_at, Question.answered_at, Question.answered_minute),
        *(Question.answer_html, AgendaItem.title, Thread.id, Thread.accepted_number),
        *(User.display_name, case((has_name, Registration.name))),
        *(case((Registration.id.is_not(None), Registration.city_label)), City.names),
    )
    is_shown = and_(Question.webinar_id == Webinar.id, Question.state.in_(SHOWN), has_text())
    is_there = and_(Thread.id == Question.thread_id, Thread.deleted_at.is_(None))
    by_registration = and_(Registration.id == Question.registration_id, is_known)
    return (
        select(*columns)
        .select_from(Webinar)
        .outerjoin(QuestionDesk, QuestionDesk.webinar_id == Webinar.id)
        .outerjoin(Question, is_shown)
        .outerjoin(AgendaItem, AgendaItem.id == Question.agenda_item_id)
        .outerjoin(Thread, is_there)
        .outerjoin(User, and_(User.id == Question.asker_id, is_known))
        .outerjoin(Registration, by_registration)
        .outerjoin(City, and_(City.id == Question.city_id, is_known))
        .where(Webinar.id == bindparam("webinar_id", type_=Integer))
        .order_by(*_order())
    )


def _may_know(attribution: Attribution, is_member: bool) -> tuple[Any, Any]:
    """Whether anything is said of who asked, and whether a guest is called by name."""
    if attribution is Attribution.CHATHAM_HOUSE:
        return false(), false()
    if attribution is Attribution.NETWORK and not is_member:
        return false(), false()
    is_known = Question.is_unnamed == false()
    return is_known, and_(is_known, Registration.is_listed, true() if is_member else false())


def _order() -> tuple[Any, ...]:
    is_answered = case((Question.state == QuestionState.ANSWERED, 1), else_=0)
    minute = case((is_answered == 1, Question.answered_minute), else_=literal(0))
    votes = case((is_answered == 1, 0), else_=Question.votes)
    return (
        Question.is_now.desc(), is_answered, votes.desc(), minute, Question.asked_at, Question.id
    )  # fmt: skip


class Desk(NamedTuple):
    """`QuestionDesk` as the statement brings it."""

    is_closed: bool
    is_moderated: bool
    prep_thread_id: int | None
    followup_thread_id: int | None


def _split(rows: list[Any]) -> tuple[Desk, list[Any]]:
    """Each row begins with the desk; of a webinar without questions one row says only that."""
    first = rows[0] if rows else (None,) * 5
    desk = Desk(bool(first[0]), bool(first[1]), first[2], first[3])
    return desk, [row[4:] for row in rows if row[4] is not None]


def _row(row: Any, *, is_open: bool) -> QuestionRow:
    title, thread_id, accepted, name, guest, label, city = row[10:17]
    takes_votes = is_open and row[3] is QuestionState.OPEN
    who = _who(name or guest, label, city)
    more = (title or "", thread_id, accepted is not None, who, takes_votes)
    return QuestionRow(*cast(Any, (*row[:10], *more)))


def _who(name: str | None, label: str | None, city: dict[str, str] | None) -> str:
    place = in_language(city) if city else label or ""
    if not name:
        return _("A participant, %(city)s", city=place) if place else _("A participant")
    return f"{name}, {place}" if place and place not in name else name


@Prepared
def _voted() -> Select[int]:
    mine = or_(
        QuestionVote.user_id == bindparam("user_id", type_=Integer),
        QuestionVote.registration_id == bindparam("registration_id", type_=Integer),
    )
    return (
        select(QuestionVote.question_id)
        .join(Question, Question.id == QuestionVote.question_id)
        .where(Question.webinar_id == bindparam("webinar_id", type_=Integer), mine)
    )
