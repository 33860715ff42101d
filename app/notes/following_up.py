"""What came out of a webinar as the opening of a conversation: prepared, posted by nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sqlalchemy import Select, select

from app.accounts.drafting import save_draft
from app.accounts.models import User
from app.accounts.queries import draft_for, groups_of
from app.core.db import db, locked
from app.core.enums import Visibility
from app.core.i18n import LANGUAGES, _, speaking
from app.core.links import absolute_url
from app.forum.audiences import AS_TOPIC, GROUP, NETWORK
from app.forum.enums import ThreadKind
from app.forum.languages import CODES
from app.forum.models import Post
from app.notes.documents.blocks import Block, Document, Items, Paragraph, Table, from_json, words
from app.notes.documents.markdown import write_parts
from app.notes.enums import NotesStatus
from app.notes.errors import AnotherThreadBegun, NotYourAudience, WithoutTopic
from app.notes.models import NoteSet, SummaryVersion
from app.notes.permissions import can_publish_notes
from app.notes.summary_page import Layout, layout_of
from app.questions.wording import title_of
from app.topics.models import Topic
from app.webinars.models import Webinar

DRAFT = "thread:new"
"""Where the form of a new thread keeps what is begun."""
SUMMARY = re.compile(r"/webinars/(\d{1,9})/summary\b")


def prepare(version: SummaryVersion, actor: User) -> None:
    """Lay the findings into the form of a new thread. Nothing is posted.

    Only what the public version says, in the language of the notes. Raise WithoutTopic,
    NotYourAudience, and AnotherThreadBegun rather than write over what somebody began.
    """
    webinar = version.note_set.webinar
    if webinar.topic is None:
        raise WithoutTopic
    fields = _fields(version, webinar.topic, _audience(webinar, actor))
    begun = draft_for(actor, DRAFT)
    if begun is not None and begun.fields.get("title") == fields["title"]:
        return
    if begun is not None and _says_something(begun.fields):
        raise AnotherThreadBegun
    save_draft(actor, DRAFT, fields, begun.sequence if begun else 0)


def join(opening: Post) -> None:
    """The first conversation that an organiser begins from a summary belongs to it.

    It is known by the address of the summary that its first words lead to.
    """
    named = {int(number) for number in SUMMARY.findall(opening.body)}
    if not named or opening.author is None:
        return
    for note_set in db.session.scalars(locked(_without_thread(named, opening.thread.topic_id))):
        if can_publish_notes(opening.author, note_set.webinar):
            note_set.followup_thread_id = opening.thread_id


def _fields(version: SummaryVersion, topic: Topic, audience: str) -> dict[str, str]:
    note_set = version.note_set
    language = note_set.language if note_set.language in LANGUAGES else "en"
    document: Document = from_json(version.public_document)
    with speaking(language):
        title = title_of(_("What follows from: %(title)s", title=note_set.webinar.title))
        blocks = tuple(_blocks(layout_of(document), _address(note_set)))
    return {
        "title": title,
        "body": write_parts(blocks),
        "topic": topic.slug,
        "kind": ThreadKind.DISCUSSION.value,
        "audience": audience,
        "language": note_set.language if note_set.language in CODES else "",
    }


def _blocks(layout: Layout, address: str) -> Iterator[Block]:
    """In short, decisions with their numbers, what stayed open, and where the whole is."""
    if layout.glance is not None:
        yield from layout.glance.blocks
    titles = {part.title: part.blocks for part in layout.parts}
    decisions = tuple(_decisions(titles.get(_("Decisions"), ())))
    if decisions:
        yield Paragraph(words(_("Decided:"), "strong"))
        yield Items(0, decisions)
    if _("Open questions") in titles:
        yield Paragraph(words(_("Still open:"), "strong"))
        yield from titles[_("Open questions")]
    yield Paragraph(words(_("What will your city do with this?")))
    yield Paragraph((*words(_("The whole summary: ")), *words(address, href=address)))


def _decisions(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    for block in blocks:
        if isinstance(block, Table):
            for number, text, *_more in block.rows:
                plain = words("".join(run.text for run in number))
                yield (Paragraph((*plain, *words(": "), *text)),)


def _audience(webinar: Webinar, actor: User) -> str:
    """Nobody reads it who could not read the summary."""
    if webinar.group_id is not None:
        if webinar.group_id not in {group.id for group in groups_of(actor)}:
            raise NotYourAudience
        return f"{GROUP}{webinar.group_id}"
    return AS_TOPIC if webinar.visibility == Visibility.PUBLIC else NETWORK


def _says_something(fields: Mapping[str, str]) -> bool:
    return bool(fields.get("title", "").strip() or fields.get("body", "").strip())


def _address(note_set: NoteSet) -> str:
    return absolute_url("summaries.show", webinar_id=note_set.webinar_id)


def _without_thread(webinar_ids: set[int], topic_id: int) -> Select[NoteSet]:
    theirs = select(Webinar.id).where(Webinar.id.in_(webinar_ids), Webinar.topic_id == topic_id)
    free = NoteSet.followup_thread_id.is_(None)
    published = NoteSet.status == NotesStatus.PUBLISHED
    found = select(NoteSet).where(NoteSet.webinar_id.in_(theirs), free, published)
    return found.order_by(NoteSet.id)
