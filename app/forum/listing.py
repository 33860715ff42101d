"""Lists of threads: their numbers, then what the rows say, then what is new in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, select, union_all

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.pagination import Page
from app.core.prepared import Prepared
from app.forum.choosing import Choice
from app.forum.enums import FollowLevel, Show
from app.forum.filtering import ThreadFilter
from app.forum.models import Post, Thread
from app.forum.own_news import Mark, own_news
from app.forum.queries import post_is_readable
from app.forum.reach import Reach, is_reached, reach_of
from app.forum.rows import Line, ThreadRow, read_rows, thread_row
from app.forum.walking import LATEST, OF_EVERYBODY, Listed, SharedPage
from app.topics.cards import TopicCard
from app.topics.models import Topic

PAGE_SIZE = 30
MOST_NEW = 500
"""More news than these are told as "500+": counting on would cost and tell nobody anything."""


@dataclass(frozen=True)
class ThreadList:
    """A page of threads: its rows say what is new in them, or all that their texts are made from.

    `shared`: the page as of all who reach the same. `new_count`: at most one more than `MOST_NEW`.
    """

    reach: Reach
    choice: Choice
    page: Page
    count: int
    new_count: int
    level: FollowLevel  # at which the viewer follows the list's topic
    shared: SharedPage | None = None


def thread_list(
    viewer: User | None,
    choice: Choice,
    number: int,
    topic: Topic | TopicCard | None = None,
    reach: Reach | None = None,
) -> ThreadList:
    """The chosen threads of one topic or of all."""
    reach = reach or reach_of(viewer)
    listed = Listed(reach, choice, _topics(reach, choice, topic), topic is not None)
    heard = _reached(reach, topic)
    if not listed.is_shared:
        return _of_reader(listed, number, heard)
    count = listed.count() if listed.topics else 0
    number, page_count = _placed(number, count)
    shared = listed.shared(PAGE_SIZE, (number - 1) * PAGE_SIZE) if count else None
    own = own_news(reach, shared.ids if shared else ())
    marks = [own.marks.get(one, Mark(one)) for one in shared.ids] if shared else []
    page = Page(marks, number, page_count)
    return _made(listed, page, count, own.count(heard), shared)


def _of_reader(listed: Listed, number: int, heard: tuple[int, ...]) -> ThreadList:
    """A list that holds something else for each reader."""
    new_count = own_news(listed.reach).count(heard)
    is_news = listed.choice.wanted == ThreadFilter(show=Show.NEW, sort=listed.choice.wanted.sort)
    count = (new_count if is_news else listed.count()) if listed.topics else 0
    number, page_count = _placed(number, count)
    lines = listed.lines(PAGE_SIZE, (number - 1) * PAGE_SIZE) if count else []
    return _made(listed, Page(lines, number, page_count), count, new_count)


def _placed(number: int, count: int) -> tuple[int, int]:
    """The page to show, the last one instead of those behind it, and how many there are."""
    page_count = max(1, -(-count // PAGE_SIZE))
    return min(number, page_count), page_count


def _made(
    listed: Listed, page: Page, count: int, new_count: int, shared: SharedPage | None = None
) -> ThreadList:
    topic_id = listed.topics[0] if listed.of_topic and listed.topics else 0
    level = listed.reach.levels.get(topic_id, FollowLevel.NORMAL)
    told = min(new_count, MOST_NEW + 1)
    return ThreadList(listed.reach, listed.choice, page, count, told, level, shared)


def _reached(reach: Reach, topic: Topic | TopicCard | None) -> tuple[int, ...]:
    if topic is None:
        return reach.topics
    return (topic.id,) if topic.id in reach.topics else ()


def _topics(reach: Reach, choice: Choice, topic: Topic | TopicCard | None) -> tuple[int, ...]:
    """Of which topics a list is. What is muted is left out where nobody asked for it."""
    if topic is None and choice.wanted.show in OF_EVERYBODY and not choice.wanted.topic:
        return reach.heard
    return _reached(reach, topic)


def threads_anywhere(reach: Reach, show: Show, most: int) -> list[Line]:
    """The latest threads of all topics, of one kind of list."""
    return listed_anywhere(reach, show).lines(most)


def listed_anywhere(reach: Reach, show: Show) -> Listed:
    """A kind of list of all topics."""
    choice = Choice(ThreadFilter(show=show), [], None, [])
    return Listed(reach, choice, _topics(reach, choice, None))


def feed_of(topic: Topic | None, reader: User | None = None) -> list[tuple[ThreadRow, str]]:
    """The newest threads this reader may read, each with its opening post's HTML.

    `topic` None: of all topics. No reader: what anyone may read.
    """
    reach = reach_of(reader)
    topics = reach.topics if topic is None else (topic.id,)
    ids = [row[0] for row in _fed.rows((topic is not None,), **reach.values(topics))]
    rows = _openings.rows((kind_of(reader),), ids=ids, **reader_values(reader))
    return [(thread_row(reach, row), row[-1]) for row in rows]


@Prepared
def _openings(reader: User | None) -> Select[Any]:
    opening = and_(Post.thread_id == Thread.id, Post.number == 1)
    ids = bindparam("ids", expanding=True, type_=Integer)
    statement = read_rows(reader).join(Post, opening).add_columns(Post.html)
    return statement.where(Thread.id.in_(ids), post_is_readable()).order_by(*LATEST)


@Prepared
def _fed(of_topic: bool) -> Any:
    """Numbers first, by an index that has the order; that of a topic has what is pinned apart."""
    opening = and_(Post.thread_id == Thread.id, Post.number == 1)
    found: Any = select(Thread.id, Thread.last_post_at).join(Post, opening)
    found = found.where(*is_reached(of_topic), post_is_readable())
    found = found.order_by(*LATEST).limit(PAGE_SIZE)
    if not of_topic:
        return found
    apart = [found.where(Thread.is_pinned.is_(one)).subquery() for one in (True, False)]
    both = union_all(*map(select, apart)).subquery()
    order = both.c.last_post_at.desc(), both.c.id.desc()
    return select(both.c.id).order_by(*order).limit(PAGE_SIZE)
