"""What changes elsewhere changes what can be found, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.db import db
from app.forum.findable import opening_posts, overview_for_indexing
from app.forum.models import Post, Thread
from app.forum.posting import Text
from app.network.models import City
from app.notes.models import NoteSet, SummaryVersion
from app.search.conversations import (
    document_of_reply,
    documents_of_overviews,
    documents_of_posts,
    facts_by_post,
)
from app.search.documents import (
    OPENING,
    OVERVIEW,
    document_of_city,
    documents_of_summary,
    documents_of_webinar,
)
from app.search.indexing import put, put_facts, put_new, remove
from app.search.models import FoundKind
from app.webinars.models import Webinar


def on_post_created(post: Post, text: Text, **_: Any) -> None:
    """A reply goes in as it is: nothing has to be asked of what was written a moment ago."""
    if post.number == OPENING:
        on_post_written(post)
    else:
        put_new(document_of_reply(post, text.rendered.words))


def on_post_written(post: Post, **_: Any) -> None:
    """Also when it can be read again."""
    put(documents_of_posts([post]))


def on_post_removed(post: Post, **_: Any) -> None:
    """Nobody finds it from then on anyway; its words leave the index too."""
    remove([f"{FoundKind.POST.value}:{post.id}"])


def on_thread_changed(thread: Thread, **_: Any) -> None:
    """Title, topic and tags are found with the opening post, and filters with every post."""
    put(documents_of_posts(db.session.scalars(opening_posts([thread.id])).all()))
    note_facts(thread.id)


def on_answer_changed(post: Post, **_: Any) -> None:
    note_facts(post.thread_id)


def on_overview_updated(thread: Thread, **_: Any) -> None:
    put(documents_of_overviews(db.session.scalars(overview_for_indexing(thread)).all()))


def on_posts_moved(thread: Thread, posts: Sequence[Post], **_: Any) -> None:
    """What was an opening post may be a reply now, and the other way round."""
    readable = [post for post in posts if not (post.deleted_at or post.hidden_at)]
    put(documents_of_posts(readable))
    if thread.merged_into_id is not None:
        remove([f"{OVERVIEW}{thread.id}"])


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


def on_summary_unpublished(note_set: NoteSet, **_: Any) -> None:
    kinds = (FoundKind.NOTES, FoundKind.PRACTITIONER_NOTES)
    remove([f"{kind.value}:{note_set.id}" for kind in kinds])


def on_city_added(city: City, **_: Any) -> None:
    put([document_of_city(city)])


def note_facts(thread_id: int) -> None:
    """What filters ask changed for all of a conversation."""
    db.session.flush()
    put_facts(thread_id, facts_by_post(Post.thread_id == thread_id))
