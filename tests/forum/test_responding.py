"""One press: counted once, undone any time, cities named where names are shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution
from app.forum import responding
from app.forum.enums import ResponseKind
from app.forum.errors import OwnPost
from app.forum.models import Post, Thread
from app.forum.reader_models import PostResponse
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread, thread_page
from tests.hostile.test_together import at_once

SignIn = Callable[[User], FlaskClient]
Counting = Callable[..., object]


@pytest.fixture
def author(app: Flask) -> User:
    return make_user()


@pytest.fixture
def thread(author: User) -> Thread:
    return make_thread(make_topic(), author)


@pytest.fixture
def post(thread: Thread) -> Post:
    return make_reply(thread, make_user(), "We rang everybody up.")


def say(post: Post, person: User, kind: ResponseKind = ResponseKind.HELPFUL) -> bool:
    with write():
        return responding.toggle(post, person, kind)


def test_press_says_it_and_another_takes_it_back(
    client_for: SignIn, thread: Thread, post: Post
) -> None:
    browser = client_for(make_user(city=make_city("Lund")))
    path, before = f"/threads/{thread.id}/posts/2/responses", thread.revision

    answer = browser.post(path, data={"kind": "helpful"})
    said = thread_page(browser, thread)
    browser.post(path, data={"kind": "helpful"})
    taken_back = thread_page(browser, thread)

    assert answer.location.endswith("#post-2")
    assert "Lund finds this helpful." in said
    assert 'value="helpful-2" aria-pressed="true"' in said
    assert 'value="same_here-2" aria-pressed="false"' in said
    assert "finds this helpful" not in taken_back
    assert post.response_count == 0
    assert thread.revision == before + 2


def test_cities_are_named_once_and_others_counted(
    client: FlaskClient, thread: Thread, post: Post
) -> None:
    graz = make_city("Graz")
    for city in (graz, make_city("Lund"), graz, None, None):
        say(post, make_user(city=city))

    page = thread_page(client, thread)

    assert "Graz, Lund and 2 people find this helpful." in page
    assert post.response_count == 5
    assert "aria-pressed" not in page


def test_city_is_that_of_the_day(client: FlaskClient, thread: Thread, post: Post) -> None:
    person = make_user(city=make_city("Lund"))
    say(post, person, ResponseKind.WILL_TRY)
    with write():
        person.seats[0].ends_on = utcnow().date().replace(year=2025)

    assert "Lund will try this." in thread_page(client, thread)


def test_chatham_house_rule_counts_only(client_for: SignIn, author: User) -> None:
    thread = make_thread(make_topic("rule"), author, attribution=Attribution.CHATHAM_HOUSE)
    post = make_reply(thread, make_user())
    for city in (make_city("Graz"), make_city("Lund")):
        say(post, make_user(city=city))

    page = thread_page(client_for(make_user()), thread)

    assert "2 people find this helpful." in page
    assert "Graz" not in page
    assert "Lund" not in page


def test_own_words_are_for_others(client_for: SignIn, thread: Thread, author: User) -> None:
    browser = client_for(author)

    answer = browser.post(f"/threads/{thread.id}/posts/1/responses", data={"kind": "helpful"})
    page = browser.get(answer.location).text

    assert "This is your own post." in page
    assert 'value="helpful-1"' not in page
    with pytest.raises(OwnPost), write():
        responding.toggle(db.session.scalars(select(Post)).one(), author, ResponseKind.HELPFUL)


def test_who_may_respond(
    client_for: SignIn, client: FlaskClient, thread: Thread, post: Post
) -> None:
    path = f"/threads/{thread.id}/posts/2/responses"
    typed = {"kind": "helpful"}

    assert client.post(path, data=typed).status_code == 302
    assert client_for(make_user(approved_at=None)).post(path, data=typed).status_code == 403
    member = client_for(make_user())
    assert member.post(path, data={"kind": "great"}).status_code == 400
    assert member.post(path).status_code == 400
    with write():
        post.hidden_at = utcnow()
    assert member.post(path, data=typed).status_code == 404
    assert post.response_count == 0


def test_one_address_takes_what_is_said_about_any_post(
    client_for: SignIn, client: FlaskClient, thread: Thread, post: Post
) -> None:
    path = f"/threads/{thread.id}/responses"
    member = client_for(make_user())

    def answers(browser: FlaskClient, *said: str) -> list[int]:
        return [browser.post(path, data={"say": one}).status_code for one in said]

    assert f'id="acts" method="post" action="{path}"' in thread_page(member, thread)
    assert answers(client, "helpful-2") == [302]
    assert answers(client_for(make_user(approved_at=None)), "helpful-2") == [403]
    odd = ["", "helpful", "2", "great-2", "helpful-x", "helpful--2", "helpful-2\x00", "h" * 10_000]
    assert answers(member, *odd) == [400] * len(odd)
    assert [member.post(path).status_code, *answers(member, "helpful-999999999")] == [400, 404]
    assert post.response_count == 0
    answer = member.post(path, data={"say": "helpful-2"})
    assert (answer.status_code, answer.location.endswith("#post-2")) == (302, True)
    db.session.expire_all()
    assert post.response_count == 1
    assert 'value="helpful-2" aria-pressed="true"' in thread_page(member, thread)
    with write():
        post.hidden_at = utcnow()
    assert answers(member, "helpful-2") == [404]


def test_two_respond_at_once(app: Flask, client_for: SignIn, thread: Thread, post: Post) -> None:
    path = f"/threads/{thread.id}/posts/2/responses"
    twice = client_for(make_user())
    acts = [(client_for(make_user()), path, {"kind": kind}) for kind in ("helpful", "will_try")]
    acts += [(twice, path, {"kind": "helpful"}), (twice, path, {"kind": "same_here"})]

    assert at_once(app, acts) == [302] * 4

    rows = db.session.scalar(select(func.count()).select_from(PostResponse))
    assert (rows, post.response_count) == (4, 4)


def test_one_statement_for_a_page(
    client: FlaskClient, thread: Thread, count_statements: Counting
) -> None:
    def statements() -> int:
        with count_statements() as seen:  # type: ignore[attr-defined]
            thread_page(client, thread)
        return len(seen)

    make_replies(thread, make_user(), 9)
    posts = db.session.scalars(select(Post).order_by(Post.number)).all()
    nobody = statements()
    say(posts[1], make_user())
    one = statements()
    for post in posts[2:]:
        say(post, make_user(city=make_city(f"City {post.number}")))

    assert (one - nobody, statements() - one) == (0, 0)


def test_script_gets_only_the_part(client_for: SignIn, thread: Thread, post: Post) -> None:
    browser = client_for(make_user(city=make_city("Lund")))

    part = browser.post(
        f"/threads/{thread.id}/responses",
        data={"say": "same_here-2"},
        headers={"HX-Request": "true"},
    )

    assert part.status_code == 200
    assert part.text.strip().startswith('<div class="responses" id="responses-2">')
    assert "It is the same for Lund." in part.text
    assert 'name="say" value="same_here-2" aria-pressed="true"' in part.text
