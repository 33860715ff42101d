"""What of the webinars is one reader's own: what they organise, where they are registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, null, select, union_all

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.generations import generation_columns
from app.core.prepared import Prepared
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, WebinarOrganiser

WEBINARS, NOTES, ORGANISED, REGISTERED = range(4)


@dataclass(frozen=True)
class Own:
    """`states` by webinar. The generations of webinars and notes are those of the same moment."""

    generation: int
    notes_generation: int
    organised: tuple[int, ...]
    states: dict[int, RegistrationState]


def own_of(viewer: User | None) -> Own:
    """All of it in one statement."""
    rows: list[Any] = _own.rows((kind_of(viewer),), **reader_values(viewer))
    return Own(
        generation=next(number for kind, number, _ in rows if kind == WEBINARS),
        notes_generation=next(number for kind, number, _ in rows if kind == NOTES),
        organised=tuple(sorted(number for kind, number, _ in rows if kind == ORGANISED)),
        states={number: state for kind, number, state in rows if kind == REGISTERED},
    )


@Prepared
def _own(reader: User | None) -> Any:
    webinars, notes = generation_columns("webinars", "notes")
    generations: Any = (
        select(literal(WEBINARS), webinars, null()),
        select(literal(NOTES), notes, null()),
    )
    if reader is None:
        return union_all(*generations)
    organised = select(literal(ORGANISED), WebinarOrganiser.webinar_id, null())
    states = select(literal(REGISTERED), Registration.webinar_id, Registration.state)
    return union_all(
        states.where(Registration.user_id == reader.id),
        organised.where(WebinarOrganiser.user_id == reader.id),
        *generations,
    )
