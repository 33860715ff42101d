"""What changes elsewhere changes what can be found, in the same transaction."""

from __future__ import annotations

from typing import Any

from app.forum.models import Post
from app.network.models import City
from app.notes.models import SummaryVersion
from app.search.documents import (
    document_of_city,
    document_of_post,
    documents_of_summary,
    documents_of_webinar,
)
from app.search.indexing import put, remove
from app.search.models import FoundKind
from app.webinars.models import Webinar


def on_post_written(post: Post, **_: Any) -> None:
    put([document_of_post(post)])


def on_webinar_changed(webinar: Webinar, **_: Any) -> None:
    documents = documents_of_webinar(webinar)
    put(documents)
    if not documents:
        remove([f"{FoundKind.WEBINAR.value}:{webinar.id}"])


def on_summary_published(version: SummaryVersion, **_: Any) -> None:
    """A part that the new version no longer has must not be found either."""
    documents = documents_of_summary(version)
    put(documents)
    kinds = (FoundKind.NOTES, FoundKind.PRACTITIONER_NOTES)
    every = {f"{kind.value}:{version.note_set_id}" for kind in kinds}
    remove(every - {document.key for document in documents})


def on_city_added(city: City, **_: Any) -> None:
    put([document_of_city(city)])
