"""Uploading: whole or not at all, within what one person may use."""

from __future__ import annotations

import io
import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.files import clearing, jobs, uploading
from app.files.errors import FileRefused, TooMuchStored, TooMuchUnused
from app.files.models import StoredFile
from app.files.storing import store, thumbnail_of
from config import WrongSetting, read_settings
from tests.factories import make_topic, make_user
from tests.factories_files import attached_file, image, kept_file, opening_of, upload
from tests.factories_forum import make_thread

SignIn = Callable[[User], FlaskClient]
MEGABYTE = 1024 * 1024


def names_stored() -> set[str]:
    return set(store().older_than(datetime(2100, 1, 1, tzinfo=UTC)))


def rows() -> list[StoredFile]:
    return list(db.session.scalars(sa.select(StoredFile).order_by(StoredFile.id)))


def make_row(owner: User, size: int, **changes: Any) -> None:
    key = uploading.secrets.token_hex(16)
    values = {
        "key": key, "owner_id": owner.id, "name": "a.txt", "media_type": "text/plain",
        "size": size, "sha256": "0" * 64, "created_at": utcnow(),
    }  # fmt: skip
    with write() as session:
        session.add(StoredFile(**(values | changes)))


def test_an_upload_is_kept_under_a_name_of_our_own(app: Flask) -> None:
    file = kept_file(make_user(), image("PNG", (2000, 1000)), "../Ämter.png")

    with store().open(file.key) as kept:
        content = kept.read()
    assert (file.name, file.media_type, file.width, file.height) == (
        "Ämter.png", "image/png", 1920, 960,
    )  # fmt: skip
    assert (len(content), file.has_thumbnail) == (file.size, True)
    assert names_stored() >= {file.key, thumbnail_of(file.key)}
    assert uploading.sha256(content).hexdigest() == file.sha256


def test_the_same_file_twice_is_two_files(app: Flask) -> None:
    person = make_user()

    first, second = kept_file(person), kept_file(person)

    assert (first.key == second.key, first.sha256 == second.sha256) == (False, True)


def test_a_refusal_names_the_file(app: Flask) -> None:
    with pytest.raises(FileRefused, match=r"^plan\.exe: Programs are not accepted\.$"):
        uploading.prepare(io.BytesIO(b"MZ"), "C:\\plan.exe")


@pytest.mark.parametrize(
    ("there", "error"),
    [
        ({"size": 3 * 1024 * MEGABYTE - 6, "attached_at": utcnow()}, TooMuchStored),
        ({"size": 40 * MEGABYTE - 6}, TooMuchUnused),
    ],
)
def test_room_ends_at_the_last_byte(app: Flask, there: dict[str, Any], error: type) -> None:
    person = make_user()
    make_row(person, **there)
    before = names_stored()

    kept_file(person, b"6bytes")
    with pytest.raises(error):
        kept_file(person, b"7")

    assert (len(rows()), len(names_stored() - before)) == (2, 1)


def test_two_uploads_at_the_edge_do_not_both_fit(app: Flask) -> None:
    person_id = make_user().id
    make_row(db.session.get_one(User, person_id), 40 * MEGABYTE - 10)
    results: list[str] = []
    together = threading.Barrier(2)

    def send() -> None:
        with app.app_context():
            prepared = uploading.prepare(io.BytesIO(b"8 bytes!"), "a.txt")
            together.wait(10)
            try:
                with write():
                    uploading.keep(prepared, db.session.get_one(User, person_id))
                results.append("kept")
            except TooMuchUnused:
                results.append("refused")

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(results) == ["kept", "refused"]
    assert len(rows()) == 2


def test_eleven_in_a_minute_are_too_many(app: Flask, client_for: SignIn) -> None:
    with time_machine.travel("2026-03-02 10:00:00", tick=False):
        browser = client_for(make_user())
        answers = [upload(browser, b"x", f"{number}.txt") for number in range(11)]

    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert "You can go on in" in answers[-1].text
    assert len(rows()) == 10


