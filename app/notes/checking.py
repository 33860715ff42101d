"""What is to be mended before notes are published, and what is worth a second look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.accounts.queries import users_by_ids
from app.core.db import db
from app.core.i18n import _, ngettext
from app.notes.contents import actions_of, decisions_of, heads_of
from app.notes.deciding import number_of
from app.notes.enums import ActionState, Naming
from app.notes.models import Action, Decision, Note, NoteRevision, NoteSet
from app.notes.naming import naming_of
from app.notes.reviewing import open_count
from app.webinars.attending import registrations_at
from app.webinars.models import Registration, Webinar


@dataclass(frozen=True)
class Gap:
    """What is missing before publishing, and the place on the notes page where it is mended."""

    sentence: str
    anchor: str


@dataclass(frozen=True)
class Said:
    """A text of the summary: `place` is what readers call it."""

    place: str
    anchor: str
    text: str
    is_closed: bool


def gaps(note_set: NoteSet) -> list[Gap]:
    """What stands against publishing.

    Every agenda item has text or was not treated, every open action has owner and date, every
    correction is answered, and nobody is named who was promised not to be.
    """
    heads, actions = heads_of(note_set), actions_of(note_set)
    return [
        *_silent_items(note_set, heads),
        *_loose_actions(actions),
        *_open_corrections(note_set),
        *_named_people(note_set, heads, actions),
    ]


def doubts(note_set: NoteSet) -> list[Gap]:
    """What may tell who was there, although nobody is to be told: the names of their cities."""
    if naming_of(note_set, public=True) != Naming.NOBODY:
        return []
    cities = _patterns(_cities_of(db.session.scalars(registrations_at(note_set.webinar))))
    said = _said(note_set, heads_of(note_set), actions_of(note_set))
    return [
        Gap(
            _(
                "“%(place)s” names %(city)s. Does it tell who said something?",
                place=one.place,
                city=city,
            ),
            one.anchor,
        )
        for one in said
        for city, pattern in cities.items()
        if pattern.search(one.text)
    ]


def _silent_items(note_set: NoteSet, heads: dict[int, NoteRevision]) -> list[Gap]:
    return [
        Gap(
            _(
                "“%(heading)s” has no text. Write it, or mark it as not treated.",
                heading=note.heading,
            ),
            f"note-{note.position}",
        )
        for note in note_set.notes
        if note.agenda_item_id and note.is_treated and note.removed_at is None
        if note.id not in heads or not heads[note.id].body.strip()
    ]


def _loose_actions(actions: list[Action]) -> list[Gap]:
    found = []
    for action in actions:
        if action.state != ActionState.OPEN:
            continue
        number, anchor = number_of(action), f"action-{action.id}"
        if not (action.owner_user_id or action.owner_city_id or action.owner_label):
            found.append(Gap(_("%(number)s has no owner.", number=number), anchor))
        if not action.due_on:
            found.append(Gap(_("%(number)s has no due date.", number=number), anchor))
    return found


def _open_corrections(note_set: NoteSet) -> list[Gap]:
    count = open_count(note_set)
    if not count:
        return []
    sentence = ngettext(
        "%(num)d correction waits for an answer.",
        "%(num)d corrections wait for an answer.",
        count,
    )
    return [Gap(sentence, "corrections")]


def _named_people(
    note_set: NoteSet, heads: dict[int, NoteRevision], actions: list[Action]
) -> list[Gap]:
    """Full names of those who were there, in the places where nobody may be named."""
    strict = {closed: naming_of(note_set, public=not closed) for closed in (False, True)}
    if set(strict.values()) == {Naming.PERSON}:
        return []
    full = [name for name in _names_of(note_set.webinar, actions) if " " in name.strip()]
    names = _patterns(full) | _mentions(_handles_of(note_set.webinar, actions))
    return [
        Gap(
            _(
                "“%(place)s” names %(name)s, who was promised not to be named.",
                place=one.place,
                name=name,
            ),
            one.anchor,
        )
        for one in _said(note_set, heads, actions)
        if strict[one.is_closed] != Naming.PERSON
        for name, pattern in names.items()
        if pattern.search(one.text)
    ]


def _said(
    note_set: NoteSet, heads: dict[int, NoteRevision], actions: list[Action]
) -> Iterator[Said]:
    """Everything that people wrote and a summary holds."""
    yield Said(_("At a glance"), "glance-h", note_set.at_a_glance, False)
    closed = {note.id for note in note_set.notes if note.is_for_practitioners}
    removed = {note.id for note in note_set.notes if note.removed_at is not None}
    for note in note_set.notes:
        if note.id not in removed:
            yield _said_at(note, heads.get(note.id))
    records: list[Decision | Action] = [*decisions_of(note_set), *actions]
    for record in records:
        if record.note_id not in removed:
            yield _said_in(record, record.note_id in closed)


def _said_at(note: Note, head: NoteRevision | None) -> Said:
    text = f"{note.heading}\n{head.body if head else ''}"
    return Said(note.heading, f"note-{note.position}", text, note.is_for_practitioners)


def _said_in(record: Decision | Action, is_closed: bool) -> Said:
    kind = "decision" if isinstance(record, Decision) else "action"
    label = record.owner_label if isinstance(record, Action) else ""
    text = f"{record.text}\n{label}"
    return Said(number_of(record), f"{kind}-{record.id}", text, is_closed)


def _names_of(webinar: Webinar, actions: list[Action]) -> Iterator[str]:
    yield from (person.name for person in db.session.scalars(registrations_at(webinar)))
    yield from (speaker.name for speaker in webinar.speakers)
    yield from (seat.user.display_name for seat in webinar.organisers)
    yield from (action.owner_user.display_name for action in actions if action.owner_user)


def _handles_of(webinar: Webinar, actions: list[Action]) -> Iterator[str]:
    """What stands after the @ where somebody with an account is mentioned."""
    there = registrations_at(webinar).with_only_columns(Registration.user_id).order_by(None)
    ids = {
        *db.session.scalars(there),
        *(speaker.user_id for speaker in webinar.speakers),
        *(seat.user_id for seat in webinar.organisers),
        *(action.owner_user_id for action in actions),
    }
    people = users_by_ids(one for one in ids if one is not None)
    yield from (person.handle for person in people.values())


def _cities_of(people: Iterable[Registration]) -> Iterator[str]:
    for person in people:
        yield from person.city.names.values() if person.city else (person.city_label,)


def _patterns(words: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """As whole words, however they are spaced."""
    named = sorted({" ".join(word.split()) for word in words} - {""})
    spaced = {name: r"\s+".join(re.escape(part) for part in name.split()) for name in named}
    return {name: re.compile(rf"(?<!\w){pattern}(?!\w)") for name, pattern in spaced.items()}


def _mentions(handles: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """Also with a full stop after them, but not as the beginning of somebody else's."""
    return {
        f"@{handle}": re.compile(rf"(?<!\w)@{re.escape(handle)}(?![.-]?\w)", re.IGNORECASE)
        for handle in sorted(set(handles))
    }
