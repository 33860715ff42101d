"""Private conversations: who reads them, who is told, what may be reported."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.forum.posting import text_of
from app.messages import writing
from app.messages.models import Conversation, Message, MessageReport, Participant
from app.notifications.enums import NoticeKind
from app.notifications.lining import places_for
from app.notifications.queries import unread_count
from tests.factories import make_user

SignIn = Callable[[User], FlaskClient]
RunJobs = Callable[..., int]
Counting = Callable[[], AbstractContextManager[list[str]]]


def member(name: str, **changes: Any) -> User:
    """Somebody who has been here for long: without the brake of the first day."""
    return make_user(name, approved_at=utcnow() - timedelta(days=30), **changes)


@pytest.fixture
def graz(app: Flask) -> User:
    return member("Human rights officer, Graz", handle="graz")


@pytest.fixture
def york(app: Flask) -> User:
    return member("Policy adviser, York", handle="york")


@pytest.fixture
def lund(app: Flask) -> User:
    return member("Housing planner, Lund", handle="lund")


@pytest.fixture
def conversation(graz: User, york: User) -> Conversation:
    with write():
        started = writing.start(graz, [york], "Before the council", text_of("Is it **true**?"))
    db.session.refresh(started)
    return started


def send(conversation: Conversation, author: User, body: str) -> Message:
    with write():
        held = db.session.get_one(Conversation, conversation.id)
        return writing.send(held, author, text_of(body))


def test_beginning_and_answering(
    graz: User, york: User, client_for: SignIn, run_jobs: RunJobs
) -> None:
    answer = client_for(graz).post(
        "/messages/new",
        data={"people": "@york", "subject": "Before the council", "body": "Is it **true**?"},
    )
    run_jobs()
    page = client_for(york).get(answer.location).text

    assert answer.status_code == 302
    assert "Is it <strong>true</strong>?" in page
    assert client_for(york).post(answer.location, data={"body": "It is."}).status_code == 302
    assert [message.number for message in db.session.query(Message)] == [1, 2]


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ("", "Write at least one short name."),
        ("@nobody", "Nobody here has the short name @nobody."),
        ("@graz", "A private conversation has two to ten people"),
        (" ".join(f"@p{n}" for n in range(10)), "A private conversation has two to ten people"),
    ],
)
def test_wrong_people_come_back_with_everything_typed(
    graz: User, york: User, client_for: SignIn, people: str, sentence: str
) -> None:
    for number in range(10):
        make_user(f"Member {number}", handle=f"p{number}")

    answer = client_for(graz).post(
        "/messages/new", data={"people": people, "subject": "Budget", "body": "My words stay"}
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "My words stay" in answer.text


def test_others_read_nothing(
    conversation: Conversation, york: User, lund: User, client: FlaskClient, client_for: SignIn
) -> None:
    office = member("Network office", role=SiteRole.ADMIN)
    address = f"/messages/{conversation.id}"

    for person in (lund, office):
        browser = client_for(person)
        assert browser.get(address).status_code == 404
        assert browser.post(address, data={"body": "Let me in"}).status_code == 404
        assert browser.get(f"{address}/1/report").status_code == 404
        assert browser.post(f"{address}/leave").status_code == 404
        assert "Before the council" not in browser.get("/messages").text
    assert client.get(address).status_code == 302


def test_who_left_reads_nothing_any_more(
    conversation: Conversation, york: User, graz: User, client_for: SignIn, run_jobs: RunJobs
) -> None:
    browser = client_for(york)
    browser.post(f"/messages/{conversation.id}/leave")

    answer = client_for(graz).post(f"/messages/{conversation.id}", data={"body": "Still there?"})
    run_jobs()

    assert browser.get(f"/messages/{conversation.id}").status_code == 404
    assert (answer.status_code, "Everybody else has left" in answer.text) == (422, True)
    assert unread_count(york) == 0


def test_one_notice_until_it_is_read(
    conversation: Conversation, graz: User, york: User, client_for: SignIn, run_jobs: RunJobs
) -> None:
    send(conversation, graz, "And one more.")
    run_jobs()
    told = [(line.kind, line.subject) for place in places_for(york, 1).rows for line in place.lines]
    before = unread_count(york)

    client_for(york).get(f"/messages/{conversation.id}")
    after = unread_count(york)
    send(conversation, graz, "Later.")
    run_jobs()

    assert told == [(NoticeKind.MESSAGE, "Before the council")]
    assert (before, after, unread_count(york), unread_count(graz)) == (1, 0, 1, 0)


def test_a_notice_of_a_message_leads_to_the_conversation(
    conversation: Conversation, york: User, client_for: SignIn, run_jobs: RunJobs
) -> None:
    run_jobs()
    notice_id = places_for(york, 1).rows[0].first.id

    answer = client_for(york).get(f"/notifications/{notice_id}")

    assert answer.location == f"/messages/{conversation.id}"


def test_list_shows_what_is_new(conversation: Conversation, york: User, client_for: SignIn) -> None:
    page = client_for(york).get("/messages").text

    assert "Before the council" in page
    assert "1 new" in page
    assert "Human rights officer, Graz" in page


def test_same_number_of_statements_with_one_and_thirty(
    graz: User, york: User, client_for: SignIn, count_statements: Counting
) -> None:
    browser = client_for(york)
    counted = []
    for size in (1, 29):
        for number in range(size):
            with write():
                writing.start(graz, [york], f"Subject {number}", text_of("Words"))
        with count_statements() as statements:
            browser.get("/messages")
        counted.append(len(statements))

    assert counted[0] == counted[1]


def test_organisers_see_a_reported_message_and_five_on_each_side(
    conversation: Conversation, graz: User, york: User, client_for: SignIn
) -> None:
    for number in range(2, 15):
        send(conversation, graz, f"Words of message {number}.")
    browser = client_for(york)
    browser.post(f"/messages/{conversation.id}/8/report", data={"reason": "disrespectful"})
    report = db.session.query(MessageReport).one()
    office = client_for(member("Organiser", role=SiteRole.ORGANISER))

    page = office.get(f"/messages/reports/{report.id}").text

    shown = [number for number in range(2, 15) if f"Words of message {number}." in page]
    assert shown == list(range(3, 14))
    assert client_for(graz).get(f"/messages/reports/{report.id}").status_code == 403
    assert client_for(graz).get("/messages/reports").status_code == 403


def test_removing_a_reported_message_takes_its_text_away(
    conversation: Conversation, york: User, client_for: SignIn
) -> None:
    browser = client_for(york)
    browser.post(f"/messages/{conversation.id}/1/report", data={"reason": "other", "words": "No"})
    report = db.session.query(MessageReport).one()
    office = client_for(member("Organiser", role=SiteRole.ORGANISER))

    codes = [
        office.post(f"/messages/reports/{report.id}", data=data).status_code
        for data in ({"act": "remove"}, {"act": "remove", "decision": "Rude"}, {"decision": "?"})
    ]

    assert codes == [422, 302, 404]
    page = browser.get(f"/messages/{conversation.id}").text
    assert "Removed by the organisers." in page
    assert "<strong>true</strong>" not in page


def test_a_message_is_reported_once_by_one_person(
    conversation: Conversation, york: User, client_for: SignIn
) -> None:
    browser = client_for(york)
    address = f"/messages/{conversation.id}/1/report"

    codes = [browser.post(address, data={"reason": "other"}).status_code for _ in range(2)]
    odd = browser.post(address, data={"reason": "nonsense"}).status_code

    assert (codes, odd) == ([302, 422], 422)


def test_twenty_messages_a_day(conversation: Conversation, graz: User, client_for: SignIn) -> None:
    browser = client_for(graz)
    address = f"/messages/{conversation.id}"

    codes = [browser.post(address, data={"body": f"Number {n}"}).status_code for n in range(21)]

    assert codes == [302] * 20 + [429]


def test_somebody_new_waits_ten_minutes_between_conversations(
    york: User, client_for: SignIn
) -> None:
    newcomer = make_user("Newcomer", approved_at=utcnow())
    data = {"people": "york", "subject": "Hello", "body": "I am new here."}
    browser = client_for(newcomer)

    codes = [browser.post("/messages/new", data=data).status_code for _ in range(2)]
    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        later = browser.post("/messages/new", data=data).status_code

    assert (codes, later) == ([302, 429], 302)


def test_numbers_are_right_with_two_writing_at_once(
    conversation: Conversation, graz: User, york: User, app: Flask
) -> None:
    conversation_id, ids = conversation.id, (graz.id, york.id)

    def write_five(author_id: int) -> None:
        with app.app_context():
            author = db.session.get_one(User, author_id)
            for number in range(5):
                with write():
                    held = db.session.get_one(Conversation, conversation_id)
                    writing.send(held, author, text_of(f"Words {number}"))
            db.session.remove()

    threads = [threading.Thread(target=write_five, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    numbers = sorted(number for (number,) in db.session.query(Message.number))
    assert numbers == list(range(1, 12))
    assert db.session.get_one(Participant, (conversation_id, york.id)).last_read >= 1


def test_odd_addresses_are_404(york: User, client_for: SignIn) -> None:
    browser = client_for(york)

    assert browser.get("/messages/99").status_code == 404
    assert browser.get("/messages/99/1/report").status_code == 404
    assert browser.get("/messages?page=x").status_code == 200


def test_files_are_for_the_people_of_the_conversation(
    conversation: Conversation, graz: User, york: User, lund: User, client_for: SignIn
) -> None:
    sent = {"body": "The template.", "upload": (io.BytesIO(b"First, ask."), "template.txt")}
    answer = client_for(graz).post(
        f"/messages/{conversation.id}", data=sent, content_type="multipart/form-data"
    )
    page = client_for(york).get(f"/messages/{conversation.id}").text
    address = re.search(r"/files/[^\"]+/template.txt", page)
    assert address is not None

    codes = [client_for(one).get(address[0]).status_code for one in (graz, york, lund)]

    assert (answer.status_code, codes) == (302, [200, 200, 404])
    assert client_for(york).get(address[0]).data == b"First, ask."


def test_a_refused_file_loses_no_word(
    conversation: Conversation, graz: User, client_for: SignIn
) -> None:
    sent = {"body": "My words stay", "upload": (io.BytesIO(b"MZ\x90\x00"), "setup.exe")}

    answer = client_for(graz).post(
        f"/messages/{conversation.id}", data=sent, content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "My words stay" in answer.text
