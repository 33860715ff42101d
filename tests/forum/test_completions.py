"""Names offered while somebody types @ or #."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db
from app.core.enums import Visibility
from app.forum.models import Post
from app.forum.posting import Audience
from app.forum.queries import one_thread, readers_of
from app.forum.reader_models import CityMention, Mention
from tests.factories import make_city, make_group, make_steward, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
Counter = Callable[[], AbstractContextManager[list[str]]]
KINDS = ("people", "cities", "topics")


@pytest.fixture
def author(app: Flask) -> User:
    return make_user("Human rights officer, Graz", handle="human-rights-officer-graz")


def offered(browser: FlaskClient, path: str) -> list[str]:
    """What each line would write into the text."""
    answer = browser.get(f"/completions/{path}")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    return re.findall(r'data-text="([^"]*)"', answer.text)


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_for_members(client: FlaskClient, client_for: SignIn, kind: str) -> None:
    applicant = client_for(make_user(approved_at=None))

    assert client.get(f"/completions/{kind}?q=a").status_code == 401
    assert applicant.get(f"/completions/{kind}?q=a").status_code == 403


@pytest.mark.parametrize("q", ["", "%", "_", "\\", "'", "\x00", "x" * 5000, "שלום", "🏙️"])
def test_odd_beginnings_find_nobody(client_for: SignIn, author: User, q: str) -> None:
    browser = client_for(author)
    make_topic()
    make_city()

    answers = [browser.get(f"/completions/{kind}", query_string={"q": q}) for kind in KINDS]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [re.findall("data-text", answer.text) for answer in answers] == [[]] * 3


def test_people_by_any_word_of_their_name(client_for: SignIn, author: User) -> None:
    make_user("Grants officer", handle="grants-officer")
    make_user("José, Córdoba", handle="jose-cordoba")
    make_user("Graduate, gone", handle="graduate-gone", active=False)
    make_user("Grace, waiting", handle="grace-waiting", approved_at=None)
    browser = client_for(author)

    assert offered(browser, "people?q=gra") == [
        "@grants-officer ", "@human-rights-officer-graz ",
    ]  # fmt: skip
    assert offered(browser, "people?q=Jose") == offered(browser, "people?q=Córd")


def test_at_most_eight_people_in_few_statements(
    client_for: SignIn, author: User, count_statements: Counter
) -> None:
    browser = client_for(author)
    offered(browser, "people?q=official")
    counts = []
    for _ in range(2):
        for _ in range(9):
            make_user("Official")
        with count_statements() as statements:
            found = offered(browser, "people?q=official")
        counts.append((len(found), len(statements)))

    assert counts == [(8, 2), (8, 2)]


def test_a_closed_thread_offers_only_who_reads_it(client_for: SignIn, author: User) -> None:
    inside, steward = make_user("Adviser, in"), make_user("Adviser, steward")
    outside = make_user("Adviser, out")
    topic = make_topic(groups=[make_group(author, inside)], visibility=Visibility.HIDDEN)
    make_steward(topic, steward)
    thread = make_thread(topic, author)
    path = f"people?q=adviser&thread={thread.id}"

    assert offered(client_for(author), path) == [f"@{inside.handle} ", f"@{steward.handle} "]
    for browser in (client_for(outside), client_for(make_user())):
        assert browser.get(f"/completions/{path}").status_code == 404
    assert client_for(author).get("/completions/people?q=a&thread=x").status_code == 404
    assert client_for(author).get("/completions/people?q=a&thread=4711").status_code == 404


@pytest.mark.parametrize("topic_is", list(Visibility))
@pytest.mark.parametrize("thread_is", list(Visibility))
def test_readers_are_exactly_who_can_read(
    author: User, topic_is: Visibility, thread_is: Visibility
) -> None:
    granted, grouped, both, steward = (make_user() for _ in range(4))
    make_user(approved_at=None)
    group = make_group(author, grouped, both, slug="small")
    topic = make_topic(groups=[make_group(author, granted, both)], visibility=topic_is)
    make_steward(topic, steward)
    thread = make_thread(topic, author, audience=Audience(thread_is, group.id))

    readers = {user.id for user in db.session.scalars(readers_of(thread))}

    everybody = db.session.scalars(select(User).where(User.approved_at.is_not(None))).all()
    assert readers == {
        user.id for user in everybody if db.session.scalars(one_thread(user, thread.id)).first()
    }


def test_cities_by_any_name_with_or_without_accents(client_for: SignIn, author: User) -> None:
    make_city("Łódź", slug="lodz", names={"en": "Łódź", "de": "Lodsch"}, country_code="PL")
    make_city("Linz", country_code="AT")
    make_city("Bad Lobenstein", slug="bad-lobenstein")
    browser = client_for(author)

    assert offered(browser, "cities?q=lod") == ["@lodz "]
    assert offered(browser, "cities?q=LODS") == ["@lodz "]
    assert offered(browser, "cities?q=lo") == ["@lodz ", "@bad-lobenstein "]


def test_topics_one_may_know_become_links(client_for: SignIn, author: User) -> None:
    make_topic("housing", names={"en": "Housing [for all]"})
    make_topic("house-rules", [make_group()], visibility=Visibility.HIDDEN)

    assert offered(client_for(author), "topics?q=hous") == ["[Housing (for all)](/topics/housing) "]


def test_cities_named_in_a_post_are_stored(author: User) -> None:
    graz, york = make_city("Graz"), make_city("York")
    namesake = make_user("Somebody", handle="york")
    thread = make_thread(make_topic(), author, body="What do @graz and @york and @nowhere do?")

    post = db.session.scalars(select(Post)).one()
    assert db.session.scalars(select(CityMention.city_id)).all() == [graz.id]
    assert db.session.scalars(select(Mention.user_id)).all() == [namesake.id]
    assert (post.thread_id, york.id) == (thread.id, york.id)


def test_only_readers_and_no_more_than_ten_are_mentioned(author: User) -> None:
    inside = [make_user() for _ in range(12)]
    outside = make_user()
    topic = make_topic(groups=[make_group(author, *inside)], visibility=Visibility.CLOSED)
    thread = make_thread(topic, author)
    named = [outside, author, *inside]

    post = make_reply(thread, author, " ".join(f"@{person.handle}" for person in named))

    told = set(db.session.scalars(select(Mention.user_id).where(Mention.post_id == post.id)))
    assert told == {person.id for person in inside[:8]}
