"""Starting threads and replying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.exceptions import NotFound

from app.accounts.models import User
from app.accounts.queries import is_in_group
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Attribution, Visibility
from app.core.markup import Rendered, render
from app.core.prepared import Prepared, loaded, renewed
from app.forum import following, mentioning
from app.forum.enums import ThreadKind
from app.forum.errors import NotYourGroup, ThreadLocked
from app.forum.models import Post, Thread
from app.forum.signals import post_created, thread_started
from app.forum.standing import Speaker, usual_speaker
from app.topics.models import Topic

THREAD_COLUMNS = tuple(Thread.__table__.columns)
POST_COLUMNS = tuple(Post.__table__.columns)
COUNTED = ("last_number", "reply_count", "revision", "last_post_at", "last_author_id")
GIVEN = (
    *("thread_id", "number", "author_id", "seat_id", "standing", "reply_to", "created_at"),
    *("body", "language", "html", "renderer"),
)


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
    post_created.send(post, text=new.text)
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
    held = lock_row(thread.id)
    return reply_in_held(held, author, text, speaker or usual_speaker(author), reply_to)


def reply_in_held(
    thread: Thread, author: User, text: Text, speaker: Speaker, reply_to: int | None = None
) -> Post:
    """The same for who has called `lock_row` and looked at what it returned."""
    if thread.is_locked:
        raise ThreadLocked
    answered = reply_to if reply_to and 0 < reply_to <= thread.last_number else None
    post = _append(thread, author, speaker, text, reply_to=answered)
    post_created.send(post, text=text)
    return post


def lock_row(thread_id: int) -> Thread:
    """The thread, held until the end of the transaction: numbers are given one after another.

    Raise NotFound for one that was removed or merged into another, perhaps while this one waited.
    """
    db.session.flush()
    row = _held.first((), thread_id=thread_id)
    if row is None:
        raise NotFound
    return renewed(Thread, THREAD_COLUMNS, row)


@Prepared
def _held() -> Any:
    here = (Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    thread_id = bindparam("thread_id", type_=Integer)
    return select(*THREAD_COLUMNS).where(Thread.id == thread_id, *here).with_for_update()


def _append(
    thread: Thread,
    author: User,
    speaker: Speaker,
    text: Text,
    *,
    reply_to: int | None = None,
) -> Post:
    """The row goes in as it is: the session would work out what has changed, which is all of it."""
    now = utcnow()
    _count(thread, author, now)
    row = _added.first(
        (),
        thread_id=thread.id,
        number=thread.last_number,
        author_id=author.id,
        seat_id=speaker.seat.id if speaker.seat else None,
        standing=speaker.standing,
        reply_to=reply_to,
        created_at=now,
        body=text.body,
        language=text.language,
        html=text.rendered.html,
        renderer=text.rendered.version,
    )
    post = loaded(Post, POST_COLUMNS, row or ())
    set_committed_value(post, "thread", thread)
    following.follow_own_words(thread.id, author)
    mentioning.mention(post, text.rendered.mentions)
    return post


def _count(thread: Thread, author: User, now: datetime) -> None:
    """One post more, at its end."""
    highest, replies, revision = thread.last_number, thread.reply_count, thread.revision
    values = (highest + 1, replies + 1, revision + 1, now, author.id)
    counted: dict[str, Any] = dict(zip(COUNTED, values, strict=True))
    _counted.change((), held_id=thread.id, **counted)
    for name, value in counted.items():
        set_committed_value(thread, name, value)


@Prepared
def _counted() -> Any:
    rows: Any = Thread.__table__
    values: Any = {name: bindparam(name) for name in COUNTED}
    return update(rows).where(Thread.id == bindparam("held_id")).values(values)


@Prepared
def _added() -> Any:
    rows: Any = Post.__table__
    values: Any = {name: bindparam(name) for name in GIVEN}
    return insert(rows).values(values).returning(*POST_COLUMNS)


def put_text(post: Post, text: Text) -> None:
    post.body = text.body
    post.language = text.language
    post.html = text.rendered.html
    post.renderer = text.rendered.version
