"""What hostile hands send as files gets a sentence and never breaks a page."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from app.accounts.models import User
from app.core.db import db
from app.files.checking import check
from app.files.errors import FileRefused
from app.files.images import redraw
from app.files.kinds import KINDS
from app.files.models import StoredFile
from app.files.naming import clean_name
from tests.factories import make_topic, make_user
from tests.factories_files import PDF, docx, image, moving, open_document
from tests.factories_forum import make_thread

SignIn = Callable[[User], FlaskClient]
KEY = "0" * 32
WRONG_NAMES = [
    "", "\0", "..", "/etc/passwd", "a\0b.png", "x" * 5000 + ".png", "\u202egnp.exe", "🏙.png",
    "a.png\r\nX-Bad: 1", "'; DROP TABLE.txt", "%00.txt", "<script>.md",
]  # fmt: skip
WRONG_FIELDS: list[dict[str, Any]] = [
    {"remove_file": "../../x"},
    {"remove_file": KEY, "attach": "1"},
    {f"file-{KEY}": ["1", "2"], f"alt-{KEY}": "x" * 10_000, f"decorative-{KEY}": "\0"},
    {f"file-{KEY[:-1]}": "1", "file-": "", "file-%00": "1", f"FILE-{KEY}": "1"},
    {f"file-{number:032x}": "1" for number in range(40)},
    {"upload": "a text, no file"},
]
SEEDS = [
    image("JPEG"), image("PNG"), image("WEBP"), image("GIF"), moving("GIF"), moving("WEBP"), PDF,
    docx(), open_document(), b"BEGIN:VCALENDAR\r\n", b"a,b\n",
]  # fmt: skip


def test_wrong_names_and_fields_get_a_page(app: Flask, client_for: SignIn) -> None:
    thread = make_thread(make_topic(), make_user())
    browser = client_for(make_user())
    body = {"body": "Our plan is attached, with a map.", "language": "en"}
    codes = set()

    where = f"/threads/{thread.id}/posts"
    for name in WRONG_NAMES:
        sent = {"upload": (io.BytesIO(image()), name)}
        codes.add(client_for(make_user()).post("/files", data=sent).status_code)
    for fields in [{"attach": "1", "upload": (io.BytesIO(b"x"), "\0")}, *WRONG_FIELDS]:
        codes.add(browser.post(where, data=body | fields).status_code)

    assert codes <= {200, 201, 302, 400, 422, 429}
    assert all(len(name) <= 200 for name in db.session.scalars(sa.select(StoredFile.name)))


@how(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.sampled_from(SEEDS),
    extension=st.sampled_from(sorted(KINDS)),
    cut=st.integers(0, 400),
    noise=st.binary(max_size=40),
)
def test_broken_files_are_refused_with_a_sentence(
    whole_app: Flask, seed: bytes, extension: str, cut: int, noise: bytes
) -> None:
    content = seed[:cut] + noise + seed[cut + len(noise) :]
    with whole_app.app_context():
        try:
            kind = check(content, f"a.{extension}")
            if kind.media_type.startswith("image/"):
                assert redraw(content, kind.media_type).content
        except FileRefused as refused:
            said = refused.message
        else:
            said = "It is what its name says."
    assert len(said) > 10


@how(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_kept(whole_app: Flask, name: str) -> None:
    with whole_app.app_context():
        kept = clean_name(name)

    assert 0 < len(kept) <= 200
    assert not set(kept) & set("/\\\0\r\n")
    assert kept == kept.strip()


@pytest.mark.parametrize("content", SEEDS)
def test_the_same_content_is_cleaned_twice_without_harm(whole_app: Flask, content: bytes) -> None:
    with whole_app.app_context():
        for extension in ("jpg", "png", "webp", "gif"):
            try:
                kind = check(content, f"a.{extension}")
            except FileRefused:
                continue
            once = redraw(content, kind.media_type)
            assert redraw(once.content, kind.media_type).width == once.width
