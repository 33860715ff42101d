"""The parts of `make bench-peers` that need no server."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.bench.client import get, in_turn
from tests.bench.measuring import Figures
from tests.bench.peers import table
from tests.bench.peers.browsing import hidden
from tests.bench.peers.comparing import figures
from tests.bench.peers.forums import Chosen, Forum, anew
from tests.bench.peers.theirs.reading import Network, Reading, Thread, Topic

pytestmark = pytest.mark.any_engine

OURS = Figures(per_second=412.3, p50=19.04, p95=31.2, p99=40, cpu=2.5, bytes=51_200, requests=900)
THEIRS = Figures(per_second=12.26, p50=655.4, p95=1201, p99=1400, cpu=159, bytes=9_216, requests=40)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """One topic that visitors may not read, one that they may, each with a thread."""
    path = tmp_path / "interurban.db"
    rows = sqlite3.connect(path)
    rows.executescript(
        """CREATE TABLE topic (id INTEGER, names TEXT, slug TEXT, visibility TEXT);
        CREATE TABLE user (id INTEGER, handle TEXT);
        CREATE TABLE thread (id INTEGER, topic_id INTEGER, author_id INTEGER, title TEXT,
            last_number INTEGER, last_author_id INTEGER, created_at TEXT, last_post_at TEXT,
            accepted_number INTEGER, visibility TEXT);
        CREATE TABLE post (id INTEGER, thread_id INTEGER, number INTEGER, author_id INTEGER,
            body TEXT, created_at TEXT);
        CREATE TABLE thread_read (user_id INTEGER, thread_id INTEGER, last_read INTEGER);
        INSERT INTO topic VALUES (3, '{"en": "Inside"}', 'inside', 'network'),
            (8, '{"en": "Housing"}', 'housing', 'public');
        INSERT INTO user VALUES (1, 'official');
        INSERT INTO thread VALUES
            (5, 3, 1, 'Twenty', 20, 1, '2026-01-01', '2026-01-01', NULL, 'public'),
            (6, 8, 1, 'Beds', 2, 1, '2026-01-02 10:00:00', '2026-01-02 11:00:00', 2, 'public');
        INSERT INTO post VALUES (10, 5, 1, 1, 'One', '2026-01-01 10:00:00'),
            (11, 6, 1, 1, 'Where', '2026-01-02 10:00:00'),
            (12, 6, 2, 1, 'Here', '2026-01-02 11:00:00');
        INSERT INTO thread_read VALUES (1, 6, 2);"""
    )
    rows.close()
    return path


def test_cell_has_speed_times_cpu_and_size() -> None:
    assert table.cell(OURS) == "412 (19.0/31.2) [2.5] 50.0"


def test_cell_without_figures_says_why() -> None:
    assert table.cell("answers 500") == "answers 500"


class Slow(BaseHTTPRequestHandler):
    """A forum whose search takes longer than anybody waits."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/search":
            time.sleep(0.3)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *words: object) -> None:
        """Say nothing."""


def test_a_page_that_does_not_answer_holds_up_no_other() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, args=[0.01]).start()
        forum = Forum("Slow", server.server_port, (), None, {}, {}, at_once=1, most=2)
        search, front = (in_turn([get(path)]) for path in ("/search", "/"))
        cells = figures(forum, search, patience=0.1), figures(forum, front)
        server.shutdown()

    assert cells[0] == "> 0.1 s"
    assert isinstance(cells[1], Figures)
    assert cells[1].requests == 2


def test_small_numbers_keep_two_places() -> None:
    assert [table.brief(n) for n in (0.123, 4.56, 1234.5)] == ["0.12", "4.6", "1,234"]


def test_ratio_is_cpu_beside_the_first_forum() -> None:
    measured: table.Measured = {"thread": {"A": OURS, "B": THEIRS, "C": "failed"}}
    expected = [["CPU beside A", "B", "C"], ["thread", "63.6 ×", ""]]
    assert list(table.ratios(measured, ["A", "B", "C"])) == expected


def test_markdown_has_a_row_for_each_page() -> None:
    measured: table.Measured = {"thread": {"A": OURS}}
    lines = table.markdown(list(table.rows(measured, ["A", "B"]))).splitlines()
    assert lines == [
        "| page | A | B |",
        "|---|---|---|",
        "| thread | 412 (19.0/31.2) [2.5] 50.0 | not measured |",
    ]


def test_hidden_field_is_found_in_any_order_of_attributes() -> None:
    page = '<input type="text" name="q"><input value="abc" type="hidden" name="csrf_token">'
    assert hidden(page, "csrf_token") == "abc"


def test_every_forum_is_asked_for_what_a_visitor_may_read(source: Path) -> None:
    assert Chosen.of(source) == Chosen(8, 2, "housing", 6, 5, 1, "official")


def test_no_visitor_asks_for_the_same_address_twice() -> None:
    asking = anew("/threads/1?page=2")
    assert [asking().split()[1] for _ in range(2)] == [
        b"/threads/1?page=2&anew=0",
        b"/threads/1?page=2&anew=1",
    ]


def test_rivals_get_all_topics_threads_and_readings(source: Path) -> None:
    network = Network(str(source))
    ten, eleven = (datetime(2026, 1, 2, hour, tzinfo=UTC) for hour in (10, 11))
    assert network.topics() == [Topic(3, "Inside"), Topic(8, "Housing")]
    assert list(network.threads())[1] == Thread(6, 8, 1, "Beds", 2, 1, ten, eleven, 11, 12, 12)
    assert list(network.readings()) == [Reading(1, 6, 8, 12, eleven)]


def test_only_posts_of_the_last_days_count_as_read(source: Path) -> None:
    since = datetime(2026, 1, 2, 10, 30, tzinfo=UTC)
    assert list(Network(str(source)).read_posts(since)) == [(1, 6, 8, 12)]
