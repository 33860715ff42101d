"""A line of the log can be read, by people or machines, and nobody can forge one."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.core.log_lines import JsonLine, TextLine, open_log
from app.core.tally import Tally, close_tally, open_tally
from config import Settings

pytestmark = pytest.mark.any_engine


@pytest.fixture
def in_request() -> Iterator[None]:
    token = open_tally(Tally("abc123def456"))
    yield
    close_tally(token)


def record(message: str, *args: Any, error: bool = False) -> logging.LogRecord:
    caught = sys.exc_info() if error else None
    made = logging.LogRecord("interurban.test", logging.WARNING, "", 0, message, args, caught)
    made.created, made.msecs = 1_795_312_847.25, 250.0
    return made


def test_line_for_people(in_request: None) -> None:
    line = TextLine().format(record("%(ms)d ms", {"ms": 7, "statement": "SELECT 1"}))

    assert line == "02:00:47 warning interurban.test: 7 ms: SELECT 1 [abc123def456]"


def test_line_for_machines(in_request: None) -> None:
    line = json.loads(JsonLine().format(record("%(ms)d ms at %(route)s", {"ms": 7, "route": "/"})))

    assert line == {
        "time": "2026-11-22T02:00:47.250Z",
        "level": "warning",
        "logger": "interurban.test",
        "message": "7 ms at /",
        "request_id": "abc123def456",
        "ms": 7,
        "route": "/",
    }


@pytest.mark.parametrize("form", [TextLine(), JsonLine()])
def test_nothing_sent_begins_a_line_of_its_own(form: logging.Formatter) -> None:
    line = form.format(record("asked for %s", "x\r\n02:00 \x1b[31m error\u2028\u0085 y"))

    assert [sign for sign in line if not sign.isprintable()] == []


@pytest.mark.parametrize("form", [TextLine(), JsonLine()])
def test_error_comes_with_its_trace(form: logging.Formatter) -> None:
    try:
        raise LookupError("lost")
    except LookupError:
        line = form.format(record("odd", error=True))

    assert "LookupError: lost" in line


def test_log_is_opened_in_the_chosen_form(settings: Settings) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        for form, kind in (("json", JsonLine), ("text", TextLine)):
            open_log(replace(settings, log_format=form, log_level="info"))
            (handler,) = root.handlers
            assert (type(handler.formatter), root.level) == (kind, logging.INFO)
    finally:
        root.handlers[:], root.level = before
