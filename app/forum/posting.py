"""Starting threads, replying, editing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from app.accounts.models import Seat, User
from app.accounts.queries import current_seat, is_in_group
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.enums import Attribution, Visibility
from app.core.markup import Rendered, render
from app.forum import following, mentioning
from app.forum.enums import Standing, ThreadKind
from app.forum.errors import EditConflict, NotYourGroup, ThreadLocked
from app.forum.models import Post, PostRevision, Thread
from app.forum.signals import post_created, post_edited, thread_started
from app.topics.models import Topic

GRACE = timedelta(seconds=300)
GRACE_CHARACTERS = 100


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
    """What a thread starts with. `attribution` None: as the topic."""

    title: str
    text: Text
    kind: ThreadKind = ThreadKind.DISCUSSION
    audience: Audience = Audience()
    attribution: Attribution | None = None
    standing: Standing = Standing.STAFF
    is_demo: bool = False


def start_thread(topic: Topic, author: User, new: NewThread) -> Thread:
    """Open a thread; its author follows it. Raise NotYourGroup for a group of others."""
    if new.audience.group_id and not is_in_group(author, new.audience.group_id):
        raise NotYourGroup
    now = utcnow()
    seat = current_seat(author, now.date())
    thread = Thread(
        topic=topic,
        author_id=author.id,
        seat_id=seat.id if seat else None,
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
    post = _append(thread, author, seat, new.text, standing=new.standing)
    thread_started.send(thread)
    post_created.send(post)
    return thread


def reply(
    thread: Thread,
    author: User,
    text: Text,
    *,
    reply_to: int | None = None,
    standing: Standing = Standing.STAFF,
) -> Post:
    """Add a post to the end of a thread; its author now follows it. Raise ThreadLocked."""
    locked_thread = lock_row(thread.id)
    if locked_thread.is_locked:
        raise ThreadLocked
    seat = current_seat(author, utcnow().date())
    answered = reply_to if reply_to and 0 < reply_to <= locked_thread.last_number else None
    post = _append(locked_thread, author, seat, text, standing=standing, reply_to=answered)
    post_created.send(post)
    return post


def edit_post(post: Post, editor: User, text: Text, based_on: str, reason: str = "") -> bool:
    """Replace a post's text; return whether that left a mark and a kept revision.

    `based_on` is the `version_of` the text the editor started from. Raise EditConflict when
    the post says something else by now. Small changes within five minutes leave no mark.
    """
    thread = lock_row(post.thread_id)
    if thread.is_locked:
        raise ThreadLocked
    db.session.refresh(post)
    if version_of(post) != based_on:
        raise EditConflict
    if (post.body, post.language) == (text.body, text.language):
        return False
    is_marked = not _is_in_grace(post, thread, text.body)
    if is_marked:
        _keep_revision(post, editor, reason)
    _put(post, text)
    mentioning.mention(post, text.rendered.mentions)
    post_edited.send(post)
    return is_marked


def as_it_is(post: Post) -> dict[str, str]:
    """What the form of an edit starts from."""
    return {"body": post.body, "language": post.language, "based_on": version_of(post)}


def version_of(post: Post) -> str:
    """What an edit is based on: changes also when a text changes without a mark."""
    return f"{post.revision}.{sha256(post.body.encode()).hexdigest()[:16]}"


def lock_row(thread_id: int) -> Thread:
    """The thread, held until the end of the transaction: numbers are given one after another."""
    return db.session.scalars(locked(select(Thread).where(Thread.id == thread_id))).one()


def _append(
    thread: Thread,
    author: User,
    seat: Seat | None,
    text: Text,
    *,
    standing: Standing,
    reply_to: int | None = None,
) -> Post:
    now = utcnow()
    post = Post(
        thread=thread,
        number=thread.last_number + 1,
        author_id=author.id,
        seat_id=seat.id if seat else None,
        standing=standing,
        reply_to=reply_to,
        created_at=now,
    )
    _put(post, text)
    db.session.add(post)
    thread.last_number += 1
    thread.reply_count += 1
    thread.last_post_at = now
    thread.last_author_id = author.id
    db.session.flush()
    following.follow_own_words(thread, author)
    mentioning.mention(post, text.rendered.mentions)
    return post


def _put(post: Post, text: Text) -> None:
    post.body = text.body
    post.language = text.language
    post.html = text.rendered.html
    post.renderer = text.rendered.version


def _is_in_grace(post: Post, thread: Thread, body: str) -> bool:
    """Soon after writing, a small change, and nobody has answered meanwhile (spec/forum 5.11)."""
    if thread.last_number > post.number:
        return False
    written_at = post.edited_at or post.created_at
    return (
        utcnow() - written_at <= GRACE and changed_characters(post.body, body) <= GRACE_CHARACTERS
    )


def changed_characters(before: str, after: str) -> int:
    """How many characters differ between the common beginning and the common end."""
    longest = min(len(before), len(after))
    start = next((i for i in range(longest) if before[i] != after[i]), longest)
    rest = longest - start
    end = next((i for i in range(rest) if before[-1 - i] != after[-1 - i]), rest)
    return max(len(before), len(after)) - start - end


def _keep_revision(post: Post, editor: User, reason: str) -> None:
    now = utcnow()
    db.session.add(
        PostRevision(
            post_id=post.id,
            revision=post.revision,
            body=post.body,
            html=post.html,
            editor_id=editor.id,
            reason=reason,
            created_at=post.edited_at or post.created_at,
        )
    )
    post.revision += 1
    post.edited_at = now
