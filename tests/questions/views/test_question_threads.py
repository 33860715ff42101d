"""From a webinar to the forum and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.core.slugs import slugify
from app.forum import accepting, deleting, editing
from app.forum.enums import ThreadKind
from app.forum.models import Post, Thread
from app.forum.posting import text_of
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice
from app.questions import moderating
from app.questions.enums import QuestionState, Source
from app.questions.models import Question, QuestionDesk
from app.topics.models import Topic
from app.webinars.models import Webinar
from tests.factories import make_topic, make_user
from tests.factories_forum import make_reply
from tests.factories_live import make_question
from tests.factories_registrations import make_registration
from tests.factories_registrations import text_of as words_of
from tests.factories_webinars import make_organiser, make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]
OVER = -timedelta(hours=3)
WORDS = "How do you pay @sponsor for [interpreters](http://x.example)?"


@pytest.fixture
def topic(app: Any) -> Topic:
    return make_topic()


@pytest.fixture
def organiser(app: Any) -> User:
    return make_organiser()


@pytest.fixture
def coming(organiser: User, topic: Topic) -> Webinar:
    return make_webinar(organiser=organiser, topic_id=topic.id)


@pytest.fixture
def past(organiser: User, topic: Topic) -> Webinar:
    return make_webinar(organiser=organiser, topic_id=topic.id, starts_in=OVER)


def prepared(client_for: SignIn, webinar: Webinar, organiser: User) -> Thread:
    client_for(organiser).post(f"/webinars/{webinar.id}/preparation")
    desk = db.session.get_one(QuestionDesk, webinar.id)
    return db.session.get_one(Thread, desk.prep_thread_id)


def threads() -> list[Thread]:
    return db.session.query(Thread).order_by(Thread.id).all()


def post_of(thread: Thread, number: int = 1) -> Post:
    return db.session.query(Post).filter_by(thread_id=thread.id, number=number).one()


def the_question() -> Question:
    return db.session.query(Question).populate_existing().one()


def notices(kind: NoticeKind) -> list[int]:
    return [row.user_id for row in db.session.query(Notice).filter_by(kind=kind)]


def test_organiser_opens_one_preparation_thread(
    client_for: SignIn, coming: Webinar, organiser: User
) -> None:
    thread = prepared(client_for, coming, organiser)
    again = prepared(client_for, coming, organiser)

    assert (again.id, thread.kind, thread.topic_id) == (thread.id, ThreadKind.PREP, coming.topic_id)
    assert thread.visibility is coming.visibility
    assert f"/webinars/{coming.id}-" in post_of(thread).html
    page = client_for(make_user()).get(f"/webinars/{coming.id}/questions").text
    assert f"/threads/{thread.id}" in page


def test_preparation_thread_is_for_the_same_readers(
    client: FlaskClient, client_for: SignIn, topic: Topic, organiser: User
) -> None:
    webinar = make_webinar(
        organiser=organiser,
        topic_id=topic.id,
        visibility=Visibility.NETWORK,
        attribution=Attribution.CHATHAM_HOUSE,
    )
    thread = prepared(client_for, webinar, organiser)

    assert thread.visibility is Visibility.NETWORK
    assert thread.attribution is Attribution.CHATHAM_HOUSE
    assert client.get(f"/threads/{thread.id}").status_code == 404


def test_nobody_else_opens_threads(
    client: FlaskClient, client_for: SignIn, coming: Webinar
) -> None:
    for path in ("preparation", "follow-up"):
        assert client_for(make_user()).post(f"/webinars/{coming.id}/{path}").status_code == 403
        assert client.post(f"/webinars/{coming.id}/{path}").status_code in {302, 401}
    assert threads() == []


def test_without_topic_and_before_the_end_there_is_no_thread(
    client_for: SignIn, coming: Webinar, organiser: User
) -> None:
    bare = make_webinar(organiser=organiser)
    browser = client_for(organiser)

    browser.post(f"/webinars/{bare.id}/preparation")
    assert "Give the webinar a topic first" in browser.get(f"/webinars/{bare.id}/moderate").text
    browser.post(f"/webinars/{coming.id}/follow-up")
    assert "when the webinar is over" in browser.get(f"/webinars/{coming.id}/moderate").text
    assert threads() == []


def test_post_becomes_a_question_of_its_author(
    client_for: SignIn, coming: Webinar, organiser: User
) -> None:
    thread = prepared(client_for, coming, organiser)
    author, other = make_user("Housing officer"), make_user()
    make_reply(thread, author, body="How do **you** pay for interpreters?")
    browser = client_for(other)
    assert "How do you pay" in browser.get(f"/threads/{thread.id}/2/ask").text
    browser.post(f"/threads/{thread.id}/2/ask")
    browser.post(f"/threads/{thread.id}/2/ask")

    question = the_question()
    assert (question.asker_id, question.source) == (author.id, Source.THREAD)
    assert question.body == "How do you pay for interpreters?"
    assert "Take it back" in client_for(author).get(f"/webinars/{coming.id}/questions").text


def test_link_stands_under_posts_of_preparation_threads_only(
    client_for: SignIn, coming: Webinar, organiser: User, topic: Topic
) -> None:
    thread = prepared(client_for, coming, organiser)
    browser = client_for(organiser)
    page = browser.get(browser.get(f"/threads/{thread.id}").location).text
    assert f"/threads/{thread.id}/1/ask" in page

    plain = browser.get(f"/threads/{thread.id}/9/ask")
    assert plain.status_code == 404


def test_hidden_post_takes_its_question_along(
    client: FlaskClient, client_for: SignIn, coming: Webinar, organiser: User
) -> None:
    thread = prepared(client_for, coming, organiser)
    author = make_user()
    make_reply(thread, author, body="Who pays for the interpreters?")
    client_for(author).post(f"/threads/{thread.id}/2/ask")
    page = f"/webinars/{coming.id}"
    seen = client.get(client.get(page).location)
    assert "Who pays for the interpreters?" in seen.text

    with write():
        deleting.delete_post(post_of(thread, 2), db.session.get_one(User, author.id))

    organisers = client_for(organiser)
    for browser, path in (
        (client, client.get(page).location),
        (client, f"{page}/questions"),
        (organisers, f"{page}/moderate"),
        (organisers, f"{page}/questions"),
    ):
        assert "Who pays for the interpreters?" not in browser.get(path).text, path


def test_edited_post_says_so_at_the_webinar_and_a_removed_thread_takes_all(
    client: FlaskClient, client_for: SignIn, coming: Webinar, organiser: User
) -> None:
    thread = prepared(client_for, coming, organiser)
    client_for(organiser).post(f"/threads/{thread.id}/1/ask")
    path = client.get(f"/webinars/{coming.id}").location
    assert "Here we prepare this webinar" in client.get(path).text

    with write():
        post = post_of(thread)
        author, words = db.session.get_one(User, organiser.id), text_of("Who pays in the end?")
        editing.edit_post(post, author, words, editing.version_of(post))
    assert the_question().body == "Who pays in the end?"
    assert "Who pays in the end?" in client.get(path).text

    with write():
        deleting.delete_thread(db.session.get_one(Thread, thread.id))
    assert "Who pays in the end?" not in client.get(path).text


def test_open_questions_go_to_the_forum_and_to_the_speakers(
    client_for: SignIn,
    past: Webinar,
    organiser: User,
    run_jobs: Callable[..., int],
    outbox: Callable[[], list[EmailMessage]],
) -> None:
    known, asker = make_user("Speaker with an account"), make_user("Asking officer")
    make_speaker(past, user_id=known.id)
    make_speaker(past, "Guest speaker", email="guest@speakers.example", position=2)
    question = make_question(past, asker, body=WORDS, votes=4)
    make_question(past, body="Answered", state=QuestionState.ANSWERED)
    make_question(past, body="Waiting", state=QuestionState.WAITING)
    browser = client_for(organiser)

    browser.post(f"/webinars/{past.id}/follow-up")
    browser.post(f"/webinars/{past.id}/follow-up")

    opening, asked = threads()
    assert (opening.kind, asked.kind) == (ThreadKind.DISCUSSION, ThreadKind.QUESTION)
    db.session.refresh(question)
    assert (question.thread_id, asked.title) == (asked.id, WORDS)
    assert asked.answers_by is not None
    html = post_of(asked).html
    assert ("@sponsor" in html, "Asking officer" in html, "4 people" in html) == (True, False, True)
    assert 'class="mention"' not in html
    assert "Answered" not in post_of(opening).body
    assert notices(NoticeKind.QUESTION_FOR_YOU) == [known.id]
    run_jobs()
    (mail,) = [one for one in outbox() if one["To"] and "guest@speakers.example" in one["To"]]
    text = words_of(mail)
    assert "interpreters" in text
    assert f"/webinars/{past.id}/moderate?t=" in text


def test_accepted_answer_comes_back_once(
    client_for: SignIn,
    past: Webinar,
    organiser: User,
    run_jobs: Callable[..., int],
    outbox: Callable[[], list[EmailMessage]],
) -> None:
    asker = make_user()
    question = make_question(past, asker)
    guest = make_registration(past)
    merged = make_question(
        past, registration=guest, state=QuestionState.MERGED, merged_into_id=question.id
    )
    browser = client_for(organiser)
    browser.post(f"/webinars/{past.id}/follow-up")
    thread = threads()[-1]
    make_reply(thread, make_user(), body="From the integration fund.")
    for _ in range(2):
        with write():
            accepting.accept(post_of(thread, 2), db.session.get_one(User, organiser.id))
        run_jobs()
        with write():
            accepting.unaccept(post_of(thread, 2), db.session.get_one(User, organiser.id))
        run_jobs()
    db.session.refresh(question)
    assert question.state is QuestionState.OPEN
    with write():
        accepting.accept(post_of(thread, 2), db.session.get_one(User, organiser.id))
    run_jobs()

    db.session.refresh(question)
    db.session.refresh(merged)
    assert question.state is QuestionState.ANSWERED
    assert "Answered in the forum" in browser.get(f"/webinars/{past.id}/questions").text
    assert notices(NoticeKind.QUESTION_REPLIED) == [asker.id]
    mails = [one for one in outbox() if one["To"] and guest.email in one["To"]]
    assert [one["Subject"].split(":")[0] for one in mails] == ["Your question is answered"]
    assert question.replied_at
    assert merged.replied_at


def test_answer_in_the_forum_stands_beside_one_given_in_the_room_at_once(
    client_for: SignIn, past: Webinar, organiser: User
) -> None:
    question = make_question(past, make_user())
    browser, place = client_for(organiser), f"/webinars/{past.id}-{slugify(past.title)}"
    browser.post(f"/webinars/{past.id}/follow-up")
    with write():
        moderating.mark_answered(question, None)
    before = browser.get(place).text
    reply = make_reply(threads()[-1], make_user(), body="From the integration fund.")
    with write():
        accepting.accept(reply, db.session.get_one(User, organiser.id))
    after = browser.get(place).text

    words = ("This question goes on in the forum", "Read the answer in the forum")
    assert [word in before for word in words] == [True, False]
    assert [word in after for word in words] == [False, True]


def test_written_answer_is_told_once_and_not_when_taken_back(
    client_for: SignIn,
    past: Webinar,
    organiser: User,
    run_jobs: Callable[..., int],
    outbox: Callable[[], list[EmailMessage]],
) -> None:
    guest = make_registration(past)
    question = make_question(past, registration=guest)
    browser = client_for(organiser)
    path = f"/webinars/{past.id}/moderate/{question.id}/answer"

    browser.post(path, data={"answer": "By phone."})
    browser.post(path, data={"answer": "", "undo": "1"})
    run_jobs()
    assert outbox() == []

    for words in ("By phone.", "By phone, and by video."):
        browser.post(path, data={"answer": words})
        run_jobs()
    (mail,) = outbox()
    text = words_of(mail)
    assert "By phone." in text
    assert f"/webinars/{past.id}/questions?t={guest.token}" in text


def test_dismissed_guest_is_told_why(
    client_for: SignIn,
    coming: Webinar,
    organiser: User,
    run_jobs: Callable[..., int],
    outbox: Callable[[], list[EmailMessage]],
) -> None:
    guest, asker = make_registration(coming), make_user()
    browser = client_for(organiser)
    for question in (make_question(coming, registration=guest), make_question(coming, asker)):
        path = f"/webinars/{coming.id}/moderate/{question.id}/dismiss"
        browser.post(path, data={"reason": "Not about counting."})
    run_jobs()

    (mail,) = outbox()
    assert "Not about counting." in words_of(mail)
    assert notices(NoticeKind.QUESTION_DISMISSED) == [asker.id]


def test_chatham_house_names_nobody_in_the_forum(
    client_for: SignIn, topic: Topic, organiser: User
) -> None:
    webinar = make_webinar(
        organiser=organiser,
        topic_id=topic.id,
        starts_in=OVER,
        attribution=Attribution.CHATHAM_HOUSE,
    )
    make_question(webinar, make_user("Asking officer"))
    browser = client_for(organiser)

    browser.post(f"/webinars/{webinar.id}/follow-up")

    assert {thread.attribution for thread in threads()} == {Attribution.CHATHAM_HOUSE}
    for thread in threads():
        page = browser.get(browser.get(f"/threads/{thread.id}").location).text
        assert "Asking officer" not in page


def test_post_of_a_narrower_thread_is_not_asked(
    client_for: SignIn, coming: Webinar, organiser: User
) -> None:
    thread = prepared(client_for, coming, organiser)
    with write() as session:
        session.get_one(Thread, thread.id).visibility = Visibility.NETWORK

    client_for(organiser).post(f"/threads/{thread.id}/1/ask")

    assert db.session.query(Question).count() == 0
