"""Moving, splitting and merging threads: who reads them then, where everything went."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Group, User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.curating import hiding, readership, tagging
from app.forum.curating.errors import (
    NamesWouldShow,
    NothingChosen,
    OutOfOwnSight,
    PostsAreGone,
    SameThread,
    WouldWiden,
)
from app.forum.curating.holding import hold
from app.forum.curating.readership import Readers
from app.forum.enums import EventKind, FollowLevel, ThreadKind
from app.forum.following import follow
from app.forum.models import Thread, ThreadEvent
from app.forum.queries import where_thread_went
from app.forum.reader_models import ThreadRead
from app.topics.models import Topic
from app.topics.readers import read_grants
from tests.factories import make_group, make_steward, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread
from tests.forum.curated import (
    audited,
    bodies,
    details,
    events,
    landed,
    make_tags,
    merge,
    move,
    nothing_is_miscounted,
    post_at,
    redirects,
    split,
)

SignIn = Callable[[User], FlaskClient]
CountStatements = Callable[[], AbstractContextManager[list[str]]]
PUBLIC, NETWORK, CLOSED = Visibility.PUBLIC, Visibility.NETWORK, Visibility.CLOSED


def mark(
    person: User, thread: Thread, number: int, level: FollowLevel = FollowLevel.NORMAL
) -> None:
    with write():
        follow(thread, person, level)
        db.session.get_one(ThreadRead, (person.id, thread.id)).last_read = number


def marks(thread: Thread) -> dict[int, tuple[int, FollowLevel]]:
    db.session.rollback()
    found = db.session.scalars(select(ThreadRead).where(ThreadRead.thread_id == thread.id))
    return {row.user_id: (row.last_read, row.level) for row in found}


# Who reads it


@pytest.fixture
def group(member: User) -> Group:
    return make_group(member, slug="inner-circle")


def is_within(inner: Readers, outer: Readers) -> bool:
    return readership.is_within(inner, outer, read_grants())


def test_readers_are_compared_by_what_grants_say(group: Group, member: User) -> None:
    other = make_group(slug="others")
    public, network = make_topic("public"), make_topic("network", visibility=NETWORK)
    inner = make_topic("inner", [group], visibility=CLOSED)
    wider = make_topic("wider", [group, other], visibility=CLOSED)
    anyone, members = Readers(public, PUBLIC), Readers(network, NETWORK)
    in_inner, in_wider = Readers(inner, NETWORK), Readers(wider, NETWORK)
    in_group = Readers(public, CLOSED, group.id)
    narrow_to_wide = [in_inner, in_wider, members, anyone]

    for place, narrow in enumerate(narrow_to_wide):
        assert [is_within(narrow, wide) for wide in narrow_to_wide] == [
            wide_place >= place for wide_place in range(4)
        ]
    assert is_within(in_group, in_inner)
    assert is_within(in_group, members)
    assert not is_within(in_inner, in_group)
    assert not is_within(members, in_group)
    assert not is_within(Readers(public, CLOSED, other.id), in_inner)
    make_steward(inner, make_user())
    assert not is_within(in_inner, in_wider)
    assert is_within(Readers(public, NETWORK), members)
    assert not is_within(Readers(public, PUBLIC), Readers(public, NETWORK))


def test_thread_moves_with_its_posts_and_known_tags(
    client_for: SignIn,
    topic: Topic,
    thread: Thread,
    steward: User,
) -> None:
    target = make_topic("elsewhere")
    make_tags(topic, steward, "Bikes", "Cars")
    make_tags(target, steward, "Bikes")
    with write():
        tagging.retag(hold(thread.id)[thread.id], ["bikes", "cars"], steward)
    make_steward(target, steward)
    browser, path = client_for(steward), f"/threads/{thread.id}/move"

    form = browser.get(path).text
    page = landed(browser, browser.post(path, data={"topic": "elsewhere"}))
    browser.post(path, data={"topic": "elsewhere"})

    assert "Anyone can read it now, also without an account." in form
    assert "Afterwards anyone can read it, also without an account." in form
    assert f'name="topic" value="{topic.slug}"' in page
    assert events(thread) == [EventKind.RETAGGED, EventKind.MOVED]
    assert details(thread) == {"from_topic": topic.id, "to_topic": target.id}
    assert audited(thread) == ["forum.retagged", "forum.moved"]
    assert (thread.topic_id, thread.visibility) == (target.id, PUBLIC)
    assert [tag.topic_id for tag in tagging.tags_of(thread)] == [target.id]


def test_move_says_who_reads_afterwards(
    client_for: SignIn,
    group: Group,
    steward: User,
    member: User,
) -> None:
    network = make_topic("network", visibility=NETWORK)
    make_topic("inner", [group], visibility=CLOSED)
    make_steward(network, member)
    there = make_thread(network, steward)

    form = client_for(member).get(f"/threads/{there.id}/move").text

    assert "Everyone in the network can read it now." in form
    assert "Afterwards only the people of the closed topic “Inner” can read it." in form


def test_move_needs_the_right_to_start_there(
    client_for: SignIn,
    thread: Thread,
    steward: User,
) -> None:
    make_topic("closed", visibility=CLOSED)
    make_topic("hidden", visibility=Visibility.HIDDEN)
    browser, path = client_for(steward), f"/threads/{thread.id}/move"

    statuses = [
        browser.post(path, data={"topic": slug}).status_code
        for slug in ("closed", "hidden", "nowhere", "")
    ]

    assert statuses == [404, 404, 404, 422]
    assert events(thread) == []


def test_wider_topic_gives_a_thread_no_new_readers(
    group: Group,
    member: User,
    topic: Topic,
) -> None:
    inner = make_topic("inner", [group], visibility=CLOSED)
    network = make_topic("network", visibility=NETWORK)
    of_network, of_inner = make_thread(network, member), make_thread(inner, member)

    move(of_network, topic, member)
    move(of_inner, topic, member)

    assert (of_network.visibility, of_network.group_id) == (NETWORK, None)
    assert (of_inner.visibility, of_inner.group_id) == (CLOSED, group.id)
    move(of_inner, network, member)
    assert (of_inner.visibility, of_inner.group_id) == (CLOSED, group.id)


def test_move_back_from_the_network_does_not_open_to_everybody(
    thread: Thread,
    topic: Topic,
    steward: User,
) -> None:
    network = make_topic("network", visibility=NETWORK)

    move(thread, network, steward)
    move(thread, topic, steward)

    assert thread.visibility is NETWORK


def test_thread_of_several_groups_cannot_go_where_others_read(
    client_for: SignIn,
    group: Group,
    member: User,
    topic: Topic,
) -> None:
    inner = make_topic("inner", [group, make_group(slug="others")], visibility=CLOSED)
    make_steward(inner, member)
    there = make_thread(inner, member)
    browser, path = client_for(member), f"/threads/{there.id}/move"

    form, answer = browser.get(path).text, browser.post(path, data={"topic": topic.slug})

    assert f"Not to {topic.names['en']}." in form
    assert answer.status_code == 422
    assert "What was written for fewer people stays with them." in answer.text
    assert (there.topic_id, there.visibility) == (inner.id, NETWORK)


def test_nobody_moves_a_thread_out_of_their_own_sight(
    group: Group,
    steward: User,
    topic: Topic,
) -> None:
    inner = make_topic("inner", [group], visibility=CLOSED)
    make_steward(inner, steward)
    there = make_thread(inner, steward)

    with pytest.raises(OutOfOwnSight):
        move(there, topic, steward)


# Split


def test_split_gives_posts_a_thread_of_their_own(
    client_for: SignIn,
    topic: Topic,
    author: User,
    member: User,
    steward: User,
) -> None:
    source = make_thread(
        topic, author, attribution=Attribution.NETWORK, kind=ThreadKind.QUESTION, visibility=NETWORK
    )
    make_reply(source, member, "Two")
    make_reply(source, steward, "Three answers two", reply_to=2)
    make_reply(source, author, "Four answers three", reply_to=3)
    make_reply(source, author, "Five answers two", reply_to=2)
    with write():
        source.accepted_number = source.consolidated_number = 3
    browser, path = client_for(steward), f"/threads/{source.id}/split"

    form = browser.get(path).text
    typed = {"title": "Two and three on their own", "posts": ["3", "2"]}
    page = landed(browser, browser.post(path, data=typed))

    target = db.session.scalars(select(Thread).where(Thread.title == typed["title"])).one()
    assert "Three answers two" in form
    assert "2 posts have a thread of their own now." in page
    assert bodies(target) == {1: "Two", 2: "Three answers two"}
    assert sorted(bodies(source)) == [1, 4, 5]
    assert redirects(source) == {2: (target.id, 1), 3: (target.id, 2)}
    assert [post_at(target, 2).reply_to, post_at(source, 4).reply_to] == [1, 3]
    assert (target.kind, target.author_id, target.topic_id) == (
        ThreadKind.DISCUSSION,
        member.id,
        topic.id,
    )
    assert (target.attribution, target.visibility) == (Attribution.NETWORK, NETWORK)
    assert (source.accepted_number, source.consolidated_number) == (None, None)
    assert (source.last_number, source.reply_count) == (5, 2)
    assert (target.last_number, target.reply_count) == (2, 1)
    assert events(source) == [EventKind.UNACCEPTED, EventKind.SPLIT_OUT]
    assert events(target) == [EventKind.SPLIT_FROM]
    assert details(source) == {"to_thread": target.id, "count": 2}
    assert details(target) == {"from_thread": source.id, "count": 2}
    assert (audited(source)[-1], audited(target)) == ("forum.split_out", ["forum.split_from"])
    assert nothing_is_miscounted()
    make_reply(source, author, "Six")
    assert sorted(bodies(source)) == [1, 4, 5, 6]


@pytest.mark.parametrize(
    ("numbers", "error"),
    [([], NothingChosen), ([1], PostsAreGone), ([2, 9], PostsAreGone), ([3], PostsAreGone)],
)
def test_split_takes_only_replies_that_are_there(
    thread: Thread,
    member: User,
    steward: User,
    numbers: list[int],
    error: type[Exception],
) -> None:
    make_replies(thread, member, 2)
    with write():
        hold(thread.id)
        hiding.hide(post_at(thread, 3), steward, "Personal data")

    with pytest.raises(error):
        split(thread, numbers, steward)

    assert redirects(thread) == {}


def test_wrong_split_comes_back(
    client_for: SignIn,
    thread: Thread,
    member: User,
    steward: User,
) -> None:
    make_replies(thread, member, 2)
    browser, path = client_for(steward), f"/threads/{thread.id}/split"

    no_title = browser.post(path, data={"title": "Short", "posts": "3"})
    none = browser.post(
        path, data={"title": "A title of fair length", "posts": ["x", "-1", "99999999999"]}
    )

    assert (no_title.status_code, none.status_code) == (422, 422)
    assert 'value="3" checked' in no_title.text
    assert "Choose at least one post." in none.text
    assert 'value="A title of fair length"' in none.text


def test_readers_have_read_in_the_new_thread_what_they_had_read(
    thread: Thread,
    author: User,
    member: User,
    steward: User,
) -> None:
    make_replies(thread, author, 5)
    early, silent = make_user(), make_user()
    mark(member, thread, 4, FollowLevel.LOUD)
    mark(early, thread, 1)
    mark(silent, thread, 6, FollowLevel.MUTED)

    target = split(thread, [3, 5, 6], steward)

    there = marks(target)
    assert there[member.id] == (1, FollowLevel.LOUD)
    assert there[early.id] == (0, FollowLevel.NORMAL)
    assert there[silent.id] == (3, FollowLevel.MUTED)
    assert marks(thread)[member.id] == (4, FollowLevel.LOUD)


def test_long_threads_offer_posts_in_portions(
    client_for: SignIn,
    thread: Thread,
    member: User,
    steward: User,
) -> None:
    make_replies(thread, member, 102)
    browser, path = client_for(steward), f"/threads/{thread.id}/split"

    first, second = browser.get(path).text, browser.get(f"{path}?first=102").text

    assert first.count('name="posts"') == 100
    assert f'href="{path}?first=102"' in first
    assert second.count('name="posts"') == 2


# Merge


def test_merge_appends_all_posts_and_leads_on(
    client_for: SignIn,
    topic: Topic,
    thread: Thread,
    author: User,
    member: User,
    steward: User,
) -> None:
    make_reply(thread, member, "A reply", reply_to=1)
    target = make_thread(topic, member, "The thread that stays", "Its opening post")
    browser, path = client_for(steward), f"/threads/{thread.id}/merge"

    asked = browser.get(f"{path}?target=http://localhost/threads/{target.id}-any-slug").text
    answer = browser.post(path, data={"target": str(target.id)})
    page = landed(browser, answer)

    assert "2 posts go to the end of this thread:" in asked
    assert "The thread that stays" in asked
    assert answer.location.endswith("#post-2")
    assert "Both threads are one now." in page
    assert list(bodies(target)) == [1, 2, 3]
    assert post_at(target, 3).reply_to == 2
    assert redirects(thread) == {1: (target.id, 2), 2: (target.id, 3)}
    assert (thread.merged_into_id, thread.reply_count) == (target.id, 0)
    assert (target.reply_count, target.last_number) == (2, 3)
    assert events(target) == [EventKind.MERGED_IN]
    assert details(target) == {"from_thread": thread.id, "count": 2}
    assert audited(thread) == ["forum.merged_away"]
    assert audited(target) == ["forum.merged_in"]
    assert browser.get(f"/threads/{thread.id}").location.endswith("the-thread-that-stays")
    assert browser.post(f"/threads/{thread.id}/lock").status_code == 404
    assert nothing_is_miscounted()


def test_merged_event_stands_before_what_it_brought(
    topic: Topic,
    thread: Thread,
    author: User,
    steward: User,
) -> None:
    target = make_thread(topic, author)

    merge(thread, target, steward)

    found = select(ThreadEvent.after_number).where(ThreadEvent.thread_id == target.id)
    assert db.session.scalars(found).one() == 1


@pytest.mark.parametrize("typed", ["", "x", "0", "999", "/threads/99999999999", "#" + "9" * 400])
def test_merge_needs_another_thread(
    client_for: SignIn,
    thread: Thread,
    steward: User,
    typed: str,
) -> None:
    browser, path = client_for(steward), f"/threads/{thread.id}/merge"

    answers = [
        browser.get(path, query_string={"target": typed}),
        browser.post(path, data={"target": typed}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "There is a problem" in answers[0].text
    assert events(thread) == []


def test_merge_into_what_the_steward_does_not_look_after_is_refused(
    client_for: SignIn,
    thread: Thread,
    member: User,
    steward: User,
) -> None:
    seen = make_thread(make_topic("elsewhere"), member)
    hidden = make_thread(make_topic("hidden", visibility=Visibility.HIDDEN), member)
    browser, path = client_for(steward), f"/threads/{thread.id}/merge"

    answers = [browser.post(path, data={"target": str(one.id)}) for one in (seen, hidden)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("There is no thread you look after" in answer.text for answer in answers)


def test_merge_shows_nothing_to_anybody_new(
    topic: Topic,
    thread: Thread,
    author: User,
    steward: User,
    group: Group,
) -> None:
    network = make_thread(topic, author, visibility=NETWORK)
    of_group = make_thread(topic, author, visibility=CLOSED, group_id=group.id)
    discreet = make_thread(topic, author, attribution=Attribution.CHATHAM_HOUSE)

    for source, target, error in [
        (network, thread, WouldWiden),
        (of_group, network, WouldWiden),
        (discreet, thread, NamesWouldShow),
        (thread, thread, SameThread),
    ]:
        with pytest.raises(error):
            merge(source, target, steward)
    merge(thread, discreet, steward)
    assert list(bodies(discreet)) == [1, 2]


def test_marks_rise_only_where_nothing_unread_lies_before(
    topic: Topic,
    thread: Thread,
    author: User,
    steward: User,
) -> None:
    make_replies(thread, author, 2)
    target = make_thread(topic, author)
    make_replies(target, author, 1)
    whole, behind, newcomer, silent = (make_user() for _ in range(4))
    mark(whole, thread, 2, FollowLevel.FOLLOWING)
    mark(whole, target, 2)
    mark(behind, thread, 3)
    mark(behind, target, 1, FollowLevel.LOUD)
    mark(newcomer, thread, 3, FollowLevel.FOLLOWING)
    mark(silent, thread, 3, FollowLevel.MUTED)
    mark(silent, target, 2, FollowLevel.FOLLOWING)

    merge(thread, target, steward)

    there = marks(target)
    assert there[whole.id] == (4, FollowLevel.FOLLOWING)
    assert there[behind.id] == (1, FollowLevel.LOUD)
    assert there[newcomer.id] == (0, FollowLevel.FOLLOWING)
    assert there[silent.id] == (5, FollowLevel.FOLLOWING)
    assert marks(thread) == {}


def test_solution_of_a_merged_question_solves_the_other(
    topic: Topic,
    author: User,
    member: User,
    steward: User,
) -> None:
    first, second = (make_thread(topic, author, kind=ThreadKind.QUESTION) for _ in range(2))
    make_reply(first, member)
    with write():
        first.accepted_number = 2

    merge(first, second, steward)

    assert (second.accepted_number, first.accepted_number) == (3, None)
    assert events(second) == [EventKind.MERGED_IN, EventKind.ACCEPTED]


def test_threads_merged_before_lead_to_the_last_one(
    topic: Topic,
    author: User,
    steward: User,
) -> None:
    first, second, third = (make_thread(topic, author) for _ in range(3))

    merge(first, second, steward)
    merge(second, third, steward)

    found = where_thread_went(author, first.id)
    assert found is not None
    assert found.id == third.id
    assert redirects(first) == {1: (third.id, 3)}


def test_page_of_a_move_asks_no_more_for_many_topics(
    client_for: SignIn, group: Group, member: User, count_statements: CountStatements
) -> None:
    inner = make_topic("inner", [group], visibility=CLOSED)
    make_steward(inner, member)
    there = make_thread(inner, member)
    browser, path = client_for(member), f"/threads/{there.id}/move"

    make_topic("first")
    with count_statements() as one:
        browser.get(path)
    for number in range(12):
        make_topic(f"topic-{number}", [group], visibility=CLOSED)
    with count_statements() as many:
        page = browser.get(path).text

    assert page.count('type="radio"') == 13
    assert len(one) == len(many)


def test_page_of_a_split_asks_no_more_for_many_posts(
    client_for: SignIn,
    thread: Thread,
    member: User,
    steward: User,
    count_statements: CountStatements,
) -> None:
    browser, path = client_for(steward), f"/threads/{thread.id}/split"

    make_replies(thread, member, 1)
    with count_statements() as one:
        browser.get(path)
    make_replies(thread, member, 30)
    with count_statements() as many:
        browser.get(path)

    assert len(one) == len(many)
