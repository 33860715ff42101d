"""People who do everything a forum offers, in any order: the rules of a state machine.

Each act asks the same questions as the view that offers it. What its person may not do does
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import Select, select

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.core.errors import DomainError
from app.core.worker import run_due_jobs
from app.forum import (
    accepting,
    bookmarking,
    deleting,
    editing,
    following,
    overviewing,
    posting,
    reading,
    responding,
)
from app.forum.curating import hiding, locking, merging, moving, splitting, withholding
from app.forum.curating.holding import hold, hold_for, hold_post_for
from app.forum.enums import EditWay, FollowLevel, ResponseKind, ThreadKind
from app.forum.models import Post, Thread
from app.forum.permissions import (
    can_curate,
    can_lead_question,
    can_update_overview,
    edit_way_of,
    rights_in_thread,
)
from app.forum.posting import Audience, NewThread, text_of
from app.forum.queries import (
    posts_to_care_for,
    posts_visible_to,
    removed_threads_of,
    threads_visible_to,
)
from app.topics.queries import topics_readable_by, topics_to_start_in
from tests.databases import Database
from tests.factories import make_city, make_group, make_steward, make_topic, make_user

T = TypeVar("T")

COMMON = "zebrafinch"
PEOPLE = ("asker", "insider", "steward", "outsider")
MOST_THREADS = 9

who, pick, many = st.sampled_from(PEOPLE), st.integers(0, 6), st.integers(0, 40)
keeper = st.sampled_from(("insider", "steward"))
named = st.sampled_from(("", "", *PEOPLE))
mostly = st.sampled_from((True, True, False))


class Acts(RuleBasedStateMachine):
    rows: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        db.session.remove()
        self.rows.empty()
        city = make_city()
        self.people = {name: make_user(name, city, handle=name) for name in PEOPLE}
        group = make_group(self.people["asker"], self.people["insider"])
        self.group_id = group.id
        for kind in Visibility:
            granted = [group] if kind in {Visibility.CLOSED, Visibility.HIDDEN} else []
            topic = make_topic(kind.value, granted, visibility=kind)
            make_steward(topic, self.people["insider"])
            if kind is not Visibility.HIDDEN:
                make_steward(topic, self.people["steward"])
        self.ids = {name: person.id for name, person in self.people.items()}
        self.said = 0
        self.lowering: set[int] = set()  # whose marks this step may lower
        for n, name in enumerate(PEOPLE):
            self.start(name, n, "", is_question=n < 2, for_group=n == 1)
        for n in range(8):
            self.reply(PEOPLE[n % 3], n, "", answered=n % 3, quoted=0)

    @rule(name=who, n=pick, names=named, is_question=st.booleans(), for_group=st.booleans())
    def start(self, name: str, n: int, names: str, *, is_question: bool, for_group: bool) -> None:
        kind = ThreadKind.QUESTION if is_question else ThreadKind.DISCUSSION
        in_group = for_group and name in {"asker", "insider"}
        audience = Audience(Visibility.CLOSED, self.group_id) if in_group else Audience()
        new = NewThread(f"What is known of {self.said}?", self.text(names), kind, audience)
        with self.acting(name) as person:
            topic = _one(topics_to_start_in(person), n)
            count = db.session.query(Thread).count()
            if topic is not None and count < MOST_THREADS:
                posting.start_thread(topic, person, new)

    @rule(name=who, n=pick, names=named, answered=st.integers(0, 4), quoted=st.integers(0, 4))
    def reply(self, name: str, n: int, names: str, *, answered: int, quoted: int) -> None:
        with self.acting(name) as person:
            thread = _one(threads_visible_to(person).order_by(Thread.id), n)
            if thread is not None and rights_in_thread(person, thread).can_reply:
                text = self.text(names, f"/threads/{thread.id}/{quoted}" if quoted else "")
                posting.reply(thread, person, text, reply_to=answered or None)

    reply_too = rule(name=who, n=pick, names=named, answered=st.just(1), quoted=st.just(0))(
        lambda self, **values: self.reply(**values)
    )

    @rule(name=who, n=many, names=named)
    def edit(self, name: str, n: int, names: str) -> None:
        text = self.text(names)
        with self.acting(name) as person:
            post = _one(_posts(person), n)
            if post is None:
                return
            way = edit_way_of(person, post)
            if way in {EditWay.FREELY, EditWay.AS_STEWARD}:
                is_steward = rights_in_thread(person, post.thread).is_steward
                version = editing.version_of(post)
                editing.edit_post(post, person, text, version, "Clearer", is_steward=is_steward)

    @rule(name=keeper, n=many, away=mostly)
    def hide(self, name: str, n: int, away: bool) -> None:
        """A post, or bring a hidden one back."""
        with self.acting(name) as person:
            hidden = Post.hidden_at.is_(None) if away else Post.hidden_at.is_not(None)
            post = _one(posts_to_care_for(person).where(hidden).order_by(Post.id), n)
            if post is None or not can_curate(person, post.thread):
                return
            held = hold_post_for(person, post.thread_id, post.number)
            if away:
                hiding.hide(held, person, "Rude")
            else:
                hiding.unhide(held, person)

    @rule(name=who, n=many)
    def delete(self, name: str, n: int) -> None:
        with self.acting(name) as person:
            mine = posts_to_care_for(person).where(Post.author_id == person.id)
            post = _one(mine.order_by(Post.number.desc(), Post.id), n)
            if post is not None and post.number == 1:
                deleting.delete_thread(post.thread)
            elif post is not None:
                deleting.delete_post(post, person)

    @rule(name=who, n=many)
    def restore(self, name: str, n: int) -> None:
        with self.acting(name) as person:
            thread = _one(removed_threads_of(person).order_by(Thread.id), n)
            gone = posts_to_care_for(person).where(Post.deleted_at.is_not(None))
            post = _one(gone.where(Post.author_id == person.id).order_by(Post.id), n)
            if thread is not None:
                deleting.restore_thread(thread)
            elif post is not None:
                deleting.restore_post(post)

    @rule(name=keeper, n=pick, to=pick)
    def move(self, name: str, n: int, to: int) -> None:
        def act(person: User, thread: Thread) -> None:
            if (topic := _one(topics_to_start_in(person), to)) is not None:
                moving.move(thread, topic, person)

        self.curate(name, n, act)

    @rule(name=keeper, n=pick, numbers=st.sets(st.integers(2, 8), min_size=1, max_size=4))
    def split(self, name: str, n: int, numbers: set[int]) -> None:
        def act(person: User, thread: Thread) -> None:
            here = select(Post.number).where(Post.thread_id == thread.id)
            chosen = numbers & set(db.session.scalars(here))
            if db.session.query(Thread).count() < MOST_THREADS:
                splitting.split(thread, chosen, f"Apart from {thread.id}", person)

        self.curate(name, n, act)

    @rule(name=keeper, n=pick, to=pick)
    def merge(self, name: str, n: int, to: int) -> None:
        def act(person: User, thread: Thread) -> None:
            target = _one(threads_visible_to(person).order_by(Thread.id), to)
            if target is not None and target.id != thread.id:
                held = hold(thread.id, target.id)
                merging.held_target(person, target.id)
                merging.merge(held[thread.id], held[target.id], person)

        self.curate(name, n, act)

    @rule(name=keeper, n=pick, locked=mostly)
    def lock(self, name: str, n: int, locked: bool) -> None:
        """Unlocking is more likely: in locked threads little happens."""
        self.curate(name, n, lambda one, on: locking.set_locked(on, one, locked=not locked))

    @rule(name=keeper, n=pick, attribution=st.sampled_from(Attribution))
    def tighten(self, name: str, n: int, attribution: Attribution) -> None:
        self.curate(name, n, lambda one, to: withholding.tighten(to, attribution, one))

    @rule(name=who, n=many, is_answer=mostly)
    def accept(self, name: str, n: int, is_answer: bool) -> None:
        with self.acting(name) as person:
            post = _one(_posts(person).where(Post.number > 1), n)
            if post is not None and can_lead_question(person, post.thread):
                (accepting.accept if is_answer else accepting.unaccept)(post, person)

    @rule(name=who, n=many, kind=st.sampled_from(ResponseKind))
    def respond(self, name: str, n: int, kind: ResponseKind) -> None:
        with self.acting(name) as person:
            if (post := _one(_posts(person), n)) is not None:
                responding.toggle(post, person, kind)

    @rule(name=who, n=many, keep=mostly)
    def bookmark(self, name: str, n: int, keep: bool) -> None:
        with self.acting(name) as person:
            if (post := _one(_posts(person), n)) is not None:
                (bookmarking.keep if keep else bookmarking.let_go)(post, person)

    @rule(name=who, n=pick)
    def overview(self, name: str, n: int) -> None:
        text = text_of(f"This stands after {self.said}.")
        with self.acting(name) as person:
            thread = _one(threads_visible_to(person).order_by(Thread.id), n)
            if thread and can_update_overview(rights_in_thread(person, thread)):
                overviewing.save_overview(thread, person, text, thread.overview_revision)

    @rule(name=who, n=many)
    def read(self, name: str, n: int) -> None:
        """Up to a post, as from a page that ends there, however late."""
        with self.acting(name) as person:
            if (post := _one(_posts(person), n)) is not None:
                reading.mark_read(person.id, post.thread_id, post.number)

    @rule(name=who, n=many)
    def mark_unread(self, name: str, n: int) -> None:
        self.lowering.add(self.ids[name])
        with self.acting(name) as person:
            if (post := _one(_posts(person), n)) is not None:
                reading.mark_unread_from(person, post)

    @rule(name=who, n=pick, undo=st.booleans())
    def mark_read(self, name: str, n: int, undo: bool) -> None:
        """A topic, or for the last of them everything; or take that back."""
        if undo:
            self.lowering.add(self.ids[name])
        with self.acting(name) as person:
            topic = _one(topics_readable_by(person), n)
            if undo:
                reading.undo_marking(person)
            else:
                reading.mark_all_read(person, topic if n < 4 else None)

    @rule(name=who, n=pick, level=st.sampled_from(FollowLevel), whole=st.booleans())
    def follow(self, name: str, n: int, level: FollowLevel, whole: bool) -> None:
        with self.acting(name) as person:
            if whole and (topic := _one(topics_readable_by(person), n)) is not None:
                following.follow_topic(topic.id, person, level)
            elif level is not FollowLevel.NEW:
                thread = _one(threads_visible_to(person).order_by(Thread.id), n)
                if thread is not None:
                    following.follow(thread, person, level)

    @rule()
    def work(self) -> None:
        run_due_jobs(mails=False, raising=True)

    @contextmanager
    def acting(self, name: str) -> Iterator[User]:
        """One transaction of this person. A broken rule undoes it, as in a view."""
        with suppress(DomainError), write():
            yield db.session.get_one(User, self.ids[name])

    def curate(self, name: str, n: int, act: Callable[[User, Thread], object]) -> None:
        """The same with a thread that this person looks after; nothing happens without one."""
        with self.acting(name) as person:
            thread = _one(threads_visible_to(person).order_by(Thread.id), n)
            if thread is not None and can_curate(person, thread):
                act(person, hold_for(person, thread.id))

    def text(self, names: str, quotes: str = "") -> posting.Text:
        """No two are the same."""
        self.said += 1
        quotation = f"> As was said [there]({quotes}).\n\n" if quotes else ""
        mention = f" @{names}" if names else ""
        return text_of(f"{quotation}{COMMON} {self.said}{mention}")


def _posts(person: User) -> Select[Post]:
    return posts_visible_to(person).order_by(Post.id)


def _one(statement: Select[T], n: int) -> T | None:
    """One of those that are there."""
    found = db.session.scalars(statement).unique().all()
    return found[n % len(found)] if found else None
