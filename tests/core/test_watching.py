"""Each request and each job: a name, a line, its counts, and nothing secret."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import EnvironBuilder

from app import create_app
from app.accounts.models import User
from app.core.db import db, write
from app.core.fragments import fragments
from app.core.jobs import Job, JobState, enqueue, job
from app.core.measures import BY_STATEMENTS, BY_STATUS, QUERIES, STATEMENTS, Measures
from app.core.tally import Tally, close_tally, open_tally, request_id, watch_statements
from app.core.watching import Watch, name_work, watched_work
from app.core.worker import Worker
from config import Settings
from tests.factories import make_topic, make_user
from tests.factories_forum import make_thread

Signed = Callable[[User], FlaskClient]
TOKEN = "kept-secret-token"


@job("test.seen")
def seen(fails: bool = False) -> None:
    db.session.execute(sa.text("SELECT 1"))
    if fails:
        raise LookupError("nothing there")


@contextmanager
def lines(logger: str, level: int = logging.INFO) -> Iterator[list[logging.LogRecord]]:
    """What this logger writes meanwhile."""
    found: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record)

    log, keep = logging.getLogger(logger), Keep()
    before = log.level
    log.addHandler(keep)
    log.setLevel(level)
    yield found
    log.removeHandler(keep)
    log.setLevel(before)


def fields(record: logging.LogRecord) -> dict[str, Any]:
    assert isinstance(record.args, dict)
    return record.args


def numbers_of(app: Flask) -> dict[str, list[float]]:
    measures: Measures = app.extensions["measures"]
    return measures.totals()[0]


def test_line_of_a_request(app: Flask, client_for: Signed) -> None:
    person = make_user()
    thread = make_thread(make_topic(), person)
    browser = client_for(person)

    with lines("interurban.request") as written:
        answer = browser.get(f"/threads/{thread.id}-{thread.title}?token={TOKEN}")

    line = fields(written[0])
    assert line | {"ms": 0, "sql_ms": 0, "statements": 0} == {
        "method": "GET",
        "route": "/threads/<int:thread_id>-<slug>",
        "status": answer.status_code,
        "ms": 0,
        "sql_ms": 0,
        "statements": 0,
        "bytes": answer.content_length,
        "thread_id": thread.id,
        "account": person.id,
    }
    assert line["statements"] > 0
    assert TOKEN not in written[0].getMessage()


@pytest.mark.parametrize(
    "address", [f"/confirm/{TOKEN}", f"/{TOKEN}", f"/feeds/{TOKEN}/latest.atom"]
)
def test_no_token_of_an_address_is_written(client: FlaskClient, address: str) -> None:
    with lines("interurban.request") as written:
        client.get(address)

    assert [TOKEN in str(line.__dict__) for line in written] == [False]


def test_statements_are_those_that_tests_count(
    app: Flask, client: FlaskClient, count_statements: Any
) -> None:
    address = f"/threads/{make_thread(make_topic(), make_user()).id}"
    client.get("/cities")

    with lines("interurban.request") as written, count_statements() as statements:
        client.get(address)
        client.get("/cities")

    assert sum(fields(line)["statements"] for line in written) == len(statements)


def test_counts_of_routes(app: Flask, client: FlaskClient) -> None:
    def row(route: str) -> list[float]:
        return numbers_of(app).get(f"route:{route}", [0.0] * 40)

    before = row("GET /healthz"), row("unknown")
    client.get("/healthz")
    client.head("/healthz")
    client.post("/healthz")
    client.open("/healthz", method="BREW")
    client.get("/no-such-page")
    after = row("GET /healthz"), row("unknown")

    new = [[a - b for a, b in zip(*pair, strict=False)] for pair in zip(after, before, strict=True)]
    assert new[0][BY_STATUS] == [2, 0, 0, 0]
    assert new[1][BY_STATUS] == [0, 0, 3, 0]
    assert (new[0][BY_STATEMENTS], new[0][QUERIES]) == ([2, *[0] * len(STATEMENTS)], 0)


@pytest.mark.any_engine
def test_a_child_counts_in_cells_of_its_own(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, data_dir=tmp_path))
    app.test_client().get("/healthz")

    child = os.fork()
    if not child:
        app.test_client().get("/healthz")
        os._exit(0)
    os.waitpid(child, 0)

    assert numbers_of(app)["route:GET /healthz"][BY_STATUS] == [2, 0, 0, 0]
    assert len(list(tmp_path.rglob("*.cells"))) == 1


@pytest.mark.any_engine
def test_answer_that_breaks_off_is_an_error(app: Flask) -> None:
    def break_off(*_: object) -> list[bytes]:
        raise KeyboardInterrupt

    watch = Watch(break_off, app.extensions["measures"], 1)

    with lines("interurban.request") as written, pytest.raises(KeyboardInterrupt):
        watch({"REQUEST_METHOD": "GET"}, print)

    assert (written[0].levelno, fields(written[0])["status"]) == (logging.WARNING, 500)
    assert request_id() is None


@pytest.mark.any_engine
def test_slow_answers_are_warnings(app: Flask, client: FlaskClient) -> None:
    watch: Watch = app.extensions["watch"]
    before, watch.slow_seconds = watch.slow_seconds, 0.0
    try:
        with lines("interurban.request", logging.WARNING) as written:
            client.get("/healthz")
    finally:
        watch.slow_seconds = before

    assert [line.getMessage()[:24] for line in written] == [
        "GET /healthz 200 in " + written[0].getMessage()[20:24]
    ]


def asked(app: Any, given: str) -> str:
    headers: dict[str, str] = {}

    def start(_status: str, answered: list[tuple[str, str]], *_: object) -> None:
        headers.update(answered)

    environ = EnvironBuilder("/healthz", environ_base={"REMOTE_ADDR": "127.0.0.1"}).get_environ()
    environ |= {"HTTP_X_REQUEST_ID": given, "HTTP_X_FORWARDED_FOR": "203.0.113.7"}
    b"".join(app(environ, start))
    return headers["X-Request-ID"]


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("given", "is_taken"),
    [("0123456789abcdef0123456789abcdef", True), ("a.b-c_d9", True), ("short", False),
     ("x" * 65, False), ("1234567\n8", False), ("12345678<i>", False), ("", False)],
)  # fmt: skip
def test_name_is_the_proxys_when_well_formed(app: Flask, given: str, is_taken: bool) -> None:
    behind = asked(ProxyFix(app.wsgi_app, x_for=1), given)
    alone = asked(app.wsgi_app, given)

    assert (behind == given) is is_taken
    assert alone != given
    assert [len(alone), alone.isalnum()] == [12, True]


@pytest.mark.any_engine
def test_error_page_names_the_request(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, data_dir=tmp_path))
    app.add_url_rule("/break/<word>", "break", lambda word: 1 // 0)

    with lines("app", logging.ERROR) as written:
        answer = app.test_client().get(f"/break/{TOKEN}")

    name = answer.headers["X-Request-ID"]
    assert (answer.status_code, name in answer.text) == (500, True)
    assert written[0].getMessage() == f"error {name} at GET /break/<word>"


def test_slow_statements_are_written_without_values(app: Flask) -> None:
    engine = sa.create_engine(db.engine.url)
    watch_statements(engine, 0.0)
    tally = Tally("12345678", "a.job")
    token = open_tally(tally)
    try:
        with lines("interurban.query") as written, engine.connect() as connection:
            connection.execute(sa.select(sa.literal(TOKEN)))
            with pytest.raises(sa.exc.SQLAlchemyError):
                connection.execute(sa.text("SELECT nothing_here"))
    finally:
        close_tally(token)
        engine.dispose()

    asked = [fields(line) for line in written if "SELECT" in fields(line)["statement"]]
    assert [(line["route"], TOKEN in str(line)) for line in asked][-1] == ("a.job", False)
    assert tally.sql > 0


def test_job_carries_the_name_of_its_request(app: Flask, settings: Settings) -> None:
    token = open_tally(Tally("asked-by-1"))
    with write():
        enqueue("test.seen", "one")
        enqueue("test.seen", "two", fails=True)
    close_tally(token)
    before = numbers_of(app).get("job:unknown", [0.0, 0.0, 0.0])

    names: list[str | None] = []
    with lines("interurban.work") as written:
        worker = Worker(settings)
        while worker.one_job():
            names.append(request_id())

    tried = {fields(line)["outcome"]: fields(line) for line in written}
    assert {outcome: line["work"] for outcome, line in tried.items()} == {
        "done": "test.seen",
        "failed": "test.seen",
    }
    assert tried["done"]["statements"] > 0
    assert db.session.scalars(sa.select(Job.request_id)).all() == ["asked-by-1"] * 2
    assert db.session.scalars(sa.select(Job.state).order_by(Job.id)).first() == JobState.DONE
    after = numbers_of(app)
    counted = after.get("job:test.seen") or [
        a - b for a, b in zip(after["job:unknown"], before, strict=True)
    ]
    assert counted[:2] == [1, 1]


@pytest.mark.any_engine
def test_work_that_found_nothing_to_do_is_not_counted(app: Flask) -> None:
    before = numbers_of(app)

    with lines("interurban.work") as written, watched_work("job", 1):
        pass
    name_work("nobody listens")

    assert written == []
    assert {name: row for name, row in numbers_of(app).items() if name.startswith("job:")} == {
        name: row for name, row in before.items() if name.startswith("job:")
    }


@pytest.mark.any_engine
def test_what_caches_counted_is_copied(app: Flask, client: FlaskClient) -> None:
    fragments().put(("something", "kept"), "words")
    client.get("/healthz")
    before, missed = numbers_of(app), fragments().misses
    fragments().get(("nothing", "kept", "here"))
    client.get("/healthz")

    counted = numbers_of(app)

    more = counted["count:fragments_miss"][0] - before.get("count:fragments_miss", [0.0])[0]
    assert more == fragments().misses - missed
    assert "level:fragments_size" in counted


@pytest.mark.any_engine
def test_process_begins_its_own_work_once(app: Flask, client: FlaskClient) -> None:
    watch: Watch = app.extensions["watch"]
    begun: list[int] = []
    watch.on_first, watch._pid = lambda: begun.append(os.getpid()), 0
    try:
        client.get("/healthz")
        client.get("/healthz")
    finally:
        watch.on_first = None

    assert begun == [os.getpid()]
