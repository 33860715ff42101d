"""Where in the text of a note its decisions and actions stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.notes.deciding import number_of
from app.notes.models import Action, Decision

Record = Decision | Action
Places = dict[int, dict[int, list[str]]]


def anchor_of(record: Record) -> str:
    """d-2026-014: what leads to the record in every document that has it."""
    return number_of(record).lower()


def places_of(records: Iterable[Record], bodies: Mapping[int, str]) -> Places:
    """By note, and by the line of its text from 0: the anchors of what was recorded there.

    A wording that stands twice is the first one, as `lines` reads it. Records by a form, and
    those whose line is gone, are in no text.
    """
    found: Places = defaultdict(lambda: defaultdict(list))
    first: dict[int, dict[str, int]] = {}
    for record in records:
        note_id, line = record.note_id, record.line.strip()
        if note_id is None or not line:
            continue
        if note_id not in first:
            first[note_id] = _first_lines(bodies.get(note_id, ""))
        if line in first[note_id]:
            found[note_id][first[note_id][line]].append(anchor_of(record))
    return found


def _first_lines(body: str) -> dict[str, int]:
    """Backwards, so that the first of equals counts."""
    lines = body.split("\n")
    return {lines[number].strip(): number for number in reversed(range(len(lines)))}
