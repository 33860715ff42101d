"""Which threads and posts a person may read. Nothing else reads them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, select
from sqlalchemy.orm import aliased, contains_eager

from app.accounts.directory import city_seat_ids
from app.accounts.models import User
from app.accounts.queries import approved_people, member_ids_of, open_to
from app.core.db import db
from app.core.enums import Attribution
from app.forum.models import Post, PostFile, PostRedirect, Thread
from app.forum.reader_models import ThreadRead, TopicReading
from app.topics.queries import NETWORK_WIDE, readable_by, reads


def threads_visible_to(viewer: User | None) -> Select[Thread]:
    """Threads in topics the viewer reads, if the thread itself is open to them; topic loaded."""
    return (
        select(Thread)
        .join(Thread.topic)
        .where(thread_is_visible(viewer))
        .options(contains_eager(Thread.topic))
    )


def posts_visible_to(viewer: User | None) -> Select[Post]:
    """Posts of visible threads that have a text to read; thread and topic loaded."""
    return _posts_of_threads(viewer).where(post_is_readable())


def posts_to_care_for(viewer: User | None) -> Select[Post]:
    """Also deleted and hidden ones: for their author and stewards, who may bring them back.

    The caller asks `permissions` whether this viewer may.
    """
    return _posts_of_threads(viewer)


def _posts_of_threads(viewer: User | None) -> Select[Post]:
    return (
        select(Post)
        .join(Post.thread)
        .join(Thread.topic)
        .where(thread_is_visible(viewer))
        .options(contains_eager(Post.thread).contains_eager(Thread.topic))
    )


def thread_is_visible(viewer: User | None) -> ColumnElement[bool]:
    """Both must allow: the topic and the thread. The statement has to join both.

    Deleted threads and the shells of merged ones are nobody's to see.
    """
    is_there = and_(Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    allowed = and_(readable_by(viewer), open_to(viewer, Thread.visibility, Thread.group_id))
    return and_(is_there, allowed)


def post_is_readable() -> ColumnElement[bool]:
    """Neither deleted by its author nor hidden by a steward. Its number stays either way."""
    return and_(Post.deleted_at.is_(None), Post.hidden_at.is_(None))


def post_can_be_read(post_id: Any) -> ColumnElement[bool]:
    """For statements of other domains: whether the post of this column has a text to read."""
    post, thread = aliased(Post), aliased(Thread)
    is_it = and_(post.id == post_id, thread.id == post.thread_id)
    is_there = and_(thread.deleted_at.is_(None), post.deleted_at.is_(None))
    return exists().where(is_it, is_there, post.hidden_at.is_(None))


def post_ids_in(thread_id: int) -> Select[int]:
    """For statements of other domains: every post of a thread."""
    return select(Post.id).where(Post.thread_id == thread_id)


def thread_is_answered(thread_id: int | None) -> bool:
    """For work that belongs to nobody in particular: whether it has its accepted answer."""
    found = select(Thread.id).where(
        Thread.id == thread_id, Thread.accepted_number.is_not(None), Thread.deleted_at.is_(None)
    )
    return thread_id is not None and db.session.scalar(found) is not None


def one_thread(viewer: User | None, thread_id: int) -> Select[Thread]:
    return threads_visible_to(viewer).where(Thread.id == thread_id)


def threads_by_ids(viewer: User | None, ids: Collection[int]) -> dict[int, Thread]:
    """Those of these threads that the viewer may read, in one statement."""
    if not ids:
        return {}
    found = db.session.scalars(threads_visible_to(viewer).where(Thread.id.in_(ids)))
    return {thread.id: thread for thread in found}


def one_post(viewer: User | None, thread_id: int, number: int) -> Select[Post]:
    return posts_visible_to(viewer).where(Post.thread_id == thread_id, Post.number == number)


def one_post_to_care_for(viewer: User, thread_id: int, number: int) -> Select[Post]:
    """The post if it can be read, or if it is the viewer's own and was removed or hidden."""
    mine = Post.author_id == viewer.id
    return posts_to_care_for(viewer).where(
        Post.thread_id == thread_id, Post.number == number, or_(mine, post_is_readable())
    )


def removed_threads_of(person: User, thread_id: int | None = None) -> Select[Thread]:
    """Threads that their author took away, where the topic is still theirs to read."""
    found = select(Thread) if thread_id is None else select(Thread).where(Thread.id == thread_id)
    return (
        found.join(Thread.topic)
        .where(readable_by(person), Thread.author_id == person.id)
        .where(Thread.deleted_at.is_not(None), Thread.merged_into_id.is_(None))
        .options(contains_eager(Thread.topic))
    )


