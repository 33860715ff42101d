"""Our files for the browser lie compressed in a folder named by their version."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.own_files import KEPT_VERSIONS, lay_out, main, version_of
from app.core.static_files import asset
from config import ROOT

pytestmark = pytest.mark.any_engine

CONTENTS = {"site.css": b".a {}\n" * 90, "js/app.js": b"let a;\n" * 90, "img/a.png": b"\x89PNG"}


def test_text_lies_there_in_three_forms_and_pictures_in_one(tmp_path: Path) -> None:
    folder = lay_out(CONTENTS, tmp_path)
    plain = CONTENTS["js/app.js"]

    assert folder.name == f"v-{version_of(CONTENTS)}"
    assert (folder / "js/app.js").read_bytes() == plain
    assert brotli.decompress((folder / "js/app.js.br").read_bytes()) == plain
    assert gzip.decompress((folder / "js/app.js.gz").read_bytes()) == plain
    assert [path.name for path in (folder / "img").iterdir()] == ["a.png"]


def test_second_time_nothing_is_written(tmp_path: Path) -> None:
    before = (lay_out(CONTENTS, tmp_path) / "site.css.br").stat()
    after = (lay_out(CONTENTS, tmp_path) / "site.css.br").stat()

    assert (before.st_ino, before.st_mtime) == (after.st_ino, after.st_mtime)
    assert len([*tmp_path.iterdir()]) == 1


def test_a_few_old_versions_stay(tmp_path: Path) -> None:
    for number in range(KEPT_VERSIONS + 3):
        made = lay_out({"a.js": b"%d" % number}, tmp_path)
        os.utime(made, (number + 1, number + 1))

    left = {path.name for path in tmp_path.iterdir()}
    assert left == {
        f"v-{version_of({'a.js': b'%d' % number})}" for number in range(3, KEPT_VERSIONS + 3)
    }


def test_command_lays_out_the_version_that_pages_name(app: Flask, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-P", "app/core/own_files.py", "app/static", tmp_path],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    with app.test_request_context():
        address = asset("site.css").removeprefix("/static/")

    assert (tmp_path / f"{address}.br").is_file()


def test_wrong_call_says_how() -> None:
    with pytest.raises(SystemExit, match="usage"):
        main([])


def test_each_form_has_its_own_validator(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = asset("site.css")
    tags = {
        form: client.get(address, headers={"Accept-Encoding": form}).headers["ETag"]
        for form in ("br", "gzip", "identity")
    }

    assert len({*tags.values()}) == 3
    known = {"Accept-Encoding": "gzip", "If-None-Match": tags["gzip"]}
    assert client.get(address, headers=known).status_code == 304


def test_head_and_parts_are_answered(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = asset("sofia-sans-latin.woff2")
    whole = client.get(address)
    head = client.head(address)
    part = client.get(address, headers={"Range": "bytes=2-5"})

    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(whole.data)))
    assert (part.status_code, part.data) == (206, whole.data[2:6])
    assert part.headers["Content-Range"] == f"bytes 2-5/{len(whole.data)}"
