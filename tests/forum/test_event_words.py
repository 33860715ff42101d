"""Each thing that was done to a thread is a whole sentence, and names only what may be named."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.core.templating import icon
from app.forum.enums import EventKind
from app.forum.event_words import event_icon, event_sentence
from app.forum.models import Tag, Thread
from app.forum.showing import thread_for
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_forum import make_event, make_thread

WHO = "Coordinator"
RULE = "put this thread under the Chatham House Rule"
SAID: list[tuple[EventKind, dict[str, Any], str, str]] = [
    (EventKind.LOCKED, {}, "Coordinator locked this thread.", "A steward locked this thread."),
    (EventKind.UNLOCKED, {}, "Coordinator opened this thread again.",
     "A steward opened this thread again."),
    (EventKind.PINNED, {}, "Coordinator pinned this thread.", "A steward pinned this thread."),
    (EventKind.UNPINNED, {}, "Coordinator unpinned this thread.",
     "A steward unpinned this thread."),
    (EventKind.RENAMED, {"old": "Counters", "new": "More"},
     "Coordinator renamed this thread. Before: “Counters”.",
     "A steward renamed this thread. Before: “Counters”."),
    (EventKind.RENAMED, {}, "Coordinator renamed this thread.", "A steward renamed this thread."),
    (EventKind.RETAGGED, {"added": ["phone"], "removed": ["rent"]},
     "Coordinator added tags: By phone. Removed: Rent.",
     "A steward added tags: By phone. Removed: Rent."),
    (EventKind.RETAGGED, {"added": ["phone"], "removed": ["of-another-topic"]},
     "Coordinator added tags: By phone.", "A steward added tags: By phone."),
    (EventKind.RETAGGED, {"added": [], "removed": ["rent"]},
     "Coordinator removed tags: Rent.", "A steward removed tags: Rent."),
    (EventKind.RETAGGED, {"added": "odd"}, "Coordinator changed the tags.",
     "A steward changed the tags."),
    (EventKind.MERGED_IN, {"count": 2},
     "Coordinator merged another thread into this one: 2 posts.",
     "A steward merged another thread into this one: 2 posts."),
    (EventKind.ACCEPTED, {"number": 4}, "Coordinator accepted post 4 as the answer.",
     "Post 4 was accepted as the answer."),
    (EventKind.UNACCEPTED, {"number": 4},
     "Coordinator took the accepted answer back: the question is open again.",
     "The accepted answer was taken back: the question is open again."),
    (EventKind.HIDDEN, {"number": 4}, "Coordinator hid post 4.", "A steward hid post 4."),
    (EventKind.UNHIDDEN, {"number": 4}, "Coordinator showed post 4 again.",
     "A steward showed post 4 again."),
    (EventKind.TIGHTENED, {"new": "chatham_house"},
     f"Coordinator {RULE}: names and cities are not shown to anybody any more.",
     f"A steward {RULE}: names and cities are not shown to anybody any more."),
    (EventKind.TIGHTENED, {"new": "network"},
     "Coordinator made this thread more confidential: names are shown to members only.",
     "A steward made this thread more confidential: names are shown to members only."),
    (EventKind.TIME_BOXED, {"until": "2026-12-01T12:00:00+00:00"},
     "This question takes answers until 1 December 2026.",
     "This question takes answers until 1 December 2026."),
    (EventKind.TIME_BOXED, {"until": "soon"}, "This question takes answers for a fixed time.",
     "This question takes answers for a fixed time."),
    (EventKind.TIME_IS_UP, {}, "The time for answers is over.", "The time for answers is over."),
    (EventKind.CONSOLIDATED, {"number": 9},
     "Post 9 is the consolidated reply: it brings all answers together.",
     "Post 9 is the consolidated reply: it brings all answers together."),
    (EventKind.CONSOLIDATED, {}, "There is a consolidated reply now.",
     "There is a consolidated reply now."),
    (EventKind.HANDED_OVER, {},
     "Coordinator handed this thread over. Somebody else looks after it now.",
     "Somebody else looks after this thread now."),
]  # fmt: skip


def sentences(thread: Thread, viewer: User | None) -> list[str]:
    db.session.rollback()
    shown = thread_for(viewer, thread.id)
    return [event_sentence(event) for event in shown.events] if shown else []


def two_threads() -> list[Thread]:
    """One with names, one under the Chatham House Rule; the same tags in both topics."""
    topic, author = make_topic(), make_user("Adviser")
    with write() as session:
        for slug, name in (("phone", "By phone"), ("rent", "Rent")):
            session.add(Tag(topic_id=topic.id, slug=slug, names={"en": name}))
    return [
        make_thread(topic, author, attribution=attribution)
        for attribution in (Attribution.OPEN, Attribution.CHATHAM_HOUSE)
    ]


def test_everything_done_is_said_with_and_without_names(app: Flask) -> None:
    steward, threads = make_user(WHO, make_city()), two_threads()
    for thread in threads:
        for kind, details, _named, _withheld in SAID:
            make_event(thread, kind, steward, **details)

    said = [sentences(thread, make_user()) for thread in threads]

    assert said == [[row[2] for row in SAID], [row[3] for row in SAID]]


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_has_its_mark(app: Flask, kind: EventKind) -> None:
    thread = two_threads()[0]
    make_event(thread, kind, number=1, count=1)
    shown = thread_for(None, thread.id)
    assert shown is not None

    assert event_sentence(shown.events[0]).endswith(".")
    with app.test_request_context():
        assert str(icon(event_icon(shown.events[0]))).startswith("<svg")


def test_other_threads_are_named_only_to_their_readers(app: Flask) -> None:
    thread, steward = two_threads()[0], make_user(WHO)
    group = make_group(steward)
    inside = make_topic("inside", [group], visibility=Visibility.HIDDEN)
    other = make_thread(inside, steward, title="Only for the group")
    make_event(thread, EventKind.SPLIT_OUT, steward, to_thread=other.id, count=3)
    make_event(thread, EventKind.SPLIT_FROM, steward, from_thread=other.id, count=1)

    assert sentences(thread, steward) == [
        "Coordinator moved 3 posts to the thread “Only for the group”.",
        "Coordinator took 1 post from the thread “Only for the group”.",
    ]
    assert sentences(thread, make_user()) == [
        "Coordinator moved 3 posts to another thread.",
        "Coordinator took 1 post from another thread.",
    ]


def test_topics_are_named_only_to_those_who_may_know_them(app: Flask) -> None:
    thread, steward = two_threads()[0], make_user(WHO)
    secret = make_topic("secret", [make_group(steward)], visibility=Visibility.HIDDEN)
    details = {"from_topic": secret.id, "to_topic": thread.topic_id}
    make_event(thread, EventKind.MOVED, steward, **details)

    assert sentences(thread, steward) == [
        "Coordinator moved this thread from Secret to Covid 19 responses."
    ]
    assert sentences(thread, make_user()) == ["Coordinator moved this thread from another topic."]
