"""Writing: for what one speaks, quoting, appending, quiet words, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.enums import SeatRole
from app.accounts.models import Draft, User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.desk import writes_most
from app.forum.enums import Standing
from app.forum.models import Post, Thread
from app.forum.quoting import quoted, with_quote
from app.forum.reader_models import Mention
from app.topics.models import Topic
from tests.factories import make_city, make_group, make_seat, make_steward, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
TITLE = "Who answers when counters are closed?"
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def thread(topic: Topic) -> Thread:
    return make_thread(topic, make_user("Human rights officer", make_city()))


def say(browser: FlaskClient, thread: Thread, body: str = "A reply of ours.", **more: str) -> int:
    data = {"body": body, **more}
    return browser.post(f"/threads/{thread.id}/posts", data=data).status_code


def page_of(browser: FlaskClient, thread: Thread, query: str = "") -> str:
    return browser.get(f"/threads/{thread.id}-who-answers-when-counters-are-closed{query}").text


def filled(**changes: str) -> dict[str, str]:
    body = "Our counters closed and moved online. What worked elsewhere?"
    return {"title": TITLE, "topic": "covid-19-responses", "kind": "question", "body": body,
            "audience": "topic", **changes}  # fmt: skip


def last_post(thread: Thread) -> Post:
    return db.session.scalars(
        select(Post).where(Post.thread_id == thread.id).order_by(Post.number.desc()).limit(1)
    ).one()


def test_every_seat_is_a_choice_and_only_a_voice_is_formal(
    client_for: SignIn, thread: Thread
) -> None:
    person = make_user("Somebody")
    york, gent = make_city("York"), make_city("Gent")
    old = make_seat(person, york, title="Officer", starts_on=date(2020, 1, 1))
    new = make_seat(person, gent, role=SeatRole.CONTRIBUTOR, starts_on=date(2024, 1, 1))
    make_seat(person, make_city("Bremen"), ends_on=date(2025, 1, 1))

    page = page_of(client_for(person), thread)

    choices = re.findall(r'<option (selected )?value="([a-z]+(?::\d+)?)">([^<]+)', page)
    spoken = [choice for choice in choices if choice[1].partition(":")[0] in list(Standing)]
    assert spoken == [
        ("selected ", f"staff:{old.id}", "Officer, York"),
        ("", f"staff:{new.id}", "Gent"),
        ("", f"formal:{old.id}", "York, its formal position"),
        ("", "personal", "Myself, my personal view"),
    ]


@pytest.mark.parametrize(
    ("choice", "standing", "has_seat"),
    [
        (None, Standing.STAFF, True),
        ("staff", Standing.STAFF, True),
        ("formal", Standing.FORMAL, True),
        ("personal", Standing.PERSONAL, False),
    ],
)
def test_the_choice_is_stored(
    client_for: SignIn, topic: Topic, choice: str | None, standing: Standing, has_seat: bool
) -> None:
    person = make_user("Officer", make_city("York"))
    seat = person.seats[0]
    value = f"{choice}:{seat.id}" if choice in {"staff", "formal"} else choice
    spoken = {} if value is None else {"speaks_as": value}

    client_for(person).post("/threads/new", data=filled(**spoken))

    post = db.session.scalars(select(Post)).one()
    thread = db.session.scalars(select(Thread)).one()
    assert (post.standing, post.seat_id) == (standing, seat.id if has_seat else None)
    assert thread.seat_id == post.seat_id


@pytest.mark.parametrize("forged", ["formal:1", "staff:999", "staff:", "king", "formal:x", "1"])
def test_nobody_speaks_for_what_is_not_theirs(
    client_for: SignIn, thread: Thread, forged: str
) -> None:
    person = make_user("Observer")
    make_seat(person, make_city("York"), role=SeatRole.OBSERVER)
    browser = client_for(person)

    answer = browser.post(
        f"/threads/{thread.id}/posts", data={"body": "For everybody", "speaks_as": forged}
    )

    assert answer.status_code == 422
    assert "You cannot write as that." in answer.text
    assert "For everybody</textarea>" in answer.text
    assert thread.last_number == 1


def test_without_a_seat_one_speaks_for_oneself(client_for: SignIn, thread: Thread) -> None:
    browser = client_for(make_user("Coordinator"))

    assert "You write as" not in page_of(browser, thread)
    assert say(browser, thread) == 302
    assert last_post(thread).standing is Standing.PERSONAL


@pytest.mark.parametrize(
    ("body", "chosen", "stored"),
    [
        ("Wir haben die Schalter geschlossen und allen am Telefon geholfen.", "", "de"),
        ("Hemos cerrado las ventanillas y ayudado a todos por teléfono.", "", "es"),
        ("Wir haben die Schalter geschlossen und allen am Telefon geholfen.", "fr", "fr"),
        ("12345 67890", "", "en"),
    ],
)
def test_language_is_guessed_unless_it_was_chosen(
    client_for: SignIn, thread: Thread, body: str, chosen: str, stored: str
) -> None:
    say(client_for(make_user()), thread, body, language=chosen)

    assert last_post(thread).language == stored


def test_a_post_is_quoted_by_a_link(client_for: SignIn, topic: Topic) -> None:
    ada = make_user("Ada", handle="ada")
    thread = make_thread(topic, ada, body="Ask **@ada**.\n\n- One\n- Two")
    browser = client_for(make_user())

    page = page_of(browser, thread, "?quote=1")
    body = re.findall(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.DOTALL)[0]
    said = body.replace("&gt;", ">") + "Yes."
    browser.post(f"/threads/{thread.id}/posts", data={"body": said, "reply_to": "1"})
    menu = browser.get(f"/threads/{thread.id}/posts/1/menu").text

    address = rf'href="/threads/{thread.id}-[a-z0-9-]+\?quote=1#reply"'
    assert re.search(rf'data-quote="1" rel="nofollow" {address}', menu)
    assert 'name="reply_to" type="hidden" value="1"' in page
    assert said.splitlines()[0] == "> Ask \\@ada."
    assert f"> [post 1](/threads/{thread.id}/1)" in said
    post = last_post(thread)
    assert post.reply_to == 1
    assert f'<a href="/threads/{thread.id}/1"' in post.html
    told = db.session.scalars(select(Mention.user_id).where(Mention.post_id == post.id)).all()
    assert told == []


@pytest.mark.parametrize("number", ["2", "99", "0", "-1", "x", "9" * 30, ""])
def test_only_readable_posts_are_quoted(client_for: SignIn, thread: Thread, number: str) -> None:
    hidden = make_reply(thread, make_user(), "What a steward has hidden")
    with write():
        db.session.get_one(Post, hidden.id).hidden_at = NOW

    page = page_of(client_for(make_user()), thread, f"?quote={number}")

    assert "What a steward has hidden" not in page
    assert page.count("<textarea") >= 1


def test_a_quotation_joins_the_draft_once(thread: Thread) -> None:
    quotation = quoted(make_reply(thread, make_user(), "Short"))

    once = with_quote("Begun already", quotation)

    assert once == f"Begun already\n\n> Short\n>\n> [post 2](/threads/{thread.id}/2)\n\n"
    assert with_quote(once, quotation) == once
    assert with_quote("", quotation) == quotation
    assert len(quoted(make_reply(thread, make_user(), "word " * 900))) < 2200


def test_an_addition_within_twenty_minutes_joins_the_last_post(
    client_for: SignIn, thread: Thread
) -> None:
    person = make_user()
    with time_machine.travel(NOW, tick=False):
        make_reply(thread, person, "First thought.")
    with time_machine.travel(NOW + timedelta(minutes=19), tick=False):
        browser = client_for(person)
        page = page_of(browser, thread)
        status = say(browser, thread, "Second thought.", append="1")

    assert "Add to my last post" in page
    assert (status, last_post(thread).body) == (302, "First thought.\n\nSecond thought.")
    assert "<p>Second thought.</p>" in last_post(thread).html


@pytest.mark.parametrize("why", ["late", "answered", "nothing"])
def test_otherwise_it_is_refused_with_the_text(
    client_for: SignIn, thread: Thread, why: str
) -> None:
    person = make_user()
    with time_machine.travel(NOW, tick=False):
        if why != "nothing":
            make_reply(thread, person, "First thought.")
        if why == "answered":
            make_reply(thread, make_user(), "An answer.")
    later = timedelta(minutes=21 if why == "late" else 5)
    with time_machine.travel(NOW + later, tick=False):
        browser = client_for(person)
        page = page_of(browser, thread)
        answer = browser.post(
            f"/threads/{thread.id}/posts", data={"body": "Second thought.", "append": "1"}
        )

    assert "Add to my last post" not in page
    assert answer.status_code == 422
    assert "Somebody has written since, or too much time has passed." in answer.text
    assert "Second thought.</textarea>" in answer.text


def test_too_much_together_is_refused(client_for: SignIn, thread: Thread) -> None:
    person = make_user()
    make_reply(thread, person, "word " * 6000)

    assert say(client_for(person), thread, "word " * 1000, append="1") == 422
    assert last_post(thread).body == "word " * 6000


@pytest.mark.parametrize(("is_steward", "status"), [(False, 422), (True, 302)])
def test_three_replies_in_a_row_are_enough(
    client_for: SignIn, topic: Topic, is_steward: bool, status: int
) -> None:
    person = make_user()
    if is_steward:
        make_steward(topic, person)
    with time_machine.travel(NOW, tick=False):
        thread = make_thread(topic, person)
        make_replies(thread, person, 3)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        browser = client_for(person)
        answer = browser.post(f"/threads/{thread.id}/posts", data={"body": "A fourth reply"})

    assert answer.status_code == status
    assert ("stand one after another" in answer.text) is not is_steward


def test_somebody_between_makes_room_again(client_for: SignIn, thread: Thread) -> None:
    person = make_user()
    with time_machine.travel(NOW, tick=False):
        make_replies(thread, person, 3)
        make_reply(thread, make_user())
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert say(client_for(person), thread) == 302


def test_first_posts_come_with_a_tip(client_for: SignIn, thread: Thread) -> None:
    person = make_user()
    tip, browser = "Short and concrete helps most", client_for(person)

    before = (tip in page_of(browser, thread), tip in browser.get("/threads/new").text)
    make_replies(thread, person, 2)

    assert before == (True, True)
    assert tip not in page_of(browser, thread)
    assert tip not in browser.get("/threads/new").text


@pytest.mark.parametrize(
    ("own", "whole", "told"), [(9, 9, False), (4, 10, False), (5, 10, True), (41, 100, True)]
)
def test_a_large_share_is_more_than_two_fifths_of_ten(own: int, whole: int, told: bool) -> None:
    assert writes_most(own, whole) is told


def test_who_writes_most_is_told_quietly(client_for: SignIn, thread: Thread) -> None:
    person = make_user()
    make_replies(thread, person, 6)
    make_replies(thread, make_user(), 4)
    quiet = "Leave others room to answer."

    assert quiet in page_of(client_for(person), thread)
    assert quiet not in page_of(client_for(make_user()), thread)


def test_signed_out_while_typing_a_thread_loses_nothing(client: FlaskClient, topic: Topic) -> None:
    group = make_topic(
        "inside", [make_group()], visibility=Visibility.HIDDEN, names={"en": "Secret"}
    )

    answer = client.post(
        "/threads/new",
        data=filled(topic=group.slug, speaks_as="staff:3", language="de", audience="group:7"),
    )

    assert answer.status_code == 401
    assert f'value="{TITLE}"' in answer.text
    assert "What worked elsewhere?</textarea>" in answer.text
    assert '<option selected value="inside">inside' in answer.text
    assert '<option selected value="group:7">' in answer.text
    assert '<option selected value="de">' in answer.text
    assert "Sign in in a new tab" in answer.text
    assert "Your session ended." in answer.text
    assert "Secret" not in answer.text
    assert db.session.scalars(select(Thread)).all() == []


def test_who_will_read_it_stands_beside_the_button(client_for: SignIn, topic: Topic) -> None:
    author = make_user()
    group = make_group(author, slug="inside")
    make_topic("closed", [group], visibility=Visibility.CLOSED)
    make_topic("quiet", visibility=Visibility.NETWORK, attribution=Attribution.CHATHAM_HOUSE)
    make_topic("others", [make_group(slug="others")], visibility=Visibility.HIDDEN)
    browser = client_for(author)

    def told(of: str, audience: str = "topic") -> str:
        return browser.get(f"/threads/readers?topic={of}&audience={audience}").text

    assert "Anyone can read this" in browser.get("/threads/new").text
    assert told("covid-19-responses") == "Anyone can read this, also without an account."
    assert told("covid-19-responses", "network").startswith("All approved members")
    assert told("covid-19-responses", f"group:{group.id}").startswith("Only the group Inside")
    assert told("closed").startswith("Only the people of this closed topic")
    assert told("quiet").endswith("Your name and city are not shown.")
    assert told("covid-19-responses", "group:99") == told("covid-19-responses")
    for hidden in ("others", "nowhere", "", "\x00"):
        assert browser.get(f"/threads/readers?topic={hidden}").status_code == 404


def test_readers_are_told_to_members_only(client: FlaskClient, client_for: SignIn) -> None:
    assert client.get("/threads/readers?topic=x").status_code == 302
    assert client_for(make_user(approved_at=None)).get("/threads/readers").status_code == 403


@pytest.mark.parametrize("button", [{}, {"save_draft": "1"}, {"append": "1"}])
def test_an_old_page_loses_nothing_and_changes_nothing(
    app: Flask, client_for: SignIn, thread: Thread, button: dict[str, str]
) -> None:
    person = make_user()
    make_reply(thread, person)
    browser, typed = client_for(person), filled(body="Typed for an hour")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = [
            browser.post(path, data={**typed, **button, "csrf_token": old})
            for path in (f"/threads/{thread.id}/posts", "/threads/new")
            for old in ("", "made.up.token")
        ]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert [answer.status_code for answer in answers] == [422] * 4
    assert all("Typed for an hour</textarea>" in answer.text for answer in answers)
    assert all("send it once more." in answer.text for answer in answers)
    assert db.session.scalars(select(Draft)).all() == []
    assert (thread.last_number, db.session.query(Thread).count()) == (2, 1)


def test_the_page_that_came_back_can_be_sent(
    app: Flask, client_for: SignIn, thread: Thread
) -> None:
    browser = client_for(make_user())
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        page = browser.post(f"/threads/{thread.id}/posts", data={"body": "Typed for an hour"}).text
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
        sent = say(browser, thread, "Typed for an hour", csrf_token=token)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert (sent, last_post(thread).body) == (302, "Typed for an hour")


def test_a_draft_carries_every_field(client_for: SignIn, topic: Topic) -> None:
    person = make_user("Officer", make_city("York"))
    browser, seat = client_for(person), person.seats[0]
    typed = filled(
        language="sv", speaks_as=f"formal:{seat.id}", audience="network", kind="practice"
    )

    browser.post("/threads/new", data={**typed, "save_draft": "1"})
    page = browser.get("/threads/new").text

    chosen = re.findall(r'<option selected value="([^"]*)"', page)
    assert chosen == ["covid-19-responses", "practice", "network", f"formal:{seat.id}", "sv"]
    assert f'value="{TITLE}"' in page
    assert "What worked elsewhere?</textarea>" in page


def test_the_page_says_what_was_done(client_for: SignIn, thread: Thread) -> None:
    browser, told = client_for(make_user()), []
    for more in ({}, {"append": "1"}):
        say(browser, thread, "Something of ours.", **more)
        told.append(page_of(browser, thread))

    assert "Reply posted." in told[0]
    assert "Added to your last post." in told[1]
