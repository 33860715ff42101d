"""What several processes share, and how each goes on alone when it dies."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app import create_app
from app.core.breaker import Breaker
from app.core.db import write
from app.core.fragments import fragments
from app.core.jobs import WORK, enqueue, work_waits
from app.core.rate_limit import Allowance, AllowanceSpent
from app.core.release import release
from app.core.request_limits import EXTENSION, Counts, count_search
from app.core.shared_memory import (
    EXTENSION as MEMORY,
)
from app.core.shared_memory import (
    Nothing,
    SharedFragments,
    State,
    Window,
    packed,
    prefix_of,
    shared_memory,
    unpacked,
)
from config import Settings
from tests.services import Valkey as Server
from tests.services import valkey

pytestmark = pytest.mark.any_engine

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(seconds: float) -> time_machine.travel:
    return time_machine.travel(NOON + timedelta(seconds=seconds), tick=False)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with valkey() as running:
        yield running


@pytest.fixture(scope="module")
def pair(settings: Settings, server: Server) -> list[Flask]:
    """Two web processes of one installation."""
    shared = replace(settings, redis_url=server.url)
    both = [create_app(shared, TESTING=True, REQUEST_LIMITS=True) for _ in range(2)]
    for each in both:
        wait_longer(each)
    return both


def wait_longer(app: Flask) -> None:
    """On a busy machine a server that lives may need longer than a page would wait for it."""
    app.extensions[MEMORY]._client.connection_pool.connection_kwargs |= {
        "socket_timeout": 20,
        "socket_connect_timeout": 20,
    }


@pytest.fixture
def two(pair: list[Flask]) -> list[Flask]:
    for each in pair:
        each.extensions[EXTENSION] = Counts()
        each.extensions["fragments"].clear()
        memory = each.extensions[MEMORY]
        memory.breaker, memory.hits, memory.misses = Breaker("it", rest_seconds=0.05), 0, 0
    pair[0].extensions[MEMORY].clear()
    return pair


def codes(app: Flask, times: int, address: str = "192.0.2.7") -> list[int]:
    browser = app.test_client()
    origin = {"REMOTE_ADDR": address}
    return [browser.get("/healthz", environ_overrides=origin).status_code for _ in range(times)]


def test_two_processes_count_one_visitor_together(two: list[Flask]) -> None:
    with at(0):
        seen = codes(two[0], 25) + codes(two[1], 27) + codes(two[0], 1)

    assert seen == [200] * 50 + [429] * 3


def test_refusals_are_not_counted_and_windows_fade(two: list[Flask]) -> None:
    with at(0):
        codes(two[0], 80)
    with at(10):
        assert codes(two[1], 1) == [429]
    with at(15):
        assert codes(two[1], 26) == [200] * 25 + [429]


def test_together_says_the_same_as_alone(two: list[Flask]) -> None:
    """The sum in the shared memory is the sum of `Spending`."""
    alone, few = Counts(), (Allowance(3, 7), Allowance(5, 20))
    shared = two[0].extensions[MEMORY]
    for second in range(60):
        with at(second):
            now = int(NOON.timestamp()) + second
            windows = [Window("t", a.most, a.seconds, *divmod(now, a.seconds)) for a in few]
            counted = shared.count(windows)
            assert counted.allowed is _is_allowed(alone, few)


def _is_allowed(counts: Counts, allowances: tuple[Allowance, ...]) -> bool:
    try:
        counts.spend("t", "x", *allowances)
    except AllowanceSpent:
        return False
    return True


def test_each_counts_for_itself_while_it_is_dead(two: list[Flask], server: Server) -> None:
    with at(0):
        before = codes(two[0], 40)
        server.kill()
        during = codes(two[0], 11)
        other = codes(two[1], 40)
        server.start()
        time.sleep(0.06)
        after = codes(two[1], 51)

    assert before + during == [200] * 50 + [429]  # what others allowed was noted
    assert other == [200] * 40
    assert after == [200] * 50 + [429]


def test_no_address_and_no_token_leaves_the_process(two: list[Flask]) -> None:
    with at(0), two[0].test_request_context(environ_overrides={"REMOTE_ADDR": "192.0.2.7"}):
        count_search(None)
        memory = shared_memory()

        names = list(memory._client.scan_iter())

    assert [name for name in names if b"192.0.2.7" in name] == []


def test_what_one_made_is_there_for_the_other(two: list[Flask]) -> None:
    text = "<p>Grüße</p>" * 500
    with two[0].app_context():
        fragments().put(("post", 1, 7), text)
    with two[1].app_context():
        assert fragments().get_many([("post", 1, 7), ("post", 2, 1)]) == {("post", 1, 7): text}
        assert shared_memory().state() == State(True, hits=1, misses=1)


def test_another_release_makes_its_own(two: list[Flask]) -> None:
    memory = two[0].extensions[MEMORY]
    SharedFragments(memory, "old").put_many({("post", 1): "old"})

    assert SharedFragments(memory, "new").get_many([("post", 1)]) == {}
    assert memory.clear() == 1
    assert SharedFragments(memory, "old").get_many([("post", 1)]) == {}


def test_operator_clears_it_or_hears_that_it_is_away(two: list[Flask], server: Server) -> None:
    memory, both = two[0].extensions[MEMORY], {"a": b"1", "b": b"2"}
    wait_until(lambda: memory.set_many(both) or len(memory.get_many(["a", "b"])) == 2)
    runner = two[0].test_cli_runner()

    with two[0].app_context():  # another application may be the running one
        first = runner.invoke(args=["shared-memory", "clear"])
        server.kill()
        second = runner.invoke(args=["shared-memory", "clear"])
    server.start()

    assert (first.exit_code, first.output) == (0, "2 things forgotten.\n")
    assert (second.exit_code, "does not answer" in second.output) == (1, True)


def test_release_changes_with_a_template(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    page = tmp_path / "templates" / "page.html"
    page.write_text("one")
    first = release(tmp_path)
    page.write_text("two")

    assert (release(tmp_path) == first, len(first)) == (False, 16)


def test_installations_do_not_meet(settings: Settings) -> None:
    there = replace(settings, base_url="https://try.example.org")
    assert prefix_of(settings) != prefix_of(there)
    assert prefix_of(settings) == prefix_of(replace(settings, redis_url="redis://other"))


@pytest.mark.parametrize("text", ["", "short", "long ü " * 1000])
def test_texts_come_back_whole(text: str) -> None:
    assert unpacked(packed(text)) == text


def test_dead_memory_is_asked_once_and_logged_once(
    two: list[Flask], server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    memory = two[0].extensions[MEMORY]
    memory.breaker.rest_seconds = 60
    server.kill()
    with caplog.at_level(logging.WARNING, "interurban.breaker"):
        for _ in range(3):
            assert memory.get_many(["a"]) == {}
            memory.set_many({"a": b"1"})
            memory.publish(WORK)
        assert memory.state(ask=True) == State(False, 0, 3, errors=1, skipped=9)
        memory.breaker._rests_until = 0.0
        server.start()
        assert memory.state(ask=True).answers is True

    said = [record.message for record in caplog.records]
    assert [line.split(" (")[0] for line in said] == ["it does not answer", "it answers again"]


def test_readiness_names_it_and_stays_ready(app: Flask, two: list[Flask], server: Server) -> None:
    server.kill()
    lines = two[0].test_client().get("/readyz").text.splitlines()
    server.start()

    assert "shared memory: does not answer; each process goes on alone, slower" in lines
    assert app.test_client().get("/readyz").text.count("shared memory") == 0


def test_what_one_queues_wakes_the_other(two: list[Flask], server: Server) -> None:
    heard = threading.Event()
    with two[1].extensions[MEMORY].listening(WORK, heard.set):
        wait_until(lambda: somebody_listens(two[0]))
        with two[0].app_context(), write():
            enqueue("files.clear", "wake")
        assert heard.wait(60)
        work_waits.clear()


def test_ear_hears_again_after_the_memory_died(two: list[Flask], server: Server) -> None:
    heard, memory = threading.Event(), two[0].extensions[MEMORY]
    with two[1].extensions[MEMORY].listening(WORK, heard.set):
        server.kill()
        server.start()

        def is_heard() -> bool:
            memory.publish(WORK)
            return heard.wait(0.1)

        wait_until(is_heard)
        assert heard.is_set()


def somebody_listens(app: Flask) -> bool:
    memory = app.extensions[MEMORY]
    return bool(memory._client.pubsub_numsub(memory.prefix + WORK)[0][1])


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_nothing_shared_is_nothing_missed(app: Flask) -> None:
    memory = shared_memory()

    assert isinstance(memory, Nothing)
    assert (memory.get_many(["a"]), memory.count([]), memory.clear()) == ({}, None, 0)
    assert memory.state(ask=True) == State(answers=None)
