"""What tests of curating ask again and again."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.db import db, write
from app.forum.counting import differences_in
from app.forum.curating import merging, moving, splitting, tagging
from app.forum.curating.holding import hold
from app.forum.enums import EventKind
from app.forum.models import Post, PostRedirect, Thread, ThreadEvent
from app.topics.models import Topic


def landed(browser: FlaskClient, answer: TestResponse) -> str:
    """The page a browser comes to in the end."""
    while answer.location:
        answer = browser.get(answer.location)
    return answer.text


def page_of(browser: FlaskClient, thread: Thread) -> str:
    return landed(browser, browser.get(f"/threads/{thread.id}"))


def events(thread: Thread) -> list[EventKind]:
    db.session.rollback()
    found = select(ThreadEvent).where(ThreadEvent.thread_id == thread.id).order_by(ThreadEvent.id)
    return [event.kind for event in db.session.scalars(found)]


def details(thread: Thread) -> dict[str, object]:
    found = select(ThreadEvent.details).where(ThreadEvent.thread_id == thread.id)
    return db.session.scalars(found.order_by(ThreadEvent.id.desc())).first() or {}


def audited(thread: Thread) -> list[str]:
    found = select(AuditEntry.act).where(AuditEntry.thing == f"thread:{thread.id}")
    return list(db.session.scalars(found.order_by(AuditEntry.id)))


def post_at(thread: Thread, number: int) -> Post:
    found = select(Post).where(Post.thread_id == thread.id, Post.number == number)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def bodies(thread: Thread) -> dict[int, str]:
    db.session.rollback()
    found = select(Post).where(Post.thread_id == thread.id).order_by(Post.number)
    return {post.number: post.body for post in db.session.scalars(found)}


def nothing_is_miscounted() -> bool:
    db.session.rollback()
    return differences_in(list(db.session.scalars(select(Thread.id)))) == []


def make_tags(topic: Topic, steward: User, *names: str) -> None:
    with write():
        for name in names:
            tagging.make_tag(topic, {"en": name}, steward)


def move(thread: Thread, topic: Topic, actor: User) -> None:
    with write():
        moving.move(hold(thread.id)[thread.id], topic, actor)
    db.session.refresh(thread)


def split(thread: Thread, numbers: list[int], actor: User, title: str = "Of its own now") -> Thread:
    with write():
        target = splitting.split(hold(thread.id)[thread.id], numbers, title, actor)
    db.session.refresh(thread)
    return target


def merge(thread: Thread, target: Thread, actor: User) -> None:
    with write():
        held = hold(thread.id, target.id)
        merging.merge(held[thread.id], held[target.id], actor)
    db.session.refresh(target)


def redirects(thread: Thread) -> dict[int, tuple[int, int]]:
    """Old number -> (thread, number) of where the post stands now."""
    rows = select(PostRedirect.number, Post.thread_id, Post.number).join(
        Post, Post.id == PostRedirect.post_id
    )
    found = db.session.execute(rows.where(PostRedirect.thread_id == thread.id))
    return {old: (thread_id, number) for old, thread_id, number in found}