def visible_post_ids(viewer: User | None) -> Select[int]:
    """For statements of other domains: `where(column.in_(visible_post_ids(viewer)))`."""
    posts = select(Post.id).join(Post.thread).join(Thread.topic)
    return posts.where(thread_is_visible(viewer), post_is_readable())


def visible_thread_ids(viewer: User | None) -> Select[int]:
    """For statements of other domains: `where(column.in_(visible_thread_ids(viewer)))`."""
    return select(Thread.id).join(Thread.topic).where(thread_is_visible(viewer))


def files_in_posts(viewer: User | None) -> Select[int]:
    """Ids of the files of posts that the viewer reads."""
    files = select(PostFile.file_id).join(Post, Post.id == PostFile.post_id)
    files = files.join(Post.thread).join(Thread.topic)
    return files.where(thread_is_visible(viewer), post_is_readable())


def readers_of(thread: Thread) -> Select[User]:
    """Approved people who may read this thread: `thread_is_visible` seen from its side."""
    people = approved_people().where(reads(thread.topic))
    if thread.visibility in NETWORK_WIDE:
        return people
    return people.where(User.id.in_(member_ids_of(select(literal(thread.group_id)))))


def city_took_part(viewer: User | None, city_id: int) -> ColumnElement[bool]:
    """Threads in which somebody wrote for a city, where the viewer may know who wrote."""
    written = select(Post.thread_id).where(Post.seat_id.in_(city_seat_ids(city_id)))
    return and_(names_shown_to(viewer), Thread.id.in_(written))


def names_shown_to(viewer: User | None) -> ColumnElement[bool]:
    """The condition under which a thread's rows carry who wrote and where they sit.

    Statements put it into the join with people, so that withheld names never leave the database.
    """
    shown = [Attribution.OPEN]
    if viewer is not None and viewer.is_approved:
        shown.append(Attribution.NETWORK)
    return Thread.attribution.in_(shown)


def is_author(viewer: User | None, author_id: Any) -> ColumnElement[bool]:
    return false() if viewer is None else author_id.is_not_distinct_from(viewer.id)


def written_by_others(viewer: User | None) -> ColumnElement[bool]:
    """Posts that can be unread: readable ones that are not one's own."""
    if viewer is None:
        return post_is_readable()
    return and_(post_is_readable(), or_(Post.author_id.is_(None), Post.author_id != viewer.id))


def read_by(viewer: User | None) -> ColumnElement[bool]:
    """The join condition from a thread to how far the viewer has read it."""
    if viewer is None:
        return false()
    return and_(ThreadRead.thread_id == Thread.id, ThreadRead.user_id == viewer.id)


def topic_read_by(viewer: User | None) -> ColumnElement[bool]:
    """The join condition from a thread to how the viewer follows its topic."""
    if viewer is None:
        return false()
    return and_(TopicReading.topic_id == Thread.topic_id, TopicReading.user_id == viewer.id)


def where_it_went(viewer: User | None, thread_id: int, number: int) -> Post | None:
    """The post of a permalink, where it stands now, also one without a text; None: 404.

    A number is never given twice, so a post that is here needs no redirect. Both are looked for by
    number alone: a choice between two conditions would make databases read every thread.
    """
    moved = select(PostRedirect.post_id).where(
        PostRedirect.thread_id == thread_id, PostRedirect.number == number
    )
    post = aliased(Post)
    here = select(post.id).where(post.thread_id == thread_id, post.number == number)
    is_here = and_(Post.thread_id == thread_id, Post.number == number)
    found = posts_to_care_for(viewer).where(Post.id.in_(here.union_all(moved)))
    return db.session.scalars(found.order_by(is_here.desc()).limit(1)).first()


def where_thread_went(viewer: User | None, thread_id: int) -> Thread | None:
    """The thread that a merged one lives on in, if the viewer reads it."""
    seen: set[int] = set()
    while thread_id not in seen:
        seen.add(thread_id)
        merged = select(Thread.merged_into_id).where(Thread.id == thread_id)
        following = db.session.scalar(merged)
        if following is None:
            break
        thread_id = following
    return db.session.scalars(one_thread(viewer, thread_id)).first() if len(seen) > 1 else None


def topics_with_threads() -> set[int]:
    return set(db.session.scalars(select(Thread.topic_id).distinct()))


def groups_with_threads() -> set[int]:
    return {group for group in db.session.scalars(select(Thread.group_id).distinct()) if group}
