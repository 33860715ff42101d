"""All decisions and actions that a reader may see, across the years, narrowed to what they want."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Attribution
from app.network.models import City
from app.network.naming import city_name
from app.network.queries import cities_by_ids
from app.notes.carrying import is_public_record
from app.notes.enums import ActionState, DecisionStatus, Naming
from app.notes.models import Action, Decision, NoteSet
from app.notes.naming import load_owners, naming_of, owner_words
from app.notes.promising import is_owner
from app.notes.queries import actions_visible_to, decisions_visible_to
from app.webinars.models import Webinar

AT_ONCE = 200
NUMBER = re.compile(r"(?:([DA])-)?([0-9]{4})-([0-9]{1,6})", re.IGNORECASE)
OPEN_FIRST = case((Action.state == ActionState.OPEN, 0), else_=1)
SOONEST = (Action.due_on.is_(None), Action.due_on, Action.year, Action.number)
MOST_NUMBER = 2**31

Record = TypeVar("Record", Decision, Action)


@dataclass(frozen=True)
class Wanted:
    """What a reader wants to see. None and "": whatever it is.

    `is_mine`: what they promised themselves, or a city that they have a seat of (`own_cities`).
    """

    topic_id: int | None = None
    year: int | None = None
    status: DecisionStatus | None = None
    state: ActionState | None = None
    city_id: int | None = None
    is_overdue: bool = False
    words: str = ""
    webinar_id: int | None = None
    is_mine: bool = False
    own_cities: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Promise:
    """An action as this reader may know it. `is_own`: theirs, or their city's."""

    action: Action
    owner: str
    is_late: bool
    is_own: bool = False


@dataclass(frozen=True)
class Counts:
    """How many there are of each, by the word of the status or state."""

    by_state: dict[str, int]
    overdue: int = 0

    @property
    def whole(self) -> int:
        return sum(self.by_state.values())

    def of(self, state: str) -> int:
        return self.by_state.get(state, 0)


@dataclass(frozen=True)
class Kept:
    """Of what was promised; what was given up does not count."""

    done: int
    promised: int


def decisions_wanted(viewer: User | None, wanted: Wanted) -> Select[Decision]:
    """Newest first."""
    found = decisions_visible_to(viewer).where(*_narrowed(Decision, wanted))
    return found.where(Decision.status == wanted.status) if wanted.status else found


def actions_wanted(viewer: User | None, wanted: Wanted) -> Select[Action]:
    """Newest first; what is still to be done, and one's own, soonest first."""
    found = _actions(viewer, wanted)
    if wanted.is_overdue:
        found = found.where(_overdue())
    if wanted.state:
        found = found.where(Action.state == wanted.state)
    if wanted.is_mine or wanted.is_overdue or wanted.state == ActionState.OPEN:
        return found.order_by(None).order_by(OPEN_FIRST, *SOONEST)
    return found


def count_decisions(viewer: User | None, wanted: Wanted) -> Counts:
    """Of each status; which status is wanted makes no difference."""
    rows = decisions_visible_to(viewer).where(*_narrowed(Decision, wanted))
    each = rows.order_by(None).subquery()
    counted = select(each.c.status, func.count().label("many")).group_by(each.c.status)
    return Counts({row.status: row.many for row in db.session.execute(counted)})


def count_actions(viewer: User | None, wanted: Wanted) -> Counts:
    """Of each state; which state is wanted makes no difference."""
    each = _actions(viewer, wanted).order_by(None).subquery()
    late = func.sum(case((each.c.due_on < utcnow().date(), 1), else_=0))
    counted = select(each.c.state, func.count(), late).group_by(each.c.state)
    rows = db.session.execute(counted).all()
    overdue = sum(late for state, _many, late in rows if state == ActionState.OPEN)
    return Counts({state: many for state, many, _late in rows}, overdue)


def promises_of(
    viewer: User | None, actions: Sequence[Action], cities: frozenset[int] = frozenset()
) -> list[Promise]:
    """Owners in the words that this reader, with a seat of these cities, may know them by."""
    load_owners(actions)
    return [_promise(action, viewer, cities) for action in actions]


