"""A frozen summary as a page: in short first, then in parts, with what became of its promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.i18n import LANGUAGES, _, speaking
from app.core.templating import day
from app.notes.composing import action_state
from app.notes.contents import actions_of
from app.notes.deciding import number_of
from app.notes.documents.blocks import Block, Document, Heading, Runs, Table, text_of
from app.notes.enums import ActionState
from app.notes.models import Action, NoteSet

PILLS = {ActionState.OPEN: "", ActionState.DONE: "ok", ActionState.DROPPED: "warn"}


@dataclass(frozen=True)
class Part:
    """What stands below one main heading; `inner` are the headings in it that can be linked to."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    inner: tuple[tuple[str, str], ...]
    is_actions: bool


@dataclass(frozen=True)
class Layout:
    """`glance` is the part that says it in short: None where nobody wrote one."""

    glance: Part | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class PromiseToday:
    """What became of a promise since the text was frozen. `place` is where the text has it."""

    number: str
    place: str
    text: str
    state: str
    pill: str


def layout_of(document: Document) -> Layout:
    """Whoever took part is named after what came out; the files keep the order of minutes."""
    with speaking(document.language if document.language in LANGUAGES else "en"):
        short, actions = _("At a glance"), _("Actions")
    parts = list(_parts(document.blocks, actions))
    place = next((n for n, part in enumerate(parts) if part.title == short), None)
    if place is None:
        return Layout(None, tuple(parts))
    last = parts[-1:] if len(parts) > place + 1 else []
    between = parts[place + 1 : len(parts) - len(last)]
    return Layout(parts[place], (*between, *parts[:place], *last))


def promises_today(note_set: NoteSet, layout: Layout) -> list[PromiseToday]:
    """Of those alone that this reader's text has."""
    there = {number: place for part in layout.parts if part.is_actions
             for number, place in _numbers(part)}  # fmt: skip
    if not there:
        return []
    return [
        PromiseToday(
            number_of(action),
            there[number_of(action)],
            action.text,
            _today(action),
            PILLS[action.state],
        )
        for action in actions_of(note_set)
        if number_of(action) in there
    ]


def _today(action: Action) -> str:
    if action.state == ActionState.DONE and action.done_at:
        return _("Done since %(day)s", day=day(action.done_at.date()))
    if action.state == ActionState.OPEN and action.due_on:
        return _("Open, due %(day)s", day=day(action.due_on))
    return action_state(action.state)


def _parts(blocks: tuple[Block, ...], actions: str) -> Iterator[Part]:
    starts = [
        n for n, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1
    ]
    for count, start in enumerate(starts, 1):
        end = starts[count] if count < len(starts) else len(blocks)
        heading, inside = blocks[start], blocks[start + 1 : end]
        if isinstance(heading, Heading):
            title = text_of(heading.runs)
            inner = tuple(
                (one.anchor, text_of(one.runs))
                for one in inside
                if isinstance(one, Heading) and one.anchor
            )
            yield Part(f"part-{count}", title, inside, inner, title == actions)


def _numbers(part: Part) -> Iterator[tuple[str, str]]:
    """Each number in its table, and its anchor in the document."""
    for block in part.blocks:
        if isinstance(block, Table):
            yield from ((text_of(row[0]), _anchor(row[0], own)) for own, row in block.anchored)


def _anchor(cell: Runs, own: str) -> str:
    return own or next((run.href.removeprefix("#") for run in cell if run.href), "")
