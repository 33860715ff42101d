"""The facts a filter asks for, so that a common word need not be walked through to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Select

from app.accounts.directory import city_seat_ids
from app.accounts.models import User
from app.accounts.queries import approved_people, people_like
from app.core.db import db
from app.forum.choosing import Choice
from app.forum.enums import State, ThreadKind
from app.forum.findable import tag_ids_called, thread_ids_in
from app.search import facts

MOST = 100
"""More authors, seats or threads than these narrow little: the rows are asked alone."""


def facts_asked(viewer: User | None, choice: Choice) -> list[Sequence[str]]:
    """One of each group has to be there. Nothing that matches the filter is without them. The
    days are another matter: see `spans`."""
    wanted = choice.wanted
    groups: list[Sequence[str]] = []
    if choice.topic is not None:
        groups.append([facts.topic(choice.topic.id)])
    if wanted.kind:
        groups.append([facts.kind(wanted.kind)])
    if wanted.language:
        groups.append([facts.language(wanted.language)])
    if wanted.tag:
        groups.append(_each(tag_ids_called(wanted.tag), facts.tag))
    if wanted.author:
        groups.append(_authors(viewer, wanted.author))
    if choice.city is not None:
        groups.append(_each(city_seat_ids(choice.city.id), facts.seat))
    return [group for group in [*groups, *_of_state(wanted.state)] if group]


def _authors(viewer: User | None, name: str) -> Sequence[str]:
    if name.lower() == "me" and viewer is not None:
        return [facts.author(viewer.id)]
    people = people_like(approved_people(), name.removeprefix("@"))
    return _each(people.with_only_columns(User.id).order_by(None), facts.author)


def _each(ids: Select[int], fact: Callable[[int], str]) -> Sequence[str]:
    found = db.session.scalars(ids.limit(MOST + 1)).all()
    if not found:
        return [facts.NOTHING]
    return [fact(number) for number in found] if len(found) <= MOST else []


def _of_state(state: State | None) -> list[Sequence[str]]:
    if state in (State.LOCKED, State.PINNED):
        return [_each(thread_ids_in(state), facts.thread)]
    if state is State.SOLVED:
        return [[facts.SOLVED]]
    if state is State.UNSOLVED:
        return [[facts.kind(ThreadKind.QUESTION)]]
    return [[facts.OWN]] if state is State.UNANSWERED else []