def in_portions(viewer: User | None, found: Select[Action]) -> Iterator[Promise]:
    """All of them, some hundred at a time."""
    rows = db.session.scalars(found.execution_options(yield_per=AT_ONCE))
    for portion in rows.partitions():
        yield from promises_of(viewer, portion)


def years_of_decisions(viewer: User | None) -> list[int]:
    """In which something was recorded that the viewer sees, the newest first."""
    return _years(decisions_visible_to(viewer))


def years_of_actions(viewer: User | None) -> list[int]:
    return _years(actions_visible_to(viewer))


def cities_with_actions(viewer: User | None) -> list[City]:
    """Those that are named as owners, by name."""
    each = _actions(viewer, Wanted()).where(names_cities()).order_by(None).subquery()
    ids = select(each.c.owner_city_id).where(each.c.owner_city_id.is_not(None))
    return sorted(db.session.scalars(cities_by_ids(ids)), key=city_name)  # type: ignore[arg-type]


def kept_at(webinar_id: int) -> Kept | None:
    """How far what was promised there is done, as everybody may know; None: nothing was."""
    found = select(Action.state, func.count()).join(Action.note_set).join(NoteSet.webinar)
    there = and_(NoteSet.webinar_id == webinar_id, is_public_record())
    counted = dict(db.session.execute(found.where(there).group_by(Action.state)).all())
    done, to_do = counted.get(ActionState.DONE, 0), counted.get(ActionState.OPEN, 0)
    return Kept(done, done + to_do) if done + to_do else None


def is_late(action: Action) -> bool:
    is_due = action.due_on is not None and action.due_on < utcnow().date()
    return is_due and action.state == ActionState.OPEN


def day_of_meeting(record: Decision | Action) -> date | None:
    """None: only the year is known."""
    start = record.note_set.webinar.start_local
    return start.date() if start else None


def _actions(viewer: User | None, wanted: Wanted) -> Select[Action]:
    found = actions_visible_to(viewer).where(*_narrowed(Action, wanted))
    if wanted.city_id is not None:
        found = found.where(Action.owner_city_id == wanted.city_id, names_cities())
    if wanted.is_mine:
        found = found.where(_owned_by(viewer, wanted.own_cities))
    return found


def _years(visible: Select[Any]) -> list[int]:
    each = visible.order_by(None).subquery()
    return sorted(db.session.scalars(select(each.c.year).distinct()), reverse=True)


def _narrowed(table: type[Record], wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.topic_id is not None:
        yield Webinar.topic_id == wanted.topic_id
    if wanted.year is not None:
        yield table.year == wanted.year
    if wanted.webinar_id is not None:
        yield Webinar.id == wanted.webinar_id
    if wanted.words:
        yield _says(table, wanted.words)


def _says(table: type[Record], words: str) -> ColumnElement[bool]:
    """The words are in its text, or they are its number."""
    in_text = table.text.icontains(words, autoescape=True)
    number = NUMBER.fullmatch(words)
    if number is None or int(number[3]) >= MOST_NUMBER:
        return in_text
    return or_(in_text, and_(table.year == int(number[2]), table.number == int(number[3])))


def _owned_by(viewer: User | None, cities: frozenset[int]) -> ColumnElement[bool]:
    if viewer is None or not viewer.is_approved:
        return false()
    return or_(Action.owner_user_id == viewer.id, Action.owner_city_id.in_(cities))


def names_cities() -> ColumnElement[bool]:
    """`owner_words` says the name of the city. Else nobody can look for what a city promised."""
    rule = Attribution.CHATHAM_HOUSE
    promised = and_(NoteSet.attribution != rule, Webinar.attribution != rule)
    return and_(promised, NoteSet.naming.in_([Naming.PERSON, Naming.CITY]))


def _overdue() -> ColumnElement[bool]:
    return and_(Action.state == ActionState.OPEN, Action.due_on < utcnow().date())


def _promise(action: Action, viewer: User | None, cities: frozenset[int]) -> Promise:
    is_outside = viewer is None or not viewer.is_approved
    words = owner_words(action, naming_of(action.note_set, public=is_outside))
    return Promise(action, words, is_late(action), is_owner(viewer, action, cities))
