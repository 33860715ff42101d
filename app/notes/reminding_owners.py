"""Owners hear of what they promised: three days before it is due, on the day, a week after.

Every hour a round looks who gets a mail in the next two, at nine in the morning of their own zone.
The mail looks again: what is done, moved or taken back meanwhile is not mailed. What is not sent
on its day is dropped, for it would not be true any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.directory import people_of_city
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.core.zones import to_local, to_utc
from app.notes.carrying import is_published_record
from app.notes.enums import ActionState
from app.notes.models import Action, NoteSet
from app.notes.promising import one_promise
from app.webinars.models import Webinar, WebinarOrganiser


class Moment(StrEnum):
    SOON = "soon"
    TODAY = "today"
    LATE = "late"


DAYS = {Moment.SOON: -3, Moment.TODAY: 0, Moment.LATE: 7}
"""Before or after the day it is due."""
MORNING = time(9)
AHEAD = timedelta(hours=2)


def go_round() -> None:
    """Queue what is due soon, each mail once for an action, a person and a due day."""
    for action in _due_about(utcnow()):
        for person in people_reminded(action):
            for moment in Moment:
                _queue(action, person, moment)
        for person in organisers_of(action.note_set.webinar):
            _queue_line(action, person)


def people_reminded(action: Action) -> list[User]:
    """The owner; of a city everybody with a seat there; the organisers where it is a role."""
    if action.owner_user is not None and action.owner_user.is_approved:
        people = [action.owner_user]
    elif action.owner_city_id is not None:
        seated = people_of_city(action.owner_city_id)
        people = list({seat.user_id: seat.user for seat in seated}.values())
    else:
        people = _organising(action.note_set.webinar)
    return [person for person in people if person.wants_action_mails]


def organisers_of(webinar: Webinar) -> list[User]:
    return [person for person in _organising(webinar) if person.wants_action_mails]


def action_to_mail(action_id: int, person: User, due_on: date, moment: Moment) -> Action | None:
    """The action, if a mail that was planned for it is still right to send now."""
    action = db.session.scalars(one_promise(person, action_id)).first()
    if action is None or action.due_on != due_on or action.state != ActionState.OPEN:
        return None
    is_told = person.id in {one.id for one in people_reminded(action)}
    return action if is_told and _is_the_day(due_on, moment, person) else None


def late_lines(webinar_id: int, organiser: User, due_on: date) -> list[Action]:
    """What is a week late there and nobody reminded this organiser of as its owner."""
    if not organiser.wants_action_mails or not _is_the_day(due_on, Moment.LATE, organiser):
        return []
    found = _open_actions().where(NoteSet.webinar_id == webinar_id, Action.due_on == due_on)
    return [
        action
        for action in db.session.scalars(found)
        if organiser.id in {one.id for one in _organising(action.note_set.webinar)}
        and organiser.id not in {one.id for one in people_reminded(action)}
    ]


def stop(person: User) -> None:
    """No more mails about what they promised."""
    person.wants_action_mails = False


def resume(person: User) -> None:
    person.wants_action_mails = True


def _due_about(now: datetime) -> Sequence[Action]:
    """All that is due on a day of which it is the time somewhere on earth."""
    days = [now.date() - timedelta(days=days + off) for days in DAYS.values() for off in (-1, 0, 1)]
    return db.session.scalars(_open_actions().where(Action.due_on.in_(days))).all()


def _open_actions() -> Select[Action]:
    webinar = contains_eager(Action.note_set).contains_eager(NoteSet.webinar)
    people = webinar.selectinload(Webinar.organisers).joinedload(WebinarOrganiser.user)
    return (
        select(Action)
        .join(Action.note_set)
        .join(NoteSet.webinar)
        .where(Action.state == ActionState.OPEN, is_published_record())
        .options(people, joinedload(Action.owner_user))
        .order_by(Action.year, Action.number)
    )


def _organising(webinar: Webinar) -> list[User]:
    return [seat.user for seat in webinar.organisers if seat.user.is_approved]


def _queue(action: Action, person: User, moment: Moment) -> None:
    due_on = action.due_on
    if due_on is not None and _is_next(due_on, moment, person):
        key = f"{action.id}:{moment}:{due_on}:{person.id}"
        enqueue("notes.remind_owner", key, run_at=_morning(due_on, moment, person),
                action_id=action.id, user_id=person.id, moment=moment.value,
                due_on=due_on.isoformat())  # fmt: skip


def _queue_line(action: Action, organiser: User) -> None:
    """One mail for all that was due there on that day."""
    due_on, webinar_id = action.due_on, action.note_set.webinar_id
    if due_on is not None and _is_next(due_on, Moment.LATE, organiser):
        key = f"{webinar_id}:{due_on}:{organiser.id}"
        enqueue("notes.tell_late", key, run_at=_morning(due_on, Moment.LATE, organiser),
                webinar_id=webinar_id, user_id=organiser.id, due_on=due_on.isoformat())  # fmt: skip


def _is_next(due_on: date, moment: Moment, person: User) -> bool:
    """Due within two hours, or earlier on the same day."""
    is_near = _morning(due_on, moment, person) <= utcnow() + AHEAD
    return is_near and _today(person) <= due_on + timedelta(days=DAYS[moment])


def _is_the_day(due_on: date, moment: Moment, person: User) -> bool:
    return _today(person) == due_on + timedelta(days=DAYS[moment])


def _today(person: User) -> date:
    return to_local(utcnow(), person.timezone).date()


def _morning(due_on: date, moment: Moment, person: User) -> datetime:
    there = datetime.combine(due_on + timedelta(days=DAYS[moment]), MORNING)
    return to_utc(there, person.timezone)
