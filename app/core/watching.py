"""Around every request and every job: a name for the logs, the clock, one line, the counts."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, g
from sqlalchemy import inspect

from app.core.db import db
from app.core.measures import Measures, init_measures, measures
from app.core.signals import work_began, work_ended
from app.core.tally import (
    WELL_FORMED,
    Tally,
    close_tally,
    new_request_id,
    open_tally,
    running_tally,
    watch_statements,
)
from config import Settings

REQUEST_LINE = "%(method)s %(route)s %(status)d in %(ms).1f ms, %(statements)d statements"
WORK_LINE = "%(work)s %(id)d %(outcome)s in %(ms).1f ms, %(statements)d statements"
BEHIND_PROXY = "werkzeug.proxy_fix.orig"
GIVEN, SENT = "HTTP_X_REQUEST_ID", "X-Request-ID"

requests_log = logging.getLogger("interurban.request")
work_log = logging.getLogger("interurban.work")

Start = Callable[..., Any]


def init_watching(app: Flask, settings: Settings) -> None:
    """After everything else that wraps the application: second tries are in the time of one."""
    init_measures(app, settings.data_dir)
    with app.app_context():
        watch_statements(db.engine, settings.slow_query_ms / 1000)
    watch = Watch(app.wsgi_app, app.extensions["measures"], settings.slow_request_ms / 1000)
    app.wsgi_app = watch  # type: ignore[method-assign, assignment]
    app.extensions["watch"] = watch
    app.after_request(note_account)


class Watch:
    """Outside of the framework: error pages, sessions and everything else are in its time."""

    def __init__(self, inside: Any, numbers: Measures, slow_seconds: float) -> None:
        self.inside, self.numbers, self.slow_seconds = inside, numbers, slow_seconds
        self.on_first: Callable[[], None] | None = None  # what a process begins beside its answers
        self._pid = 0

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        tally = Tally(_request_id(environ))
        running = open_tally(tally)
        answer = Answer()

        def start_named(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            answer.read(status, headers, environ.get("werkzeug.request"))
            headers.append((SENT, tally.request_id))
            return start(status, headers, *rest)

        try:
            body: Iterable[bytes] = self.inside(environ, start_named)
            return body
        finally:
            self._note(tally, answer)
            close_tally(running)

    def _note(self, tally: Tally, answer: Answer) -> None:
        if self.on_first is not None and self._pid != os.getpid():
            self._pid = os.getpid()
            self.on_first()
        tally.route, seconds = answer.route, tally.seconds
        self.numbers.count_request(answer.route, answer.status, seconds, answer.size, tally)
        is_odd = answer.status >= 500 or seconds >= self.slow_seconds
        level = logging.WARNING if is_odd else logging.INFO
        if requests_log.isEnabledFor(level):
            requests_log.log(level, REQUEST_LINE, _fields(tally, answer, seconds))


class Answer:
    """What is known when an answer begins; later the framework has forgotten the request."""

    __slots__ = ("numbers", "route", "size", "status")

    def __init__(self) -> None:
        self.status, self.size, self.route = 500, 0, "unknown"
        self.numbers: dict[str, int] = {}  # those in the address

    def read(self, line: str, headers: list[tuple[str, str]], request: Any) -> None:
        """The route's pattern, never the path: tokens stand in paths."""
        self.status, self.size = int(line[:3]), _size(headers)
        rule = getattr(request, "url_rule", None)
        if rule is not None:
            method = "GET" if request.method == "HEAD" else request.method
            self.route = f"{method} {rule.rule}"
            values = (request.view_args or {}).items()
            self.numbers = {name: value for name, value in values if isinstance(value, int)}


def _request_id(environ: dict[str, Any]) -> str:
    """The proxy's name for this request if there is a proxy; a browser does not choose ours."""
    given = environ.get(GIVEN, "")
    if given and BEHIND_PROXY in environ and WELL_FORMED.fullmatch(given):
        return str(given)
    return new_request_id()


def _size(headers: list[tuple[str, str]]) -> int:
    for name, value in headers:
        if name == "Content-Length":
            return int(value)
    return 0


def _fields(tally: Tally, answer: Answer, seconds: float) -> dict[str, Any]:
    method, _, route = answer.route.rpartition(" ")
    fields: dict[str, Any] = {
        "method": method or "-",
        "route": route,
        "status": answer.status,
        "ms": round(seconds * 1000, 1),
        "sql_ms": round(tally.sql * 1000, 1),
        "statements": tally.statements,
        "bytes": answer.size,
        **answer.numbers,
    }
    if tally.account is not None:
        fields["account"] = tally.account
    return fields


def note_account(response: Response) -> Response:
    """Who asked, as a number; the row is not read again for it."""
    tally = running_tally()
    if tally is not None and requests_log.isEnabledFor(logging.INFO):
        person: Any = inspect(g.get("_login_user"), raiseerr=False)
        if person is not None and person.identity:
            tally.account = person.identity[0]
    return response


@contextmanager
def watched_work(kind: str, row_id: int) -> Iterator[None]:
    """Around one job or mail of a worker. `name_work` says what it turned out to be."""
    tally = Tally(new_request_id())
    running = open_tally(tally)
    work_began.send(tally)
    is_done = False
    try:
        yield
        is_done = True
    finally:
        work_ended.send(tally, is_done=is_done)
        if tally.route:
            measures().count_job(tally.route, is_done, tally.seconds)
            _write_work(kind, row_id, tally, is_done)
        close_tally(running)


def name_work(name: str, asked_by: str | None = None) -> None:
    """What runs now, and the request that queued it: both carry the same id in the logs."""
    tally = running_tally()
    if tally is not None:
        tally.route = name
        tally.request_id = asked_by or tally.request_id


def _write_work(kind: str, row_id: int, tally: Tally, is_done: bool) -> None:
    if work_log.isEnabledFor(logging.INFO):
        fields = {
            "work": tally.route if kind == "job" else kind,
            "id": row_id,
            "outcome": "done" if is_done else "failed",
            "ms": round(tally.seconds * 1000, 1),
            "sql_ms": round(tally.sql * 1000, 1),
            "statements": tally.statements,
        }
        work_log.info(WORK_LINE, fields)
