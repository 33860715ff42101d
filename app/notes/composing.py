"""A note set as the document that is handed out: frozen when published, made anew for a draft."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.core.enums import Attribution
from app.core.i18n import LANGUAGES, _, ngettext, speaking
from app.core.links import absolute_url
from app.core.slugs import slugify
from app.core.templating import day, moment
from app.core.zones import to_local
from app.network.naming import city_name
from app.notes.deciding import number_of
from app.notes.documents.blocks import (
    Block,
    Document,
    Fact,
    Heading,
    Paragraph,
    Runs,
    Table,
    from_json,
    to_json,
    words,
)
from app.notes.documents.reading import blocks_of
from app.notes.enums import ActionState, DecisionStatus
from app.notes.models import Action, Decision, Note, NoteSet
from app.notes.naming import naming_of, owner_words
from app.webinars.models import Registration, Webinar

OTHER_ZONES = ("Europe/Brussels", "UTC", "Europe/London", "Europe/Athens")
SHOWN_ZONES = 3


@dataclass(frozen=True)
class Material:
    """What a document is made from, read from the database once."""

    note_set: NoteSet
    bodies: dict[int, str]
    decisions: list[Decision]
    actions: list[Action]
    people: list[Registration]

    def is_shown(self, note_id: int | None, *, public: bool) -> bool:
        closed = {note.id for note in self.note_set.notes if note.is_for_practitioners}
        return not (public and note_id in closed)


def compose(
    material: Material, *, public: bool, version: str = "", published_on: date | None = None
) -> Document:
    """The document in the notes' own language; without a version it is a draft.

    The public one leaves out what is for practitioners only. Under the Chatham House rule
    neither has people or cities; inside-the-network attribution keeps people out of the public one.
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


def file_name(document: Document, form: str) -> str:
    """2026-03-25_housing_minutes_v1-0_en.docx"""
    version = f"v{document.version.replace('.', '-')}" if document.version else "draft"
    return f"{document.stem}_{version}_{slugify(document.language, 8)}.{form}"


def when(webinar: Webinar) -> list[str]:
    """The date in three zones, or as much of it as is known."""
    if webinar.starts_at is None:
        return [_("%(year)s, day not recorded", year=webinar.year or "")]
    shown: dict[str, str] = {}
    for tzid in dict.fromkeys((webinar.tzid, *OTHER_ZONES)):
        local = moment(to_local(webinar.starts_at, tzid))
        shown.setdefault(local, tzid)
    return [f"{local}, {tzid}" for local, tzid in list(shown.items())[:SHOWN_ZONES]]


def owner_of(action: Action, _attribution: Attribution, *, public: bool) -> str:
    """Who does it, as far as it may be said."""
    return owner_words(action, naming_of(action.note_set, public=public))


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
        yield Fact(_("Status"), _("Draft, not agreed yet"))


def _blocks(material: Material, public: bool) -> Iterator[Block]:
    note_set = material.note_set
    if note_set.at_a_glance:
        yield _section(_("At a glance"))
        yield from blocks_of(note_set.at_a_glance)
    if note_set.attribution != Attribution.CHATHAM_HOUSE and material.people:
        yield _section(_("Participants by city"))
        yield _people(material, public)
    yield from _records(material, public)
    yield _section(_("Notes"))
    questions: list[Block] = []
    for note in sorted(note_set.notes, key=lambda note: note.position):
        if material.is_shown(note.id, public=public):
            yield from _note(note, material.bodies.get(note.id, ""), questions)
    if questions:
        yield _section(_("Open questions"))
        yield from questions
    yield from _closing(note_set)


def _records(material: Material, public: bool) -> Iterator[Block]:
    headings = {note.id: note.heading for note in material.note_set.notes}
    decisions = [d for d in material.decisions if material.is_shown(d.note_id, public=public)]
    actions = [a for a in material.actions if material.is_shown(a.note_id, public=public)]
    yield _section(_("Decisions"))
    yield _decisions(decisions, headings) if decisions else _said(_("None recorded."))
    yield _section(_("Actions"))
    yield _actions(actions, material, public) if actions else _said(_("None recorded."))


def _decisions(decisions: list[Decision], headings: dict[int, str]) -> Table:
    head = (_("Number"), _("Decision"), _("Agenda item"), _("Status"))
    rows = (
        (number_of(d), d.text, headings.get(d.note_id or 0, ""), decision_status(d.status))
        for d in decisions
    )
    return _table(head, rows)


def _actions(actions: list[Action], material: Material, public: bool) -> Table:
    attribution = material.note_set.attribution
    head = (_("Number"), _("Action"), _("Owner"), _("Due"), _("Status"))
    rows = (
        (
            number_of(action),
            action.text,
            owner_of(action, attribution, public=public),
            day(action.due_on) if action.due_on else "",
            action_state(action.state),
        )
        for action in actions
    )
    return _table(head, rows)


def _people(material: Material, public: bool) -> Table:
    """How many from where; names of those who agreed to be listed."""
    by_city: dict[str, list[Registration]] = defaultdict(list)
    for person in material.people:
        place = city_name(person.city) if person.city else person.city_label
        by_city[place or _("Elsewhere")].append(person)
    hides_names = public and material.note_set.attribution == Attribution.NETWORK
    head = (_("City"), _("Participants"), _("Names"))
    rows = (
        (
            city,
            ngettext("%(num)d person", "%(num)d people", len(people)),
            "" if hides_names else ", ".join(p.name for p in people if p.is_listed),
        )
        for city, people in sorted(by_city.items())
    )
    return _table(head, rows)


def _note(note: Note, body: str, questions: list[Block]) -> Iterator[Block]:
    """One agenda item. What stands under "Open questions" goes to the end of the document."""
    if not body and note.position == 0:
        return
    yield Heading(2, words(note.heading), f"note-{note.position}")
    if not body:
        yield _said(_("Not treated."))
    names = {"open questions", _("Open questions").casefold()}
    lifted_from = 0
    for block in blocks_of(body):
        if isinstance(block, Heading) and (not lifted_from or block.level <= lifted_from):
            is_question = "".join(r.text for r in block.runs).strip().casefold() in names
            lifted_from = block.level if is_question else 0
            if is_question:
                continue
        if lifted_from:
            questions.append(block)
        else:
            yield block


def _closing(note_set: NoteSet) -> Iterator[Block]:
    address = absolute_url("summaries.show", webinar_id=note_set.webinar_id)
    yield _section(_("Use and contact"))
    if note_set.attribution == Attribution.CHATHAM_HOUSE:
        rule = _("You may use what was said, but not who said it or where they work.")
        yield _said(rule)
    yield _said(_("You may share and quote this summary when you name its source."))
    yield Paragraph((*words(_("The newest version: ")), *words(address, href=address)))


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Table:
    def cells(texts: tuple[str, ...]) -> tuple[Runs, ...]:
        return tuple(words(text) for text in texts)

    return Table(cells(head), tuple(cells(row) for row in rows))


def _section(text: str) -> Heading:
    return Heading(1, words(text))


def _said(text: str) -> Paragraph:
    return Paragraph(words(text))
