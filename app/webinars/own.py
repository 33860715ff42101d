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

GENERATION, ORGANISED, REGISTERED = range(3)


@dataclass(frozen=True)
class Own:
    """`generation`: of all webinars, as it was when this was read. `states` by webinar."""

    generation: int
    organised: tuple[int, ...]
    states: dict[int, RegistrationState]


def own_of(viewer: User | None) -> Own:
    """All of it in one statement."""
    rows: list[Any] = _own.rows((kind_of(viewer),), **reader_values(viewer))
    return Own(
        generation=next(number for kind, number, _ in rows if kind == GENERATION),
        organised=tuple(sorted(number for kind, number, _ in rows if kind == ORGANISED)),
        states={number: state for kind, number, state in rows if kind == REGISTERED},
    )


@Prepared
def _own(reader: User | None) -> Any:
    (generation,) = generation_columns("webinars")
    generation_row: Any = select(literal(GENERATION), generation, null())
    if reader is None:
        return generation_row
    organised = select(literal(ORGANISED), WebinarOrganiser.webinar_id, null())
    states = select(literal(REGISTERED), Registration.webinar_id, Registration.state)
    return union_all(
        states.where(Registration.user_id == reader.id),
        organised.where(WebinarOrganiser.user_id == reader.id),
        generation_row,
    )
