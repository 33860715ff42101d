"""Moving a thread to another topic. Nobody new reads what was written for fewer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.accounts.models import User
from app.accounts.queries import groups_of
from app.core.db import Words, db
from app.core.errors import DomainError
from app.forum.chronicling import note_event
from app.forum.curating.errors import OutOfOwnSight, WouldWiden
from app.forum.curating.readership import (
    Readers,
    afterwards_in_words,
    kept_narrow,
    readers_of,
)
from app.forum.curating.tagging import put_tags, tags_of, tags_of_topic
from app.forum.enums import EventKind
from app.forum.models import Thread
from app.forum.signals import thread_changed
from app.topics.models import Topic
from app.topics.queries import topics_to_start_in
from app.topics.readers import Grants, read_grants


@dataclass(frozen=True)
class Destination:
    """A topic a thread could go to: who would read it there, or why it cannot go, in words."""

    topic: Topic
    afterwards: str = ""
    refusal: str = ""


def destinations(thread: Thread, actor: User) -> list[Destination]:
    """Every other topic the actor may start threads in."""
    topics = db.session.scalars(topics_to_start_in(actor)).all()
    groups = {group.id: group.names for group in groups_of(actor)}
    now, grants = readers_of(thread), read_grants()
    others = [topic for topic in topics if topic.id != thread.topic_id]
    return [_destination(now, topic, groups, grants) for topic in others]


def move(thread: Thread, topic: Topic, actor: User) -> bool:
    """Move a thread that is held; return whether it was elsewhere.

    Raise WouldWiden when no setting keeps its readers as few as they are, OutOfOwnSight when the
    actor would not be among them. Tags that the other topic does not know fall away.
    """
    if thread.topic_id == topic.id:
        return False
    groups = {group.id for group in groups_of(actor)}
    readers = _readers_there(readers_of(thread), topic, groups, read_grants())
    old, tags = thread.topic_id, {tag.slug for tag in tags_of(thread)}
    thread.topic, thread.visibility, thread.group_id = topic, readers.visibility, readers.group_id
    thread.is_pinned = False
    db.session.flush()
    put_tags(thread, [tag for tag in tags_of_topic(topic) if tag.slug in tags])
    note_event(thread, EventKind.MOVED, actor, from_topic=old, to_topic=topic.id)
    thread_changed.send(thread, actor=actor, kind=EventKind.MOVED)
    return True


def _destination(
    now: Readers, topic: Topic, groups: dict[int, Words], grants: Grants
) -> Destination:
    try:
        readers = _readers_there(now, topic, groups, grants)
    except DomainError as error:
        return Destination(topic, refusal=error.message)
    return Destination(topic, afterwards_in_words(readers, groups.get(readers.group_id or 0, {})))


def _readers_there(now: Readers, topic: Topic, groups: Collection[int], grants: Grants) -> Readers:
    """`groups` are those of the actor."""
    readers = kept_narrow(now, topic, grants)
    if readers is None:
        raise WouldWiden
    if readers.group_id and readers.group_id not in groups:
        raise OutOfOwnSight
    return readers
