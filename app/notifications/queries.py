"""Which notices are a person's to read. What they may not see any more is in none of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.prepared import Prepared
from app.forum.byline import author_columns, with_author
from app.forum.models import Post, Thread
from app.forum.queries import (
    read_by,
    visible_post_ids,
    visible_thread_ids,
)
from app.forum.reader_models import ThreadRead
from app.messages.models import Conversation, Participant
from app.messages.queries import visible_conversation_ids
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice
from app.topics.models import Topic
from app.webinars.models import Webinar
from app.webinars.queries import visible_webinar_ids

READ_BY_READING = (
    NoticeKind.MENTION,
    NoticeKind.REPLY,
    NoticeKind.QUOTE,
    NoticeKind.CITY_MENTION,
    NoticeKind.FOLLOWED_THREAD,
    NoticeKind.NEW_THREAD,
)
"""Kinds that are done with once the reader has seen the post, from wherever they came."""


def notices_of(person: User) -> Select[Notice]:
    """All notices this person may still see, the latest first."""
    return (
        select(Notice)
        .where(Notice.user_id == person.id, _is_visible(person))
        .order_by(Notice.updated_at.desc(), Notice.id.desc())
    )


def asked_by(thread_id: int) -> Select[int]:
    """Ids of people who were asked this question as speakers."""
    return select(Notice.user_id).where(
        Notice.thread_id == thread_id, Notice.kind == NoticeKind.QUESTION_FOR_YOU
    )


def count_of_notices(person: User) -> int:
    (count,) = _whole.rows((kind_of(person),), **reader_values(person))[0]
    return int(count)


def lines_on_page(person: User, most: int, skipped: int) -> list[tuple[Any, ...]]:
    """A part of `notices_of` with what a line shows."""
    values = {"most": most, "skipped": skipped, **reader_values(person)}
    return _lines.rows((kind_of(person),), **values)


def line_of_notice(person: User, notice_id: int) -> tuple[Any, ...] | None:
    values = {"notice_id": notice_id, **reader_values(person)}
    return _one_line.first((kind_of(person),), **values)


@Prepared
def _whole(reader: User) -> Select[Any]:
    found = notices_of(reader).order_by(None)
    return found.with_only_columns(func.count(), maintain_column_froms=True)


@Prepared
def _lines(reader: User) -> Select[Any]:
    most, skipped = (bindparam(name, type_=Integer) for name in ("most", "skipped"))
    return _notice_lines(reader).limit(most).offset(skipped)


@Prepared
def _one_line(reader: User) -> Select[Any]:
    return _notice_lines(reader).where(Notice.id == bindparam("notice_id", type_=Integer))


def _notice_lines(person: User) -> Select[Any]:
    """Notice, post, thread or webinar, topic, subject, who wrote, how many; the latest first."""
    columns = (
        *(Notice.id, Notice.kind, Notice.updated_at, Notice.conversation_id, Notice.details),
        is_read(person),
        case((Notice.kind == NoticeKind.FOLLOWED_THREAD, _posts_told_of(person)), else_=1),
        func.coalesce(Post.number, Notice.first_number),
        *(Thread.id, func.coalesce(Thread.title, Webinar.title)),
        *(func.coalesce(Thread.language, Webinar.language), Conversation.subject, Webinar.id),
        *(Topic.number, Topic.colour, Topic.names),
        *author_columns(),
    )
    statement = _joined(select(*columns), person)
    ordered = statement.order_by(Notice.updated_at.desc(), Notice.id.desc())
    return with_author(ordered, person, Post.author_id, Post.seat_id)


def unread_count(person: User) -> int:
    """How many lines are new for this person, in one statement; nothing for who is not approved."""
    if not person.is_approved:
        return 0
    (count,) = _counted.rows((kind_of(person),), **reader_values(person))[0]
    return int(count)


@Prepared
def _counted(reader: User) -> Select[Any]:
    return _joined(select(func.count()), reader).where(~is_read(reader))


def one_notice(person: User, notice_id: int) -> Select[Notice]:
    return notices_of(person).where(Notice.id == notice_id)


def told_ids(post: Post) -> Select[int]:
    """Who has a notice of their own about this post."""
    return select(Notice.user_id).where(Notice.post_id == post.id)


def is_read(person: User) -> ColumnElement[bool]:
    """Marked by hand, or the post was seen, or the message was. Stands in joined statements."""
    number = func.coalesce(Post.number, Notice.last_number)
    seen = and_(Notice.kind.in_(READ_BY_READING), func.coalesce(ThreadRead.last_read, 0) >= number)
    heard = exists().where(
        Participant.conversation_id == Notice.conversation_id,
        Participant.user_id == person.id,
        Participant.last_read >= Notice.last_number,
    )
    return or_(Notice.read_at.is_not(None), func.coalesce(seen, False), heard)


def _joined(statement: Select[Any], person: User) -> Select[Any]:
    """Where a post stands today decides, not where it stood when the notice was written."""
    return (
        statement.select_from(Notice)
        .outerjoin(Post, Post.id == Notice.post_id)
        .outerjoin(Thread, Thread.id == func.coalesce(Post.thread_id, Notice.thread_id))
        .outerjoin(Webinar, Webinar.id == Notice.webinar_id)
        .outerjoin(Topic, Topic.id == func.coalesce(Thread.topic_id, Webinar.topic_id))
        .outerjoin(ThreadRead, read_by(person))
        .outerjoin(Conversation, Conversation.id == Notice.conversation_id)
        .where(Notice.user_id == person.id, _is_visible(person))
    )


def _is_visible(person: User) -> ColumnElement[bool]:
    """Asked of each notice alone: gathering all that somebody reads grows with the forum."""
    threads = visible_thread_ids(person).where(Thread.id == Notice.thread_id)
    posts = visible_post_ids(person).where(Post.id == Notice.post_id)
    webinars = visible_webinar_ids(person).where(Webinar.id == Notice.webinar_id)
    return and_(
        or_(Notice.thread_id.is_(None), threads.correlate(Notice).exists()),
        or_(Notice.post_id.is_(None), posts.correlate(Notice).exists()),
        or_(
            Notice.conversation_id.is_(None),
            Notice.conversation_id.in_(visible_conversation_ids(person)),
        ),
        or_(Notice.webinar_id.is_(None), webinars.correlate(Notice).exists()),
    )


def _posts_told_of(person: User) -> Any:
    """Posts of a followed thread's notice that have none of their own."""
    told, of_their_own = aliased(Post), aliased(Notice)
    own = exists().where(of_their_own.user_id == person.id, of_their_own.post_id == told.id)
    return (
        select(func.count(told.id))
        .where(
            told.thread_id == Notice.thread_id,
            told.number.between(Notice.first_number, Notice.last_number),
            told.deleted_at.is_(None),
            told.hidden_at.is_(None),
            or_(told.author_id.is_(None), told.author_id != person.id),
            ~own,
        )
        .correlate(Notice)
        .scalar_subquery()
    )
