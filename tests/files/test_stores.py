"""A folder and a real S3 server keep files alike; one that is away is said, never a 500."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.files import clearing
from app.files.errors import StoreAway
from app.files.object_store import ObjectStore
from app.files.storing import FolderStore, Store, store, thumbnail_of
from config import WrongSetting, read_settings
from tests.factories import make_user
from tests.factories_files import image, kept_file, upload
from tests.files.s3_server import KEY, SECRET, S3Server, s3_server

pytestmark = pytest.mark.any_engine

SignIn = Callable[[User], FlaskClient]
NAME, OTHER = "0123456789abcdef" * 2, "f" * 32
NOBODY_LISTENS = "s3://files/x?endpoint=http://127.0.0.1:1"
AWAY = "Files cannot be kept at the moment. Try again in a few minutes."


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@pytest.fixture(params=["folder", "s3"])
def any_store(request: pytest.FixtureRequest, server: S3Server, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path)
    return ObjectStore(server.url(tmp_path.name))


@contextmanager
def files_in(app: Flask, url: str) -> Iterator[None]:
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, files_url=url)
    try:
        yield
    finally:
        app.extensions["settings"] = before


def names_in(place: Store, before: datetime = datetime(2100, 1, 1, tzinfo=UTC)) -> set[str]:
    return set(place.older_than(before))


def test_what_is_put_is_there_and_can_be_put_again(any_store: Store) -> None:
    any_store.put(NAME, b"first")
    any_store.put(NAME, b"second" * 100_000)

    with any_store.open(NAME) as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(6)
        part = file.read(6)
        file.seek(0)
        whole = file.read()
    assert (size, part, whole) == (600_000, b"second", b"second" * 100_000)


def test_nothing_is_there_before_and_after(any_store: Store) -> None:
    with pytest.raises(FileNotFoundError):
        any_store.open(NAME)
    any_store.remove(NAME)
    any_store.put(NAME, b"x")
    any_store.remove(NAME)
    any_store.remove(NAME)

    with pytest.raises(FileNotFoundError):
        any_store.open(NAME)


@pytest.mark.parametrize("name", ["../secret_key", "", "a/b", NAME.upper(), f"{NAME}/x", "first"])
def test_names_that_are_not_ours_are_of_nothing(any_store: Store, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        any_store.open(name)
    with pytest.raises(FileNotFoundError):
        any_store.put(name, b"x")


def test_all_old_names_are_listed(any_store: Store) -> None:
    any_store.put(NAME, b"x")
    any_store.put(thumbnail_of(OTHER), b"x")

    assert names_in(any_store) == {NAME, thumbnail_of(OTHER)}
    assert names_in(any_store, utcnow() - timedelta(hours=1)) == set()
    assert any_store.answers() is True


def test_a_listing_of_several_pages_is_whole(server: S3Server) -> None:
    place = ObjectStore(server.url("many"))
    names = {f"{number:032x}" for number in range(1005)}
    for name in names:
        place.put(name, b"")

    assert names_in(place) == names


def test_prefixes_are_apart(server: S3Server) -> None:
    one, other = ObjectStore(server.url("one")), ObjectStore(server.url("other"))
    one.put(NAME, b"x")

    assert (names_in(one), names_in(other)) == ({NAME}, set())


@pytest.mark.parametrize("why", ["no server", "wrong key", "no bucket"])
def test_a_store_that_does_not_let_us_in_is_away(
    why: str, server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    if why == "wrong key":
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a wrong one")
    url = NOBODY_LISTENS if why == "no server" else server.url("x")
    place = ObjectStore(url.replace("files", "No_such") if why == "no bucket" else url)

    with pytest.raises(StoreAway):
        place.put(NAME, b"x")
    assert place.answers() is False
    with pytest.raises((StoreAway, FileNotFoundError)):
        place.open(NAME)


def test_a_store_that_did_not_answer_is_asked_by_nobody_for_a_while(server: S3Server) -> None:
    place, dead = ObjectStore(server.url("rested")), ObjectStore(NOBODY_LISTENS)
    living, place.bucket = place.bucket, dead.bucket
    for _ in range(3):
        with pytest.raises(StoreAway):
            place.put(NAME, b"x")
    place.bucket = living
    while_resting = place.answers()
    place.breaker._rests_until = 0.0
    place.put(NAME, b"x")

    assert (place.breaker.errors, place.breaker.skipped, while_resting) == (1, 3, False)
    assert (place.breaker.is_resting, place.answers(), names_in(place)) == (False, True, {NAME})


def test_a_refusal_or_a_missing_file_stops_nobody(
    server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ObjectStore(server.url("refused"))
    with pytest.raises(FileNotFoundError):
        place.open(NAME)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a wrong one")
    stranger = ObjectStore(server.url("refused"))
    with pytest.raises(StoreAway):
        stranger.put(NAME, b"x")

    assert (place.breaker.is_resting, stranger.breaker.is_resting) == (False, False)


def test_readiness_names_a_store_that_is_away(app: Flask, client: FlaskClient) -> None:
    line = "files: the store does not answer; none can be attached or opened"

    with files_in(app, NOBODY_LISTENS):
        away = client.get("/readyz").text.splitlines()

    assert (line in away, line in client.get("/readyz").text) == (True, False)


def test_an_image_lives_in_the_bucket(app: Flask, server: S3Server, client_for: SignIn) -> None:
    person = make_user()
    browser = client_for(person)
    with files_in(app, server.url("image")):
        file = kept_file(person, image("PNG", (2000, 1000)), "map.png")
        shown = browser.get(f"/files/{file.key}/map.png")
        small = browser.get(f"/files/{file.key}/thumbnail")
        part = browser.get(f"/files/{file.key}/map.png", headers={"Range": "bytes=0-7"})
        again = browser.get(
            f"/files/{file.key}/map.png", headers={"If-None-Match": shown.headers["ETag"]}
        )
        stranger = client_for(make_user()).get(f"/files/{file.key}/map.png")
        there = names_in(store())

    assert (shown.status_code, len(shown.data), small.status_code) == (200, file.size, 200)
    assert (part.status_code, part.data) == (206, shown.data[:8])
    assert (again.status_code, again.data, stranger.status_code) == (304, b"", 404)
    assert there == {file.key, thumbnail_of(file.key)}


def test_bytes_without_a_row_leave_the_bucket(app: Flask, server: S3Server) -> None:
    with files_in(app, server.url("sweep")):
        store().put(NAME, b"x")
        clearing.remove_bytes([NAME])

        assert names_in(store()) == set()


def test_an_upload_says_beside_the_field_that_files_cannot_be_kept(
    app: Flask, client_for: SignIn
) -> None:
    with files_in(app, NOBODY_LISTENS):
        answer = upload(client_for(make_user()), b"words", "plan.txt")

    assert (answer.status_code, f"plan.txt: {AWAY}" in answer.text) == (422, True)


def test_a_file_that_cannot_be_fetched_says_when_to_come_back(
    app: Flask, client_for: SignIn
) -> None:
    person = make_user()
    file = kept_file(person, b"words", "plan.txt")
    with files_in(app, NOBODY_LISTENS):
        answer = client_for(person).get(f"/files/{file.key}/plan.txt")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.text == "This file cannot be fetched at the moment. Try again in a few minutes."


def test_a_folder_that_cannot_be_written_is_away(tmp_path: Path) -> None:
    (tmp_path / NAME[:2]).write_text("in the way")

    with pytest.raises(StoreAway):
        FolderStore(tmp_path).put(NAME, b"x")


def copy(app: Flask, to: str) -> Any:
    return app.test_cli_runner().invoke(args=["files", "copy", to])


def test_files_go_to_the_bucket_and_back(app: Flask, server: S3Server, tmp_path: Path) -> None:
    file = kept_file(make_user(), image("PNG", (2000, 1000)), "map.png")
    with store().open(file.key) as kept:
        content = kept.read()

    there = copy(app, server.url("carried"))
    again = copy(app, server.url("carried"))
    with files_in(app, server.url("carried")):
        back = copy(app, str(tmp_path))

    assert [one.exit_code for one in (there, again, back)] == [0, 0, 0]
    assert "2 copied and read back, 0 were there." in there.output
    assert "0 copied and read back, 2 were there." in again.output
    assert FolderStore(tmp_path).open(file.key).read() == content


def test_a_damaged_file_is_named(app: Flask, tmp_path: Path) -> None:
    file = kept_file(make_user(), b"words", "plan.txt")
    store().put(file.key, b"other")

    answer = copy(app, str(tmp_path))

    assert (answer.exit_code, names_in(FolderStore(tmp_path))) == (1, set())
    assert f"{file.key} is missing or damaged" in answer.output


@pytest.mark.parametrize("to", [NOBODY_LISTENS, "relative", "s3://", "gs://files"])
def test_a_place_that_is_none_is_one_line(app: Flask, to: str) -> None:
    kept_file(make_user(), b"words", "plan.txt")

    answer = copy(app, to)

    assert (answer.exit_code, "Traceback" in answer.output) == (1, False)


@pytest.mark.parametrize(
    "url",
    ["gs://files", "s3:///prefix", "s3://files?endpoint=ftp://x", "s3://files?endpoint=",
     "s3://key:secret@files", "s3://files?ca=/nowhere.pem", "s3://files?what=1"],
)  # fmt: skip
def test_a_wrong_address_stops_the_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="FILES_URL"):
        read_settings({"DATA_DIR": str(tmp_path), "FILES_URL": url})
