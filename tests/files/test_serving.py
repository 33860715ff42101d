"""Who gets the bytes: whoever reads what the file hangs on, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.files.models import StoredFile
from app.files.storing import store
from tests.factories import make_group, make_steward, make_topic, make_user
from tests.factories_files import PDF, attached_file, image, kept_file, opening_of
from tests.factories_forum import make_thread

SignIn = Callable[[User], FlaskClient]
NOBODY = {"visitor": 404, "applicant": 404, "member": 404, "grantee": 404, "author": 404}
ALL = dict.fromkeys(NOBODY, 200)


@pytest.mark.parametrize(
    ("what", "answers"),
    [
        ("public", ALL),
        ("network", ALL | {"visitor": 404, "applicant": 404}),
        ("closed topic", ALL | {"visitor": 404, "applicant": 404, "member": 404}),
        ("group's thread", NOBODY | {"grantee": 200}),
        ("deleted post", NOBODY),
        ("hidden post", NOBODY),
        ("deleted thread", NOBODY),
        ("merged thread", NOBODY),
        ("not attached", NOBODY | {"author": 200}),
        ("taken off", NOBODY),
    ],
)
def test_a_file_is_as_visible_as_its_post(
    app: Flask, client: FlaskClient, client_for: SignIn, what: str, answers: dict[str, int]
) -> None:
    people = {
        "applicant": make_user(approved_at=None),
        "member": make_user(),
        "grantee": make_user(),
        "author": make_user(),
    }
    key = file_in(what, people)
    browsers = {role: client_for(person) for role, person in people.items()}

    got = {
        role: {browser.get(f"/files/{key}/{tail}").status_code for tail in ("a.png", "thumbnail")}
        for role, browser in ({"visitor": client} | browsers).items()
    }

    assert got == {role: {status} for role, status in answers.items()}


def file_in(what: str, people: dict[str, User]) -> str:
    """The key of a large picture by the author, in a place of this kind."""
    picture, author = image("PNG", (1300, 10)), people["author"]
    if what == "not attached":
        return kept_file(author, picture, "a.png").key
    group = make_group(people["grantee"], *([author] if what == "closed topic" else []))
    closed = {"visibility": Visibility.CLOSED, "groups": [group]} if what == "closed topic" else {}
    topic = make_topic(**closed)
    changes = {
        "network": {"visibility": Visibility.NETWORK},
        "group's thread": {"visibility": Visibility.CLOSED, "group_id": group.id},
        "deleted thread": {"deleted_at": utcnow()},
    }.get(what, {})
    thread = make_thread(topic, author, **changes)
    if what == "merged thread":
        other = make_thread(topic, author)
        with write():
            thread.merged_into_id = other.id
    post = opening_of(thread)
    file = attached_file(post, author, picture, "a.png", alt="A line")
    make_steward(topic, people["member"]) if what in {"deleted post", "hidden post"} else None
    with write():
        post.deleted_at = utcnow() if what == "deleted post" else None
        post.hidden_at = utcnow() if what == "hidden post" else None
    if what == "taken off":
        take_off(post, author)
    return file.key


def take_off(post: object, author: User) -> None:
    from app.forum.attaching import replace_files

    with write():
        replace_files(post, author, [])  # type: ignore[arg-type]


def public_file(content: bytes, name: str, alt: str = "") -> StoredFile:
    author = make_user()
    post = opening_of(make_thread(make_topic(), author))
    return attached_file(post, author, content, name, alt)


def address(file: StoredFile) -> str:
    return f"/files/{file.key}/{file.name}"


@pytest.mark.parametrize(
    ("content", "name", "disposition", "media_type"),
    [
        (image(), "Plan für Graz.png", "inline", "image/png"),
        (PDF, "Plan für Graz.pdf", "inline", "application/pdf"),
        (b"# Plan", "Plan für Graz.md", "attachment", "text/markdown; charset=utf-8"),
        (b"a;b", "Plan für Graz.csv", "attachment", "text/csv; charset=utf-8"),
    ],
)
def test_no_browser_runs_a_file(
    client: FlaskClient, content: bytes, name: str, disposition: str, media_type: str
) -> None:
    file = public_file(content, name, alt="A plan")

    answer = client.get(address(file))

    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Disposition"] == (
        f'{disposition}; filename="{name.replace("ü", "u")}"; '
        f"filename*=UTF-8''{name.replace(' ', '%20').replace('ü', '%C3%BC')}"
    )
    assert {
        header: answer.headers[header]
        for header in (
            "Cache-Control", "Content-Security-Policy", "Cross-Origin-Resource-Policy",
            "X-Content-Type-Options", "ETag",
        )
    } == {
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{file.sha256}"',
    }  # fmt: skip


def test_the_name_in_the_address_decides_nothing(client: FlaskClient) -> None:
    file = public_file(b"minutes", "minutes.txt")

    answer = client.get(f"/files/{file.key}/evil.html")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "filename=minutes.txt;" in answer.headers["Content-Disposition"]


def test_parts_of_a_file_and_only_its_head(client: FlaskClient) -> None:
    file = public_file(b"0123456789", "digits.txt")

    part = client.get(address(file), headers={"Range": "bytes=2-4"})
    end = client.get(address(file), headers={"Range": "bytes=-3"})
    beyond = client.get(address(file), headers={"Range": "bytes=99-"})
    head = client.head(address(file))

    assert (part.status_code, part.data, part.headers["Content-Range"]) == (
        206, b"234", "bytes 2-4/10",
    )  # fmt: skip
    assert (end.status_code, end.data, beyond.status_code) == (206, b"789", 416)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", "10")
    assert head.headers["Accept-Ranges"] == "bytes"


def test_what_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    file = public_file(image("PNG", (1300, 10)), "a.png", alt="A line")
    first = client.get(address(file))
    small = client.get(f"/files/{file.key}/thumbnail")

    again = client.get(address(file), headers={"If-None-Match": first.headers["ETag"]})
    small_again = client.get(
        f"/files/{file.key}/thumbnail", headers={"If-None-Match": small.headers["ETag"]}
    )

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert (small.headers["Content-Type"], small_again.status_code) == ("image/webp", 304)
    assert first.headers["ETag"] != small.headers["ETag"]


def test_what_became_hidden_is_not_confirmed_either(client: FlaskClient) -> None:
    author = make_user()
    post = opening_of(make_thread(make_topic(), author))
    file = attached_file(post, author)
    tag = client.get(address(file)).headers["ETag"]
    with write():
        post.hidden_at = utcnow()

    answer = client.get(address(file), headers={"If-None-Match": tag})

    assert answer.status_code == 404


def test_small_pictures_have_no_thumbnail(client: FlaskClient) -> None:
    file = public_file(image(), "a.png", alt="A square")

    assert client.get(f"/files/{file.key}/thumbnail").status_code == 404


@pytest.mark.parametrize("key", ["0" * 32, "..", "%2e%2e%2fsecret_key", "x" * 300, "%00"])
def test_unknown_keys_lead_nowhere(client: FlaskClient, app: Flask, key: str) -> None:
    assert client.get(f"/files/{key}/a.txt").status_code == 404


def test_bytes_that_are_gone_are_not_found(client: FlaskClient) -> None:
    file = public_file(b"minutes", "minutes.txt")
    store().remove(file.key)

    assert client.get(address(file)).status_code == 404


def test_a_file_costs_one_statement(
    client: FlaskClient, count_statements: Callable[[], object]
) -> None:
    file = public_file(b"minutes", "minutes.txt")
    where = address(file)
    db.session.rollback()

    with count_statements() as statements:  # type: ignore[attr-defined]
        client.get(where)

    assert len(statements) == 1
