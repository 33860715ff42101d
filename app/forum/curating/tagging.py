"""The words that stewards offer for the threads of their topic, and which of them a thread has."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, delete, select

from app.accounts.models import User
from app.core.audit import record
from app.core.db import Words, db, wait_turn
from app.core.slugs import slugify
from app.forum.chronicling import note_event
from app.forum.curating.errors import TagExists, TooManyTags
from app.forum.enums import EventKind
from app.forum.models import Tag, Thread, ThreadTag
from app.forum.signals import thread_changed
from app.topics.models import Topic

MOST_TAGS = 5
LONGEST_TAG = 40


def tags_of_topic(topic: Topic) -> Sequence[Tag]:
    found = select(Tag).where(Tag.topic_id == topic.id).order_by(Tag.slug)
    return db.session.scalars(found).all()


def tag_names(topic_id: int) -> list[tuple[str, Words]]:
    """The words a topic offers, without a row behind them."""
    found = select(Tag.slug, Tag.names).where(Tag.topic_id == topic_id).order_by(Tag.slug)
    return [(slug, names) for slug, names in db.session.execute(found)]


def one_tag(topic: Topic, tag_id: int) -> Select[Tag]:
    return select(Tag).where(Tag.topic_id == topic.id, Tag.id == tag_id)


def tags_of(thread: Thread) -> Sequence[Tag]:
    found = select(Tag).join(ThreadTag).where(ThreadTag.thread_id == thread.id).order_by(Tag.slug)
    return db.session.scalars(found).all()


def retag(thread: Thread, slugs: Collection[str], actor: User) -> bool:
    """Give a thread that is held exactly these tags; return whether that changed anything.

    Words its topic does not offer are left out: they may be gone since the page was read.
    """
    wanted = [tag for tag in tags_of_topic(thread.topic) if tag.slug in slugs]
    if len(wanted) > MOST_TAGS:
        raise TooManyTags
    there = tags_of(thread)
    added = [tag for tag in wanted if tag not in there]
    removed = [tag for tag in there if tag not in wanted]
    if not added and not removed:
        return False
    put_tags(thread, wanted)
    note_event(
        thread,
        EventKind.RETAGGED,
        actor,
        added=[tag.slug for tag in added],
        removed=[tag.slug for tag in removed],
    )
    thread_changed.send(thread, actor=actor, kind=EventKind.RETAGGED)
    return True


def put_tags(thread: Thread, tags: Sequence[Tag]) -> None:
    db.session.execute(delete(ThreadTag).where(ThreadTag.thread_id == thread.id))
    db.session.add_all(ThreadTag(thread_id=thread.id, tag_id=tag.id) for tag in tags)
    db.session.flush()


def make_tag(topic: Topic, names: Words, actor: User) -> Tag:
    """Offer a new word in a topic. Raise TagExists when its short form is taken."""
    slug = slug_of(names)
    wait_turn(f"tags of topic {topic.id}")
    if db.session.scalar(select(Tag.id).where(Tag.topic_id == topic.id, Tag.slug == slug)):
        raise TagExists
    tag = Tag(topic_id=topic.id, slug=slug, names=names)
    db.session.add(tag)
    db.session.flush()
    record(actor.id, "forum.tag_made", f"topic:{topic.id}", slug=slug, names=names)
    return tag


def name_tag(tag: Tag, names: Words, actor: User) -> bool:
    """Change a tag's words. Its short form stays: it is part of addresses people keep."""
    if tag.names == names:
        return False
    record(actor.id, "forum.tag_named", f"topic:{tag.topic_id}", slug=tag.slug, names=names)
    tag.names = names
    db.session.flush()
    return True


def remove_tag(tag: Tag, actor: User) -> None:
    """Take a word away; threads that have it lose it."""
    record(actor.id, "forum.tag_removed", f"topic:{tag.topic_id}", slug=tag.slug, names=tag.names)
    db.session.delete(tag)
    db.session.flush()


def slug_of(names: Words) -> str:
    return slugify(names.get("en") or next(iter(names.values())), LONGEST_TAG)
