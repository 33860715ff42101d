"""What of each thing can be found: its words, plain, and what decides who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.markup import plain_text
from app.forum.models import Post, Tag, ThreadOverview
from app.network.models import City
from app.notes.models import SummaryVersion
from app.search.facts import OTHER
from app.search.models import FoundKind
from app.search.snippets import without_marks
from app.topics.models import Topic
from app.webinars.enums import Status
from app.webinars.models import Webinar
from app.webinars.speakers import coming_speakers

LONGEST_BODY = 200_000
LABELS_BEGIN = "\x1f"
"""Between a text and the labels it is found by without showing them."""

OPENING = 1
OVERVIEW = "overview:"
"""How the keys of texts that say where a conversation stands begin."""

WORDS_ARE_IN = ("runs", "text", "blocks", "items", "head", "rows")
"""The fields of `notes.documents.blocks` that hold what a reader reads."""


@dataclass(frozen=True)
class Document:
    """One findable text. `refers_to` names the rows whose own queries decide who finds it."""

    kind: FoundKind
    key: str
    title: str
    body: str
    language: str
    happened_at: datetime
    refers_to: dict[str, int] = field(default_factory=dict)
    facts: str = OTHER


def document_of_post(post: Post, facts: str, tags: Iterable[Tag] = ()) -> Document:
    """The opening post carries the title, and the topic's and tags' labels in every language."""
    words = plain_text(post.body)
    if post.number != OPENING:
        return document_of_words(post, words, facts)
    thread = post.thread
    labels = [*labels_of(thread.topic), *(name for tag in tags for name in tag.names.values())]
    return document_of_words(post, words, facts, clean(thread.title), labels)


def document_of_words(
    post: Post, words: str, facts: str, title: str = "", labels: Iterable[str] = ()
) -> Document:
    """The same where the plain text is known."""
    return Document(
        FoundKind.POST,
        f"post:{post.id}",
        title,
        _body(words, labels),
        post.language,
        post.created_at,
        {"thread_id": post.thread_id, "post_id": post.id},
        facts,
    )


def document_of_overview(overview: ThreadOverview, opening: Post, facts: str) -> Document:
    """Where a conversation stands. It is found where its opening post may be read."""
    return Document(
        FoundKind.POST,
        f"{OVERVIEW}{overview.thread_id}",
        "",
        _body(plain_text(overview.body), ()),
        overview.language,
        overview.created_at,
        {"thread_id": overview.thread_id, "post_id": opening.id},
        facts,
    )


def documents_of_webinar(webinar: Webinar) -> list[Document]:
    """None for a draft: its own people have it in their list."""
    if webinar.status == Status.DRAFT:
        return []
    return [
        Document(
            FoundKind.WEBINAR,
            f"webinar:{webinar.id}",
            clean(webinar.title),
            _body("\n".join(_lines_of(webinar)), labels_of(webinar.topic)),
            webinar.language,
            webinar.sorts_at,
            {"webinar_id": webinar.id},
        )
    ]


def documents_of_summary(version: SummaryVersion) -> list[Document]:
    """The public version, and apart from it what only practitioners may read."""
    public = list(_texts_in(version.public_document))
    known = set(public)
    closed = [text for text in _texts_in(version.document) if text not in known]
    kinds = [(FoundKind.NOTES, public), (FoundKind.PRACTITIONER_NOTES, closed)]
    return [_document_of_notes(version, kind, texts) for kind, texts in kinds if texts]


def document_of_city(city: City) -> Document:
    """A city is found by its name in any language."""
    return Document(
        FoundKind.CITY,
        f"city:{city.id}",
        clean(" / ".join(dict.fromkeys(city.names.values()))),
        _body(city.about, ()),
        next(iter(city.languages), "en"),
        city.created_at,
        {"city_id": city.id},
    )


def labels_of(topic: Topic | None) -> Iterable[str]:
    return dict.fromkeys(topic.names.values()) if topic else ()


def clean(text: str) -> str:
    return without_marks(text).replace(LABELS_BEGIN, " ")


def _body(text: str, labels: Iterable[str]) -> str:
    body = clean(text)[:LONGEST_BODY]
    tail = clean(" / ".join(labels))
    return f"{body}\n{LABELS_BEGIN}{tail}" if tail else body


def _lines_of(webinar: Webinar) -> Iterator[str]:
    yield plain_text(webinar.description)
    yield webinar.host_label
    for item in webinar.agenda:
        yield f"{item.title} {item.detail}"
    for speaker in coming_speakers(webinar):
        yield f"{speaker.name} {speaker.affiliation}"
    yield webinar.remark


def _document_of_notes(version: SummaryVersion, kind: FoundKind, texts: list[str]) -> Document:
    notes = version.note_set
    return Document(
        kind,
        f"{kind.value}:{notes.id}",
        clean(notes.webinar.title),
        _body("\n".join(texts), labels_of(notes.webinar.topic)),
        notes.language,
        version.published_at,
        {"note_set_id": notes.id, "webinar_id": notes.webinar_id},
    )


def _texts_in(part: Any) -> Iterator[str]:
    """Every paragraph, item, cell and heading inside a stored summary, in reading order."""
    if isinstance(part, dict):
        yield from _texts_in([part[name] for name in WORDS_ARE_IN if name in part])
    elif isinstance(part, list) and part and all(_is_run(run) for run in part):
        yield "".join(run["text"] for run in part)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts_in(inner)
    elif isinstance(part, str) and part.strip():
        yield part


def _is_run(part: Any) -> bool:
    return isinstance(part, dict) and part.get("kind") == "run"
