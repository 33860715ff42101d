"""Our measured network in the tables of FlaskBB: `fill_flaskbb.py interurban.db`.

Its own `install` ends on PostgreSQL, where its column for a password is shorter than what Werkzeug
makes of one today. So its steps are done here, with a wider column.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import repair_flaskbb  # noqa: F401 - before anything of FlaskBB
import sqlalchemy as sa
from flaskbb.extensions import db, whooshee
from flaskbb.forum.models import Category, Forum, Post, Topic, TopicsRead
from flaskbb.management.models import Setting
from flaskbb.user.models import Group, User
from flaskbb.utils.populate import (
    create_default_groups,
    create_default_settings,
    create_latest_db,
    run_plugin_migrations,
)
from flaskbb.utils.search import ForumWhoosheer, PostWhoosheer, TopicWhoosheer, UserWhoosheer
from reading import Network, Thread
from serve_flaskbb import application
from sqlalchemy.orm import selectinload
from werkzeug.security import generate_password_hash

PASSWORD = "interurban"
PAGES = {"posts_per_page": 20, "topics_per_page": 30}
PORTION = 2000
# It has no index but those of its keys; without these every page reads whole tables.
INDEXES = [
    "CREATE INDEX ON posts (topic_id, id)",
    "CREATE INDEX ON posts (user_id, date_created)",
    "CREATE INDEX ON topics (forum_id, last_updated)",
    "CREATE INDEX ON topics (user_id)",
]
ENDS = """UPDATE topics SET first_post_id = ends.first, last_post_id = ends.last FROM
    (SELECT topic_id, min(id) AS first, max(id) AS last FROM posts GROUP BY topic_id) AS ends
    WHERE ends.topic_id = topics.id"""
Rows = list[dict[str, Any]]


def main(path: str) -> None:
    network = Network(path)
    with application.app_context():
        install()
        for key, value in PAGES.items():
            db.session.execute(sa.update(Setting).where(Setting.key == key).values(value=value))
        forums, names = fill_forums(network), fill_members(network)
        fill_topics(network, forums, names)
        fill_posts(network, names)
        fill_readings(network, forums)
        db.session.commit()
        for statement in [*INDEXES, "ANALYZE"]:
            db.session.execute(sa.text(statement))
        db.session.commit()
        for forum in db.session.scalars(sa.select(Forum)).unique().all():
            forum.recalculate(last_post=True)
        follow_numbers()
        index()


def install() -> None:
    create_latest_db()
    db.session.execute(sa.text("ALTER TABLE users ALTER COLUMN password TYPE varchar(250)"))
    db.session.commit()
    create_default_groups()
    create_default_settings()
    run_plugin_migrations()


def fill_forums(network: Network) -> dict[int, int]:
    """A forum for each topic, all in one category, open to all groups as new ones are."""
    groups = list(db.session.scalars(sa.select(Group)))
    category = Category(title="Topics", position=1)
    db.session.add(category)
    numbers = {}
    for topic in network.topics():
        forum = Forum(title=topic.name, description="Made for measuring.", position=topic.id)
        forum.category, forum.groups = category, groups
        db.session.add(forum)
        db.session.flush()
        numbers[topic.id] = forum.id
    return numbers


def fill_members(network: Network) -> dict[int, str]:
    members, hidden = network.members(), generate_password_hash(PASSWORD)
    group = Group.get_member_group().id
    rows = [
        {
            "id": m.id, "username": m.handle, "email": m.email, "password": hidden,
            "date_joined": m.joined, "lastseen": m.joined, "activated": True, "language": "en",
            "post_count": m.posts, "primary_group_id": group, "login_attempts": 0,
        }
        for m in members
    ]  # fmt: skip
    db.session.execute(sa.insert(User.__table__), rows)
    return {m.id: m.handle for m in members}


def fill_topics(network: Network, forums: dict[int, int], names: dict[int, str]) -> None:
    rows: Rows = []
    for thread in network.threads():
        rows.append(topic_of(thread, forums[thread.topic], names[thread.author]))
        if len(rows) == PORTION:
            db.session.execute(sa.insert(Topic.__table__), rows)
            rows = []
    if rows:
        db.session.execute(sa.insert(Topic.__table__), rows)


def topic_of(thread: Thread, forum: int, name: str) -> dict[str, Any]:
    return {
        "id": thread.id, "forum_id": forum, "title": thread.title, "user_id": thread.author,
        "username": name, "date_created": thread.started, "last_updated": thread.last_post_at,
        "locked": False, "important": False, "views": 0, "post_count": thread.length,
        "hidden": False,
    }  # fmt: skip


def fill_posts(network: Network, names: dict[int, str]) -> None:
    columns = "id, topic_id, user_id, username, content, date_created, hidden"
    raw = db.session.connection().connection.driver_connection
    with raw.cursor().copy(f"COPY posts ({columns}) FROM STDIN") as copy:
        for p in network.posts():
            row = (p.id, p.thread, p.author, names[p.author], p.body, p.written, False)
            copy.write_row(row)
    db.session.execute(sa.text(ENDS))


def fill_readings(network: Network, forums: dict[int, int]) -> None:
    rows: list[dict[str, int | datetime]] = [
        {
            "user_id": reading.member, "topic_id": reading.thread,
            "forum_id": forums[reading.topic], "last_read": reading.written,
        }
        for reading in network.readings()
    ]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(TopicsRead.__table__), rows)


def follow_numbers() -> None:
    for table in ("users", "topics", "posts"):
        last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
        db.session.execute(sa.text(last))
    db.session.commit()


def index() -> None:
    """Its `reindex` looks for each post in the index first; an empty index need not be searched."""
    posts = sa.select(Post.__table__).execution_options(yield_per=PORTION)
    index_each(PostWhoosheer, "insert_post", db.session.execute(posts))
    topics = sa.select(Topic).options(selectinload(Topic.first_post))
    index_each(TopicWhoosheer, "insert_topic", db.session.scalars(topics).unique())
    forums = db.session.scalars(sa.select(Forum)).unique()
    index_each(ForumWhoosheer, "insert_forum", forums)
    index_each(UserWhoosheer, "insert_user", db.session.scalars(sa.select(User)).unique())


def index_each(kind: Any, name: str, items: Iterable[Any]) -> None:
    writer = type(whooshee).get_or_create_index(application, kind).writer(limitmb=512)
    for item in items:
        getattr(kind, name)(writer, item)
    writer.commit()


if __name__ == "__main__":
    main(sys.argv[1])
