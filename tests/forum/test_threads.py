"""The page of a thread, and starting one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.drafting import save_draft
from app.accounts.models import Draft, User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.enums import ThreadKind
from app.forum.models import Post, Thread
from app.topics.models import Topic
from tests.factories import make_city, make_group, make_seat, make_steward, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread

TITLE = "Who answers when counters are closed?"
SLUG = "who-answers-when-counters-are-closed"
Counter = Callable[[], AbstractContextManager[list[str]]]
SignIn = Callable[[User], FlaskClient]


def address(thread: Thread) -> str:
    return f"/threads/{thread.id}-{SLUG}"


def filled(**changes: str) -> dict[str, str]:
    return {
        "title": "Who answers when counters are closed?",
        "topic": "covid-19-responses",
        "kind": "question",
        "audience": "topic",
        "language": "de",
        "body": "Unsere Schalter sind zu. **Was hilft?**",
        **changes,
    }


def test_page_shows_who_wrote_and_from_where(client: FlaskClient, thread: Thread) -> None:
    page = client.get(address(thread)).text

    assert f'<h1 lang="en" dir="auto">{TITLE}</h1>' in page
    assert '<b>Human rights officer</b><span class="role">Graz</span>' in page
    assert "1 city took part" in page
    assert page.count("<h1") == 1
    assert "Anyone can read" not in page


@pytest.mark.parametrize("wrong", ["", "-old-title", "-ü"])
def test_wrong_slug_is_corrected(client: FlaskClient, thread: Thread, wrong: str) -> None:
    answer = client.get(f"/threads/{thread.id}{wrong}?page=1")

    assert (answer.status_code, answer.location) == (301, address(thread))


def test_missing_thread_is_not_found(client: FlaskClient) -> None:
    assert client.get("/threads/4711").status_code == 404
    assert client.get("/threads/99999999999999999999").status_code == 404


def test_an_address_with_a_nul_is_no_address(client: FlaskClient, thread: Thread) -> None:
    assert client.get(f"/threads/{thread.id}-%00").status_code == 404


def test_posts_come_by_twenty(client: FlaskClient, thread: Thread, author: User) -> None:
    make_replies(thread, author, 45)

    pages = [client.get(f"{address(thread)}?page={page}").text for page in (1, 2, 3, 99)]

    assert [page.count('<article class="post') for page in pages] == [20, 20, 6, 6]
    assert 'id="post-46"' in pages[2]


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "9" * 30, "2&page=1"])
def test_odd_page_numbers_are_harmless(client: FlaskClient, thread: Thread, page: str) -> None:
    assert client.get(f"{address(thread)}?page={page}").status_code == 200


@pytest.mark.parametrize("posts", [1, 30])
def test_statements_do_not_grow_with_posts(
    client: FlaskClient,
    client_for: SignIn,
    thread: Thread,
    count_statements: Counter,
    posts: int,
) -> None:
    for _ in range(posts - 1):
        make_reply(thread, make_user(city=make_city(f"City{_}")), f"Reply {_}")
    browser = client_for(make_user())
    page = address(thread)
    client.get(page)

    with count_statements() as as_visitor:
        client.get(page)
    with count_statements() as as_member:
        browser.get(page)

    assert (len(as_visitor), len(as_member)) == (1, 8)


def test_names_of_the_chatham_house_rule_leave_no_trace(
    client_for: SignIn, topic: Topic, count_statements: Counter
) -> None:
    city = make_city("Middelburg")
    author = make_user("Policy adviser", city)
    thread = make_thread(topic, author, attribution=Attribution.CHATHAM_HOUSE)
    make_reply(thread, author)
    browser = client_for(make_user())

    outputs = [
        browser.get(path).text
        for path in (
            address(thread),
            "/topics/covid-19-responses",
            "/topics/covid-19-responses/feed.atom",
            f"/threads/{thread.id}/posts/1/history",
        )
    ]

    assert [("Policy adviser" in text, "Middelburg" in text) for text in outputs] == [
        (False, False)
    ] * 4
    assert "Chatham House Rule" in outputs[0]


def test_names_for_the_network_stay_in_the_network(
    client: FlaskClient, client_for: SignIn, topic: Topic, author: User
) -> None:
    thread = make_thread(topic, author, attribution=Attribution.NETWORK)

    assert "Human rights officer" not in client.get(address(thread)).text
    assert "Human rights officer" in client_for(make_user()).get(address(thread)).text


def test_role_is_the_one_of_that_time(client: FlaskClient, thread: Thread, author: User) -> None:
    with write():
        db.session.get_one(User, author.id).seats[0].ends_on = date(2025, 1, 1)
    make_seat(author, make_city("York"), title="Coordinator", starts_on=date(2025, 1, 2))

    page = client.get(address(thread)).text

    assert '<span class="role">then Graz</span>' in page
    assert "York" not in page


def test_texts_carry_their_language(client: FlaskClient, topic: Topic, author: User) -> None:
    thread = make_thread(topic, author, body="Unsere Schalter sind zu.", language="de")

    page = client.get(address(thread)).text

    assert '<div class="prose" lang="de" dir="auto"><p>Unsere Schalter' in page


def test_accepted_answer_is_marked(client: FlaskClient, thread: Thread, author: User) -> None:
    make_reply(thread, author)
    with write():
        db.session.get_one(Thread, thread.id).accepted_number = 2

    page = client.get(address(thread)).text

    assert page.count('class="solution"') == 1


def test_member_starts_a_thread(client_for: SignIn, topic: Topic, author: User) -> None:
    browser = client_for(author)

    answer = browser.post("/threads/new", data=filled())

    thread = db.session.scalars(select(Thread)).one()
    assert answer.location == address(thread)
    assert (thread.kind, thread.language, thread.visibility) == (
        ThreadKind.QUESTION,
        "de",
        Visibility.PUBLIC,
    )
    assert "<strong>Was hilft?</strong>" in browser.get(answer.location).text


def test_thread_for_a_group(client_for: SignIn, topic: Topic, author: User) -> None:
    group = make_group(author)

    client_for(author).post("/threads/new", data=filled(audience=f"group:{group.id}"))

    thread = db.session.scalars(select(Thread)).one()
    assert (thread.visibility, thread.group_id) == (Visibility.CLOSED, group.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "Short"},
        {"title": "x" * 151},
        {"title": "\x00\x01\u202e"},
        {"body": ""},
        {"body": "x" * 1_000_000},
        {"topic": "../etc"},
        {"kind": "announcement"},
        {"language": "klingon"},
        {"audience": "group:1"},
        {"audience": "everybody"},
        {"draft_sequence": "x"},
        {"draft_sequence": "9" * 5000},
    ],
)
def test_wrong_form_comes_back_with_what_was_typed(
    client_for: SignIn, topic: Topic, author: User, wrong: dict[str, str]
) -> None:
    answer = client_for(author).post("/threads/new", data=filled(**wrong))

    assert answer.status_code == 422
    assert ("Was hilft?" in answer.text) == ("body" not in wrong)
    assert (TITLE in answer.text) == ("title" not in wrong)
    assert db.session.scalars(select(Thread)).all() == []


@pytest.mark.parametrize(
    "body",
    ["x" * 10_000, "🏙️" * 500, "שלום עולם", "a\x00b\x07c\u202ede", "[" * 5000, "a\r\nb\rc"],
)
def test_any_text_can_be_posted(client_for: SignIn, topic: Topic, author: User, body: str) -> None:
    browser = client_for(author)

    answer = browser.post("/threads/new", data=filled(body=body))

    assert browser.get(answer.location).status_code == 200
    assert "\x00" not in db.session.scalars(select(Post.body)).one()


def test_broken_utf8_is_an_empty_form(client_for: SignIn, topic: Topic, author: User) -> None:
    answer = client_for(author).post(
        "/threads/new",
        data=b"title=A+title+of+length&body=\xff\xfe+some+text&topic=covid-19-responses"
        b"&kind=question&audience=topic&language=en&language=xx",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 422


def test_visitor_is_asked_to_sign_in(client: FlaskClient, topic: Topic) -> None:
    answer = client.get("/threads/new")

    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


def test_form_offers_only_topics_one_may_write_in(
    client_for: SignIn, topic: Topic, author: User
) -> None:
    group = make_group(author, slug="inside")
    make_topic("for-us", [group], visibility=Visibility.HIDDEN)
    make_topic("for-others", [make_group(slug="outside")], visibility=Visibility.CLOSED)
    make_steward(make_topic("mine", visibility=Visibility.CLOSED), author)

    page = client_for(author).get("/threads/new?topic=for-us&title=Opvang").text

    assert '<option selected value="for-us">' in page
    assert '<option value="mine">' in page
    assert "for-others" not in page
    assert 'value="Opvang"' in page


def test_draft_fills_the_form_and_goes_when_sent(
    client_for: SignIn, topic: Topic, author: User
) -> None:
    with write():
        save_draft(author, "thread:new", filled(title="From last week, unsent"), 0)
    browser = client_for(author)

    page = browser.get("/threads/new").text
    browser.post("/threads/new", data=filled())

    assert 'value="From last week, unsent"' in page
    assert db.session.scalars(select(Draft)).all() == []


def test_draft_is_saved_by_a_button(client_for: SignIn, topic: Topic, author: User) -> None:
    browser = client_for(author)

    first = browser.post("/threads/new", data=filled(title="Half", save_draft="1"))
    page = browser.get("/threads/new").text
    older = browser.post("/threads/new", data=filled(title="Other tab", save_draft="1"))

    assert (first.status_code, first.location) == (302, "/threads/new")
    assert 'value="Half"' in page
    assert older.status_code == 422
    assert 'value="Other tab"' in older.text
    assert "A newer draft was saved in another tab" in older.text


def test_too_large_draft_is_refused_in_words(
    client_for: SignIn, topic: Topic, author: User
) -> None:
    answer = client_for(author).post(
        "/threads/new", data=filled(body="x" * 500_000, save_draft="1")
    )

    assert answer.status_code == 422
    assert "x" * 400_000 in answer.text
