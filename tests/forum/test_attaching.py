"""Files beside what people write: without a script, and nothing is lost on the way."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.core.db import db, write
from app.core.slugs import slugify
from app.files.errors import FileNotYours, TooManyFiles
from app.files.models import StoredFile
from app.files.using import Attachment
from app.forum.attaching import attach_files, files_of, list_files, replace_files
from app.forum.models import Post, PostRevision, Thread
from tests.factories import make_topic, make_user
from tests.factories_files import attached_file, image, kept_file, opening_of
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
BODY = "Our plan is attached, with a map."


def sent(*files: tuple[bytes, str], **fields: str) -> dict[str, Any]:
    """A form as browsers send it."""
    uploads = [(io.BytesIO(content), name) for content, name in files]
    return {"body": BODY, "language": "en", "speaks_as": ""} | fields | {"upload": uploads}


def keys_in(answer: TestResponse) -> list[str]:
    return re.findall(r'name="file-([0-9a-f]{32})"', answer.text)


def page(browser: FlaskClient, thread: Thread) -> TestResponse:
    return browser.get(f"/threads/{thread.id}-{slugify(thread.title)}")


def post_count() -> int:
    return db.session.scalar(sa.select(sa.func.count(Post.id))) or 0


def last_post() -> Post:
    return db.session.scalars(sa.select(Post).order_by(Post.id.desc())).first()  # type: ignore[return-value]


def names_on(post: Post) -> list[str]:
    return [file.name for file in files_of([post.id]).get(post.id, [])]


@pytest.fixture
def author(app: Flask) -> User:
    return make_user()


@pytest.fixture
def thread(author: User) -> Thread:
    return make_thread(make_topic(), author)


def test_the_attach_button_lists_files_and_keeps_what_was_typed(
    thread: Thread, client_for: SignIn
) -> None:
    browser = client_for(make_user())
    where = f"/threads/{thread.id}/posts"

    first = browser.post(where, data=sent((b"a", "Plan.txt"), attach="1"))
    one = {f"file-{key}": "1" for key in keys_in(first)}
    second = browser.post(where, data=sent((image(), "Map.png"), attach="1", **one))

    assert [first.status_code, second.status_code, post_count()] == [200, 200, 1]
    assert [BODY in first.text, BODY in second.text] == [True, True]
    assert ("Plan.txt" in second.text, "Map.png" in second.text) == (True, True)
    assert "What does this picture show?" in second.text
    assert len(keys_in(second)) == 2


def test_a_picture_sent_with_the_text_comes_back_for_its_words(
    thread: Thread, client_for: SignIn
) -> None:
    browser = client_for(make_user())
    where = f"/threads/{thread.id}/posts"

    asked = browser.post(where, data=sent((image(), "Map.png"), (b"a", "Plan.txt")))
    keys = keys_in(asked)
    done = browser.post(
        where,
        data=sent(**{f"file-{key}": "1" for key in keys}, **{f"alt-{keys[0]}": "A map\nof Graz"}),
    )

    assert (asked.status_code, BODY in asked.text) == (422, True)
    assert "Describe Map.png in a few words for people who cannot see it" in asked.text
    assert done.status_code == 302
    files = files_of([last_post().id])[last_post().id]
    assert [(file.name, file.alt) for file in files] == [
        ("Map.png", "A map of Graz"), ("Plan.txt", ""),
    ]  # fmt: skip
    assert last_post().file_count == 2


def test_files_without_pictures_go_with_the_text_at_once(
    thread: Thread, client: FlaskClient, client_for: SignIn
) -> None:
    answer = client_for(make_user()).post(
        f"/threads/{thread.id}/posts", data=sent((b"abc", "Plan für Graz.txt"))
    )

    shown = page(client, thread).text
    assert answer.status_code == 302
    assert "Plan für Graz.txt" in shown
    assert "TXT, 1 kB" in shown


def test_a_decorative_picture_needs_no_words(thread: Thread, client_for: SignIn) -> None:
    person = make_user()
    key = kept_file(person, image(), "Line.png").key

    answer = client_for(person).post(
        f"/threads/{thread.id}/posts",
        data=sent(**{f"file-{key}": "1", f"decorative-{key}": "1"}),
    )

    page = client_for(person).get(answer.headers["Location"]).text
    assert f'src="/files/{key}/Line.png" alt="" width="40" height="30"' in page
    assert 'aria-label="Picture Line.png"' in page


def test_a_new_thread_takes_files(app: Flask, client_for: SignIn) -> None:
    topic = make_topic()
    fields = {"title": "Who answers at night?", "topic": topic.slug, "kind": "question"}

    answer = client_for(make_user()).post(
        "/threads/new", data=sent((b"a", "Plan.txt"), audience="topic", **fields)
    )

    assert (answer.status_code, names_on(last_post())) == (302, ["Plan.txt"])


def test_a_refused_file_takes_nothing_else_along(thread: Thread, client_for: SignIn) -> None:
    answer = client_for(make_user()).post(
        f"/threads/{thread.id}/posts", data=sent((b"MZ", "run.exe"), (b"a", "Plan.txt"))
    )

    assert (answer.status_code, BODY in answer.text, post_count()) == (422, True, 1)
    assert "run.exe: Programs are not accepted." in answer.text
    assert len(keys_in(answer)) == 1


def test_removing_a_file_takes_it_away_and_keeps_the_rest(
    thread: Thread, client_for: SignIn
) -> None:
    person = make_user()
    keys = [kept_file(person, b"a", f"{name}.txt").key for name in ("one", "two")]

    answer = client_for(person).post(
        f"/threads/{thread.id}/posts",
        data=sent(**{f"file-{key}": "1" for key in keys}, remove_file=keys[0]),
    )

    assert (answer.status_code, keys_in(answer), BODY in answer.text) == (200, [keys[1]], True)
    assert db.session.scalars(sa.select(StoredFile.key)).all() == [keys[1]]


@pytest.mark.parametrize("whose", ["somebody else's", "used", "unknown"])
def test_only_own_unused_files_can_be_attached(
    thread: Thread, client_for: SignIn, whose: str
) -> None:
    person, other = make_user(), make_user()
    key = {
        "somebody else's": lambda: kept_file(other).key,
        "used": lambda: attached_file(make_reply(thread, person), person).key,
        "unknown": lambda: "0" * 32,
    }[whose]()
    before = post_count()

    answer = client_for(person).post(
        f"/threads/{thread.id}/posts", data=sent(**{f"file-{key}": "1"})
    )

    assert (answer.status_code, keys_in(answer), post_count()) == (422, [], before)
    assert "One of the files is not there any more." in answer.text


def test_strangers_files_cannot_be_removed(app: Flask, client_for: SignIn) -> None:
    key = kept_file(make_user()).key
    browser = client_for(make_user())

    assert browser.post(f"/files/{key}/remove").status_code == 404
    assert db.session.scalars(sa.select(StoredFile.key)).all() == [key]


def test_a_key_is_used_once_even_by_two_at_the_same_time(thread: Thread, author: User) -> None:
    key = kept_file(author).key
    first, second = opening_of(thread), make_reply(thread, author)
    with write():
        attach_files(first, author, [Attachment(key)])

    with pytest.raises(FileNotYours), write():
        attach_files(second, author, [Attachment(key)])

    assert (names_on(first), names_on(second)) == (["minutes.txt"], [])


def test_sixteen_files_and_no_more(thread: Thread, author: User, client_for: SignIn) -> None:
    files = [Attachment(kept_file(author, b"a", f"{number}.txt").key) for number in range(17)]
    post = opening_of(thread)

    with pytest.raises(TooManyFiles), write():
        attach_files(post, author, files)
    answer = client_for(author).post(
        f"/threads/{thread.id}/posts", data=sent(**{f"file-{one.key}": "1" for one in files})
    )
    with write():
        attach_files(post, author, files[:16])

    assert "Attach at most 16 files." in answer.text
    assert (answer.status_code, post.file_count) == (422, 16)


def test_an_edit_changes_files_and_history_keeps_their_names(
    thread: Thread, author: User, client_for: SignIn
) -> None:
    post = opening_of(thread)
    kept = attached_file(post, author, image(), "Map.png", alt="A map")
    gone = attached_file(post, author, b"old", "Old.txt")
    browser = client_for(author)
    where = f"/threads/{thread.id}/posts/1/edit"
    form = browser.get(where)
    based_on = re.search(r'name="based_on"[^>]*value="([^"]+)"', form.text)

    answer = browser.post(
        where,
        data=sent(
            (b"new", "New.txt"),
            body=post.body,
            based_on=based_on[1] if based_on else "",
            **{f"file-{kept.key}": "1", f"alt-{kept.key}": "A map of Graz"},
        ),
    )

    assert (keys_in(form), answer.status_code) == ([kept.key, gone.key], 302)
    assert [(file["name"], file["alt"]) for file in list_files(post)] == [
        ("Map.png", "A map of Graz"), ("New.txt", ""),
    ]  # fmt: skip
    assert (post.file_count, post.revision) == (2, 2)
    revision = db.session.scalars(sa.select(PostRevision)).one()
    assert revision.files == [{"name": "Map.png", "alt": "A map"}, {"name": "Old.txt", "alt": ""}]
    assert db.session.get_one(StoredFile, gone.id).deleted_at is not None


def test_an_edit_that_leaves_the_files_alone_leaves_no_mark(
    thread: Thread, author: User, client_for: SignIn
) -> None:
    post = opening_of(thread)
    file = attached_file(post, author, image(), "Map.png", alt="A map")
    browser = client_for(author)
    where = f"/threads/{thread.id}/posts/1/edit"
    based_on = re.search(r'name="based_on"[^>]*value="([^"]+)"', browser.get(where).text)

    browser.post(
        where,
        data=sent(
            body=f"{post.body} Yes.",
            based_on=based_on[1] if based_on else "",
            **{f"file-{file.key}": "1", f"alt-{file.key}": "A map"},
        ),
    )

    assert (post.revision, post.file_count, post.body[-5:]) == (1, 1, " Yes.")


def test_files_can_be_taken_off_and_put_in_order(thread: Thread, author: User) -> None:
    post = opening_of(thread)
    first = attached_file(post, author, b"a", "one.txt")
    attached_file(post, author, b"b", "two.txt")
    third = kept_file(author, b"c", "three.txt")
    with write():
        replace_files(post, author, [Attachment(third.key), Attachment(first.key)])

    assert (names_on(post), post.file_count) == (["three.txt", "one.txt"], 2)


def test_a_draft_keeps_its_files(thread: Thread, client_for: SignIn) -> None:
    browser = client_for(make_user())

    saved = browser.post(
        f"/threads/{thread.id}/posts", data=sent((image(), "Map.png"), save_draft="1")
    )
    again = page(browser, thread)

    assert saved.status_code == 302
    assert (len(keys_in(again)), "Map.png" in again.text) == (1, True)


def test_a_session_that_ended_keeps_the_files(
    thread: Thread, client: FlaskClient, client_for: SignIn
) -> None:
    person = make_user()
    key = kept_file(person).key

    answer = client.post(f"/threads/{thread.id}/posts", data=sent(**{f"file-{key}": "1"}))

    assert (answer.status_code, keys_in(answer), "minutes.txt" in answer.text) == (
        401, [key], False,
    )  # fmt: skip


def test_who_may_not_write_uploads_nothing(
    thread: Thread, client: FlaskClient, client_for: SignIn
) -> None:
    applicant = client_for(make_user(approved_at=None))
    uploading = {"upload": (io.BytesIO(b"a"), "a.txt")}

    answers = [
        client.post("/files", data=uploading).status_code,
        applicant.post("/files", data={"upload": (io.BytesIO(b"a"), "a.txt")}).status_code,
        client_for(make_user()).post("/files", data={}).status_code,
    ]
    reply = applicant.post(f"/threads/{thread.id}/posts", data=sent((b"a", "a.txt")))

    assert (answers, reply.status_code) == ([302, 403, 400], 403)
    assert db.session.scalars(sa.select(StoredFile)).all() == []


def test_a_form_with_files_may_be_large_and_no_other(thread: Thread, client_for: SignIn) -> None:
    browser = client_for(make_user())
    large = b"x" * (11 * 1024 * 1024)

    answers = [
        browser.post(f"/threads/{thread.id}/posts", data=sent((large, "a.txt"), (large, "b.txt"))),
        browser.post(f"/threads/{thread.id}/posts", data=sent(*[(large, "a.txt")] * 6)),
        browser.post("/settings", data=sent((large, "a.txt"), (large, "b.txt"))),
        browser.post("/files", data={"upload": (io.BytesIO(large + large), "a.txt")}),
    ]

    assert [answer.status_code for answer in answers] == [422, 413, 413, 422]
    assert "a.txt: The file is larger than 10 MB." in answers[0].text
    assert "all files of one form together up to 64 MB" in answers[1].text


def test_a_page_of_files_costs_no_statement_more(
    thread: Thread,
    author: User,
    client: FlaskClient,
    count_statements: Callable[[], Any],
) -> None:
    counts = []
    for files in (0, 1, 3):
        for number in range(files):
            attached_file(make_reply(thread, author), author, b"a", f"{number}.txt")
        db.session.rollback()
        with count_statements() as statements:
            page(client, thread)
        counts.append(len(statements))

    assert (counts[1] - counts[0], counts[2] - counts[1]) == (0, 0)


def test_files_of_removed_posts_are_not_on_the_page(
    thread: Thread, author: User, client: FlaskClient
) -> None:
    post = make_reply(thread, author)
    attached_file(post, author, b"a", "Secret plan.txt")
    assert "Secret plan.txt" in page(client, thread).text
    with write():
        post.hidden_at = post.created_at
        post.thread.revision += 1

    assert "Secret plan.txt" not in page(client, thread).text


def test_a_printed_thread_shows_its_files(
    thread: Thread, author: User, client: FlaskClient
) -> None:
    file = attached_file(opening_of(thread), author, image(), "Map.png", alt="A map of Graz")

    printed = client.get(f"/threads/{thread.id}/print").text
    saved = client.get(f"/threads/{thread.id}/thread.md").text

    assert f'src="/files/{file.key}/Map.png" alt="A map of Graz"' in printed
    assert "*File: Map.png* A map of Graz" in saved


def test_enter_in_the_title_neither_posts_nor_removes(app: Flask, client_for: SignIn) -> None:
    """It presses the first button there is, which is what browsers do."""
    topic, person = make_topic(), make_user()
    key = kept_file(person).key
    fields = {"title": "Who answers at night?", "topic": topic.slug, "kind": "question"}
    files = {f"file-{key}": "1"}

    page = client_for(person).post("/threads/new", data=sent(attach="1", **fields, **files))

    form = page.text[page.text.index('id="new-thread"') :]
    first = re.search(r'<button[^>]*type="submit"[^>]*>', form)
    assert first
    assert 'name="attach"' in first[0]
    assert (page.status_code, keys_in(page)) == (200, [key])
