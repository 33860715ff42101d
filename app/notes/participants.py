"""Who took part, as a document may say it: how many from where, and who agreed to be named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from app.accounts.seating import users_with_seats
from app.attendance.presence import was_excused, was_there
from app.core.i18n import _, ngettext
from app.notes.documents.blocks import Table, words
from app.notes.enums import Naming
from app.notes.naming import person_words, strictest
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration

Row = tuple[str, ...]


def participants(people: Sequence[Registration], naming: Naming) -> Table | None:
    """None where nobody may know who was there, or nobody was.

    With present, excused and absent where it is known who came; else how many had a place.
    """
    if naming == Naming.NOBODY or not people:
        return None
    users_with_seats([one.user_id for one in people if one.user_id])
    is_known = any(was_there(one) for one in people)
    head = _counted_head() if is_known else (_("Participants"),)
    count = _counted if is_known else _how_many
    places = _by_place(people, naming)
    rows = [(place, *count(group)) for place, group in places]
    named = [_names(group, is_known) for _place, group in places]
    place = _("Kind") if naming == Naming.ACTOR else _("City")
    if naming == Naming.PERSON and any(named):
        head = (*head, _("Names"))
        rows = [(*row, names) for row, names in zip(rows, named, strict=True)]
    return table((place, *head), rows)


def table(head: Row, rows: Sequence[Row], anchors: tuple[str, ...] = ()) -> Table:
    return Table(
        tuple(words(text) for text in head),
        tuple(tuple(words(text) for text in row) for row in rows),
        anchors,
    )


def _by_place(
    people: Sequence[Registration], naming: Naming
) -> list[tuple[str, list[Registration]]]:
    """By name of the place; those without one last."""
    found: dict[str, list[Registration]] = defaultdict(list)
    level, nowhere = strictest(naming, Naming.CITY), _("a participant")
    for person in people:
        place = person_words(person, level)
        found["" if place == nowhere else place[:1].upper() + place[1:]].append(person)
    ordered = sorted(found.items(), key=lambda pair: (not pair[0], pair[0].casefold()))
    return [(place or _("Elsewhere"), group) for place, group in ordered]


def _counted_head() -> Row:
    return (_("Present"), _("Excused"), _("Absent"))


def _counted(people: Sequence[Registration]) -> Row:
    present = sum(was_there(one) for one in people)
    excused = sum(map(was_excused, people))
    return str(present), str(excused), str(len(people) - present - excused)


def _how_many(people: Sequence[Registration]) -> Row:
    return (ngettext("%(num)d person", "%(num)d people", _placed(people)),)


def _placed(people: Sequence[Registration]) -> int:
    return sum(one.state == RegistrationState.CONFIRMED for one in people)


def _names(people: Sequence[Registration], is_known: bool) -> str:
    """Of those who came, where that is known, and agreed to be listed."""
    listed = (one for one in people if one.is_listed and (was_there(one) or not is_known))
    return ", ".join(one.name for one in listed)
