"""A template is compiled once for a release: neither again for the next page nor the next start."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment

from app import create_app
from app.core.visitor_pages import RELEASE
from config import Settings

pytestmark = pytest.mark.any_engine


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, data_dir=tmp_path)


@contextmanager
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str | None]]:
    """The names of those that are made into code meanwhile."""
    names: list[str | None] = []
    usual = Environment._parse

    def noted(self: Environment, source: str, name: str | None, filename: str | None) -> object:
        names.append(name)
        return usual(self, source, name, filename)

    with monkeypatch.context() as patched:
        patched.setattr(Environment, "_parse", noted)
        yield names


def load_all(app: Flask) -> list[str]:
    names = app.jinja_env.list_templates(extensions=["html"])
    for name in names:
        app.jinja_env.get_template(name)
    return names


def test_all_are_held_at_once(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(own)
    names = load_all(app)
    with compiled(monkeypatch) as again:
        load_all(app)

    assert (len(names) > 400, again) == (True, [])


def test_the_next_start_compiles_none(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with compiled(monkeypatch) as first:
        names = load_all(create_app(own))
    with compiled(monkeypatch) as second:
        load_all(create_app(own))

    assert set(names) <= set(first)
    assert second == []


def test_what_other_releases_left_goes(own: Settings) -> None:
    folder = own.data_dir / "cache" / "templates"
    folder.mkdir(parents=True)
    (folder / "0123456789abcdef-x").write_bytes(b"old")
    app = create_app(own)
    app.jinja_env.get_template("layouts/base.html")
    create_app(own)

    kept = [path.name for path in folder.iterdir()]
    assert kept
    assert {name.partition("-")[0] for name in kept} == {app.extensions[RELEASE]}


def test_pages_come_when_the_folder_is_gone(
    own: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(own)
    shutil.rmtree(own.data_dir / "cache")

    assert app.jinja_env.get_template("layouts/base.html")
    assert "a template is not kept for the next start" in caplog.text