def test_what_was_refused_counts_too(app: Flask, client_for: SignIn) -> None:
    with time_machine.travel("2026-03-02 10:00:00", tick=False):
        browser = client_for(make_user())
        answers = [upload(browser, b"x", "a.exe") for _ in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


def test_an_upload_that_was_killed_leaves_no_file_and_its_bytes_go(app: Flask) -> None:
    """Bytes come first, then the row: what breaks between is found by the sweep."""
    kept = kept_file(make_user())
    killed = uploading.prepare(io.BytesIO(image("PNG", (1500, 1500))), "a.png")
    half = store().root / killed.key[:2] / f"{killed.key}.half"  # type: ignore[attr-defined]
    half.write_bytes(b"half")
    before = names_stored()

    assert clearing.sweep() == 0
    with time_machine.travel(utcnow() + timedelta(hours=49)):
        clearing.sweep()

    gone = {killed.key, thumbnail_of(killed.key), half.name}
    assert ([row.key for row in rows()], before & gone) == ([kept.key], gone)
    assert (kept.key in names_stored(), names_stored() & gone) == (True, set())


def test_what_nobody_used_goes_after_two_days(app: Flask, run_jobs: Callable[..., int]) -> None:
    person = make_user()
    with time_machine.travel("2026-03-02 10:00:00"):
        orphan = kept_file(person, image("PNG", (1500, 10)), "a.png")
        key, thumbnail = orphan.key, thumbnail_of(orphan.key)
        used = attached_file(opening_of(make_thread(make_topic(), person)), person)
    with time_machine.travel("2026-03-04 09:59:00"):
        clear(run_jobs)
        assert key in names_stored()
    with time_machine.travel("2026-03-04 10:01:00"):
        clear(run_jobs)

    assert [row.key for row in rows()] == [used.key]
    assert {key, thumbnail} & names_stored() == set()


def test_files_of_deleted_posts_wait_thirty_days(app: Flask, run_jobs: Callable[..., int]) -> None:
    person = make_user()
    post = opening_of(make_thread(make_topic(), person))
    file_key = attached_file(post, person).key
    with write():
        post.deleted_at = utcnow()

    clear(run_jobs)
    assert [row.deleted_at is None for row in rows()] == [False]
    with write():
        post.deleted_at = None
    clear(run_jobs)
    assert [row.deleted_at for row in rows()] == [None]

    with write():
        post.deleted_at = utcnow()
    clear(run_jobs)
    with time_machine.travel(utcnow() + timedelta(days=29)):
        clear(run_jobs)
        assert len(rows()) == 1
    with time_machine.travel(utcnow() + timedelta(days=31)):
        clear(run_jobs)
    assert (rows(), file_key in names_stored()) == ([], False)


def test_bytes_stay_when_the_row_does(app: Flask, run_jobs: Callable[..., int]) -> None:
    """The bytes go by a job of the same transaction: undone together, or done after it."""
    person = make_user()
    file_key = kept_file(person).key

    with pytest.raises(RuntimeError), write():
        uploading.drop(person, file_key)
        raise RuntimeError("the machine stops here")
    run_jobs()
    assert ([row.key for row in rows()], file_key in names_stored()) == ([file_key], True)

    with write():
        uploading.drop(person, file_key)
    assert file_key in names_stored()
    run_jobs()
    assert (rows(), file_key in names_stored()) == ([], False)


def test_nothing_goes_while_nobody_says_what_is_used(app: Flask) -> None:
    person = make_user()
    attached_file(opening_of(make_thread(make_topic(), person)), person)
    uses = list(clearing._uses)
    clearing.register_uses([])
    try:
        with write():
            clearing.note_what_is_used()
    finally:
        clearing.register_uses(uses)

    assert [row.deleted_at for row in rows()] == [None]


def clear(run_jobs: Callable[..., int]) -> None:
    with write():
        jobs.clear()
        jobs.sweep()
    run_jobs()


def test_the_scanner_is_asked(app: Flask, client_for: SignIn) -> None:
    admin = client_for(make_user(role=SiteRole.ADMIN))
    browser = client_for(make_user())
    said = {}

    with scanner(app) as asked:
        clean, sick = upload(browser, b"minutes", "a.txt"), upload(browser, b"EICAR", "b.txt")
        said["ready"] = admin.get("/admin").text
    with scanner(app, silent=True):
        away = upload(browser, b"minutes", "c.txt")
        said["silent"] = admin.get("/admin").text
    said["absent"] = admin.get("/admin").text

    assert [clean.status_code, sick.status_code, away.status_code] == [201, 422, 422]
    assert asked[:2] == [b"minutes", b"EICAR"]
    assert "b.txt: The virus scanner found something in this file." in sick.text
    assert "c.txt: The virus scanner does not answer." in away.text
    assert "are scanned for viruses" in said["ready"]
    assert "The virus scanner does not answer" in said["silent"]
    assert "The setting CLAMD_SOCKET names the socket of one." in said["absent"]
    assert [row.name for row in rows()] == ["a.txt"]


@contextmanager
def scanner(app: Flask, silent: bool = False) -> Iterator[list[bytes]]:
    """A clamd that knows one sickness; `silent`: it is not there."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as door:
        path = Path(folder) / "clamd"
        asked: list[bytes] = []
        if not silent:
            door.bind(str(path))
            door.listen()
            threading.Thread(target=answer_all, args=(door, asked), daemon=True).start()
        before = app.extensions["settings"]
        app.extensions["settings"] = replace(before, clamd_socket=path)
        try:
            yield asked
        finally:
            app.extensions["settings"] = before


def answer_all(door: socket.socket, asked: list[bytes]) -> None:
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return
        with line, line.makefile("rb") as sent:
            if read_command(sent) == b"zPING":
                line.sendall(b"PONG\0")
                continue
            content = b"".join(pieces(sent))
            asked.append(content)
            line.sendall(b"stream: Eicar FOUND\0" if b"EICAR" in content else b"stream: OK\0")


def read_command(sent: Any) -> bytes:
    return b"".join(iter(lambda: sent.read(1), b"\0"))


def pieces(sent: Any) -> Iterator[bytes]:
    while length := struct.unpack("!L", sent.read(4))[0]:
        yield sent.read(length)


def test_the_scanner_is_named_by_its_whole_path(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "CLAMD_SOCKET": "/run/clamav/clamd.ctl"}

    assert read_settings(given).clamd_socket == Path("/run/clamav/clamd.ctl")
    assert read_settings(given | {"CLAMD_SOCKET": ""}).clamd_socket is None
    with pytest.raises(WrongSetting, match="is not allowed here"):
        read_settings(given | {"CLAMD_SOCKET": "clamd.ctl"})
