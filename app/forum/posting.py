"""Starting threads and replying."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, select

from app.accounts.models import User
from app.accounts.queries import is_in_group
from app.core.clock import utcnow
from app.core.db import db, first_or_404, locked
from app.core.enums import Attribution, Visibility
from app.core.markup import Rendered, render
from app.forum import following, mentioning
from app.forum.enums import ThreadKind
from app.forum.errors import NotYourGroup, ThreadLocked
from app.forum.models import Post, Thread
from app.forum.signals import post_created, thread_started
from app.forum.standing import Speaker, usual_speaker
from app.topics.models import Topic


@dataclass(frozen=True)
class Text:
    """Markdown with the HTML made of it, and the language it is written in."""

    body: str
    language: str
    rendered: Rendered


def text_of(body: str, language: str = "en") -> Text:
    """Render a text. Slow for long ones: call it before `write()`."""
    return Text(body, language, render(body))


@dataclass(frozen=True)
class Audience:
    """Who reads a thread: everybody who reads its topic, the network, or one group."""

    visibility: Visibility | None = None  # None: as the topic
    group_id: int | None = None

    def in_topic(self, topic: Topic) -> Visibility:
        """What is stored. In a closed topic the topic's own grants decide who reads the thread."""
        if self.visibility is not None:
            return self.visibility
        return Visibility.PUBLIC if topic.visibility is Visibility.PUBLIC else Visibility.NETWORK


@dataclass(frozen=True)
class NewThread:
    """What a thread starts with. `attribution` None: as the topic; `speaker` None: as usual."""

    title: str
    text: Text
    kind: ThreadKind = ThreadKind.DISCUSSION
    audience: Audience = Audience()
    attribution: Attribution | None = None
    speaker: Speaker | None = None
    is_demo: bool = False


def start_thread(topic: Topic, author: User, new: NewThread) -> Thread:
    """Open a thread; its author follows it. Raise NotYourGroup for a group of others."""
    if new.audience.group_id and not is_in_group(author, new.audience.group_id):
        raise NotYourGroup
    now = utcnow()
    speaker = new.speaker or usual_speaker(author)
    thread = Thread(
        topic=topic,
        author_id=author.id,
        seat_id=speaker.seat.id if speaker.seat else None,
        title=new.title,
        kind=new.kind,
        language=new.text.language,
        attribution=new.attribution or topic.attribution,
        visibility=new.audience.in_topic(topic),
        group_id=new.audience.group_id,
        is_demo=new.is_demo,
        reply_count=-1,  # the opening post makes it 0
        last_number=0,
        last_post_at=now,
        created_at=now,
    )
    db.session.add(thread)
    db.session.flush()
    post = _append(thread, author, speaker, new.text)
    thread_started.send(thread)
    post_created.send(post)
    return thread


def reply(
    thread: Thread,
    author: User,
    text: Text,
    *,
    reply_to: int | None = None,
    speaker: Speaker | None = None,
) -> Post:
    """Add a post to the end of a thread; its author now follows it. Raise ThreadLocked."""
    locked_thread = lock_row(thread.id)
    if locked_thread.is_locked:
        raise ThreadLocked
    speaker = speaker or usual_speaker(author)
    answered = reply_to if reply_to and 0 < reply_to <= locked_thread.last_number else None
    post = _append(locked_thread, author, speaker, text, reply_to=answered)
    post_created.send(post)
    return post


def lock_row(thread_id: int) -> Thread:
    """The thread, held until the end of the transaction: numbers are given one after another.

    Raise NotFound for one that was removed or merged into another, perhaps while this one waited.
    """
    here = and_(Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    return first_or_404(locked(select(Thread).where(Thread.id == thread_id, here)))


def _append(
    thread: Thread,
    author: User,
    speaker: Speaker,
    text: Text,
    *,
    reply_to: int | None = None,
) -> Post:
    now = utcnow()
    post = Post(
        thread=thread,
        number=thread.last_number + 1,
        author_id=author.id,
        seat_id=speaker.seat.id if speaker.seat else None,
        standing=speaker.standing,
        reply_to=reply_to,
        created_at=now,
    )
    put_text(post, text)
    db.session.add(post)
    thread.last_number += 1
    thread.reply_count += 1
    thread.revision += 1
    thread.last_post_at = now
    thread.last_author_id = author.id
    db.session.flush()
    following.follow_own_words(thread, author)
    mentioning.mention(post, text.rendered.mentions)
    return post


def put_text(post: Post, text: Text) -> None:
    post.body = text.body
    post.language = text.language
    post.html = text.rendered.html
    post.renderer = text.rendered.version
