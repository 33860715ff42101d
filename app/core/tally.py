"""What one request or job has cost so far: its name for the logs, and its SQL."""

from __future__ import annotations

import logging
import re
import secrets
from contextvars import ContextVar, Token
from time import perf_counter
from typing import Any

from flask import has_request_context, request
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
NO_QUESTIONS = ("PRAGMA", "BEGIN", "SET TRANSACTION")
MOST_OF_A_STATEMENT = 2000  # characters in the log

log = logging.getLogger("interurban.query")


class Tally:
    """`route` names what is done: a route's pattern, a job's name, "mail"."""

    __slots__ = ("account", "asked", "began", "request_id", "route", "sql", "statements")

    def __init__(self, request_id: str, route: str = "") -> None:
        self.request_id, self.route = request_id, route
        self.account: int | None = None
        self.began = perf_counter()
        self.asked = 0.0  # when the running statement was sent
        self.sql = 0.0  # seconds until the database's first row, of all statements
        self.statements = 0

    @property
    def seconds(self) -> float:
        return perf_counter() - self.began


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


def open_tally(tally: Tally) -> Token[Tally | None]:
    return _tally.set(tally)


def close_tally(token: Token[Tally | None]) -> None:
    _tally.reset(token)


def running_tally() -> Tally | None:
    """None outside of requests and jobs: commands, tests."""
    return _tally.get()


def request_id() -> str | None:
    """The name of what runs, or of the request that queued it, in every line about it."""
    tally = _tally.get()
    return tally.request_id if tally else None


def new_request_id() -> str:
    return secrets.token_hex(6)


def watch_statements(engine: Engine, slow_seconds: float) -> None:
    """Count and time every statement; write the slow ones down, without their values."""

    @event.listens_for(engine, "before_cursor_execute")
    def before(*_: Any) -> None:
        tally = _tally.get()
        if tally is not None:
            tally.asked = perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def after(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        tally = _tally.get()
        if tally is None:
            return
        took = perf_counter() - tally.asked
        tally.sql += took
        if not statement.startswith(NO_QUESTIONS):
            tally.statements += 1
        if took >= slow_seconds:
            _write_down(tally, statement, took)


def _write_down(tally: Tally, statement: str, took: float) -> None:
    fields = {
        "ms": round(took * 1000),
        "route": _route(tally),
        "statement": " ".join(statement.split())[:MOST_OF_A_STATEMENT],
    }
    log.warning("slow query: %(ms)d ms at %(route)s", fields)


def _route(tally: Tally) -> str:
    rule = request.url_rule if has_request_context() else None
    return f"{request.method} {rule.rule}" if rule else tally.route
