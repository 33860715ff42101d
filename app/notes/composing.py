"""A note set as the document that is handed out: frozen when published, made anew for a draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from app.core.i18n import LANGUAGES, _, speaking
from app.core.links import absolute_url
from app.core.slugs import slugify
from app.core.templating import day, moment
from app.core.zones import to_local
from app.notes.anchoring import Record, anchor_of, places_of
from app.notes.deciding import number_of
from app.notes.documents.blocks import (
    Block,
    Document,
    Fact,
    Heading,
    Items,
    Paragraph,
    Runs,
    Table,
    anchors_in,
    from_json,
    text_of,
    to_json,
    words,
)
from app.notes.documents.reading import blocks_of
from app.notes.enums import ActionState, DecisionStatus, Naming, NoteKind, NotesStatus
from app.notes.gathering import Material
from app.notes.models import Action, Decision, Note, NoteSet
from app.notes.naming import naming_of, owner_words
from app.notes.participants import participants, table
from app.webinars.models import Webinar

OTHER_ZONES = ("Europe/Brussels", "UTC", "Europe/London", "Europe/Athens")
SHOWN_ZONES = 3


def compose(
    material: Material, *, public: bool, version: str = "", published_on: date | None = None
) -> Document:
    """The document in the notes' own language; without a version it is a draft.

    The public one leaves out what is for practitioners only. How people are named is up to
    `naming`.
    """
    note_set = material.note_set
    locale = note_set.language if note_set.language in LANGUAGES else "en"
    with speaking(locale):
        document = Document(
            title=note_set.webinar.title,
            language=note_set.language,
            version=version,
            mark="" if version else _("Draft"),
            stem=_stem(note_set.webinar),
            facts=tuple(_facts(note_set, version, published_on)),
            blocks=tuple(_blocks(material, public)),
        )
    return from_json(to_json(document))  # type: ignore[no-any-return]


def file_name(document: Document, form: str, kind: str = "minutes") -> str:
    """2026-03-25_housing_minutes_v1-0_en.docx"""
    version = f"v{document.version.replace('.', '-')}" if document.version else "draft"
    stem = f"{document.stem.removesuffix('_minutes')}_{kind}"
    return f"{stem}_{version}_{slugify(document.language, 8)}.{form}"


def when(webinar: Webinar) -> list[str]:
    """The date in three zones, or as much of it as is known."""
    if webinar.starts_at is None:
        return [_("%(year)s, day not recorded", year=webinar.year or "")]
    shown: dict[str, str] = {}
    for tzid in dict.fromkeys((webinar.tzid, *OTHER_ZONES)):
        local = moment(to_local(webinar.starts_at, tzid))
        shown.setdefault(local, tzid)
    return [f"{local}, {tzid}" for local, tzid in list(shown.items())[:SHOWN_ZONES]]


def decision_status(status: DecisionStatus) -> str:
    return {
        DecisionStatus.PROPOSED: _("Proposed"),
        DecisionStatus.ADOPTED: _("Adopted"),
        DecisionStatus.WITHDRAWN: _("Withdrawn"),
    }[status]


def action_state(state: ActionState) -> str:
    return {
        ActionState.OPEN: _("Open"),
        ActionState.DONE: _("Done"),
        ActionState.DROPPED: _("Dropped"),
    }[state]


def _stem(webinar: Webinar) -> str:
    local = webinar.start_local
    known = local.date().isoformat() if local else str(webinar.year or "undated")
    about = webinar.topic.slug if webinar.topic else slugify(webinar.title, 40)
    return f"{known}_{about}_minutes"


def _facts(note_set: NoteSet, version: str, published_on: date | None) -> Iterator[Fact]:
    for line in when(note_set.webinar):
        yield Fact(_("When"), line)
    if note_set.webinar.host_label:
        yield Fact(_("Hosted by"), note_set.webinar.host_label)
    yield Fact(_("Language"), LANGUAGES.get(note_set.language, note_set.language))
    if version:
        yield Fact(_("Version"), version)
    if published_on:
        yield Fact(_("Status"), _("Published on %(day)s", day=day(published_on)))
    else:
        yield Fact(_("Status"), _unpublished(note_set))


def _unpublished(note_set: NoteSet) -> str:
    if note_set.status == NotesStatus.IN_REVIEW and note_set.review_until:
        until = to_local(note_set.review_until, note_set.webinar.tzid).date()
        return _("Draft, corrections until %(day)s", day=day(until))
    return _("Draft, not agreed yet")


def _blocks(material: Material, public: bool) -> Iterator[Block]:
    """In the order of readers: who, in short, what holds, what is to do, then all the rest."""
    note_set = material.note_set
    naming = naming_of(note_set, public=public)
    present = participants(material.people, naming)
    if present:
        yield _section(
            _("Participants by kind") if naming == Naming.ACTOR else _("Participants by city")
        )
        yield present
    if note_set.at_a_glance:
        yield _section(_("At a glance"))
        yield from blocks_of(note_set.at_a_glance)
    said, questions = _said_at(material, public)
    yield from _records(material, public, set(anchors_in((*said, *questions))))
    yield _section(_("Notes"))
    yield from said
    if questions:
        yield _section(_("Open questions"))
        yield from questions
    yield from _materials(material)
    yield from _closing(note_set, naming)


def _records(material: Material, public: bool, places: set[str]) -> Iterator[Block]:
    """Their numbers lead to where they stand in the text."""
    naming = naming_of(material.note_set, public=public)
    decisions = [d for d in material.decisions if material.is_shown(d, public=public)]
    actions = [a for a in material.actions if material.is_shown(a, public=public)]
    headings = {note.id: note.heading for note in material.notes(public=public)}
    yield _section(_("Decisions"))
    yield _decisions(decisions, headings, places) if decisions else _said(_("None recorded."))
    yield _section(_("Actions"))
    yield _actions(actions, naming, places) if actions else _said(_("None recorded."))


def _decisions(decisions: list[Decision], headings: dict[int, str], places: set[str]) -> Table:
    head = (_("Number"), _("Decision"), _("Agenda item"), _("Status"))
    rows = [
        (number_of(d), d.text, headings.get(d.note_id or 0, ""), decision_status(d.status))
        for d in decisions
    ]
    return _numbered(decisions, table(head, rows), places)


def _actions(actions: list[Action], naming: Naming, places: set[str]) -> Table:
    head = (_("Number"), _("Action"), _("Owner"), _("Due"), _("Status"))
    rows = [
        (
            number_of(action),
            action.text,
            owner_words(action, naming),
            day(action.due_on) if action.due_on else "",
            action_state(action.state),
        )
        for action in actions
    ]
    return _numbered(actions, table(head, rows), places)


def _numbered(records: Sequence[Record], made: Table, places: set[str]) -> Table:
    """A record that stands in the text is linked there; the row of any other is its place."""
    anchors = [anchor_of(record) for record in records]
    linked = tuple(
        (words(text_of(row[0]), href=f"#{anchor}") if anchor in places else row[0], *row[1:])
        for anchor, row in zip(anchors, made.rows, strict=True)
    )
    return Table(made.head, linked, tuple("" if a in places else a for a in anchors))


def _said_at(material: Material, public: bool) -> tuple[list[Block], list[Block]]:
    """What was said on each agenda item, and the questions that stayed open."""
    notes = material.notes(public=public)
    records: list[Record] = [*material.decisions, *material.actions]
    shown = [one for one in records if material.is_shown(one, public=public)]
    places = places_of(shown, material.bodies)
    said: list[Block] = []
    questions: list[Block] = []
    for note in notes:
        body = blocks_of(material.bodies.get(note.id, ""), places.get(note.id))
        if note.kind == NoteKind.QUESTIONS:
            questions += body
        else:
            said += _note(note, body, questions)
    return said, questions


def _note(note: Note, body: tuple[Block, ...], questions: list[Block]) -> Iterator[Block]:
    """One agenda item. What stands under "Open questions" goes to the end of the document."""
    if not body and note.agenda_item_id is None:
        return
    yield Heading(2, words(note.heading), f"note-{note.position}")
    if not body:
        yield _said(_("Nothing is written yet.") if note.is_treated else _("Not treated."))
    names = {"open questions", _("Open questions").casefold()}
    lifted_from = 0
    for block in body:
        if isinstance(block, Heading) and (not lifted_from or block.level <= lifted_from):
            is_question = text_of(block.runs).strip().casefold() in names
            lifted_from = block.level if is_question else 0
            if is_question:
                continue
        if lifted_from:
            questions.append(block)
        else:
            yield block


def _materials(material: Material) -> Iterator[Block]:
    if not material.titles:
        return
    webinar = material.note_set.webinar
    address = absolute_url("webinars.show", webinar_id=webinar.id, slug=slugify(webinar.title))
    yield _section(_("Materials"))
    yield Items(0, tuple((Paragraph(words(title)),) for title in material.titles))
    yield Paragraph((*words(_("They are on the page of the webinar: ")), *_link(address)))


def _closing(note_set: NoteSet, naming: Naming) -> Iterator[Block]:
    address = absolute_url("summaries.show", webinar_id=note_set.webinar_id)
    yield _section(_("Use and contact"))
    if naming == Naming.NOBODY:
        rule = _("You may use what was said, but not who said it or where they work.")
        yield _said(rule)
    yield _said(_("You may share and quote this summary when you name its source."))
    yield Paragraph((*words(_("The newest version: ")), *_link(address)))


def _link(address: str) -> Runs:
    return words(address, href=address)


def _section(text: str) -> Heading:
    return Heading(1, words(text))


def _said(text: str) -> Paragraph:
    return Paragraph(words(text))
