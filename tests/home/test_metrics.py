"""/metrics is what Prometheus reads: right sums, bounded names, nothing personal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families as parse

from app.core.clock import utcnow
from app.core.db import write
from app.core.jobs import enqueue
from app.core.measures import routes
from app.home.families import Family, text_of

LABELS = {"method", "route", "status", "le", "job", "outcome", "state", "kind", "cache", "role",
          "version", "python"}  # fmt: skip


def samples(client: FlaskClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in parse(answer.text)
        for sample in family.samples
    }


def key(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def test_a_request_shows_in_every_family(client: FlaskClient) -> None:
    place = {"method": "GET", "route": "/cities"}
    client.get("/cities")
    before = samples(client)
    client.get("/cities")
    after = samples(client)

    for name, more in (
        (key("interurban_requests_total", **place, status="2xx"), 1),
        (key("interurban_request_seconds_count", **place), 1),
        (key("interurban_request_seconds_bucket", **place, le="+Inf"), 1),
        (key("interurban_request_statements_count", **place), 1),
        (key("interurban_requests_total", method="GET", route="/healthz", status="2xx"), 0),
    ):
        assert after.get(name, 0) - before.get(name, 0) == more
    for grows in ("request_seconds_sum", "request_sql_seconds_total", "response_bytes_total"):
        name = key(f"interurban_{grows}", **place)
        assert after[name] > before[name]


def test_buckets_add_up(client: FlaskClient) -> None:
    client.get("/healthz")
    place = {"method": "GET", "route": "/healthz"}

    found = samples(client)

    steps = [
        (float(dict(labels)["le"]), value)
        for (name, labels), value in found.items()
        if name == "interurban_request_seconds_bucket" and place.items() <= dict(labels).items()
    ]
    values = [value for _bound, value in sorted(steps)]
    assert values == sorted(values)
    assert values[-1] == found[key("interurban_request_seconds_count", **place)]


def routes_in(found: Any) -> set[str]:
    return {dict(labels).get("route", "unknown") for _name, labels in found}


def test_names_are_bounded(app: Flask, client: FlaskClient) -> None:
    others = routes_in(samples(client))  # of other applications in this process
    for address in ("/a", "/b/c", "/threads/1", "/threads/2", "/topics/x?y=z", "/confirm/secret"):
        client.get(address)

    found = samples(client)

    known = {name.rpartition(" ")[2] for name in routes(app)} | {"unknown"}
    assert routes_in(found) - others <= known
    assert {label for _name, labels in found for label in dict(labels)} <= LABELS


def test_queue_tells_how_long_work_waits(client: FlaskClient) -> None:
    with write():
        enqueue("search.example", "one")
        enqueue("search.example", "later", run_at=utcnow() + timedelta(days=1))

    with time_machine.travel(utcnow() + timedelta(seconds=90), tick=False):
        found = samples(client)

    assert found[key("interurban_queue_due", kind="job")] == 1
    assert found[key("interurban_queue_oldest_seconds", kind="job")] == pytest.approx(90, abs=5)
    assert found[key("interurban_queue_oldest_seconds", kind="mail")] == 0


def test_what_runs_is_told(client: FlaskClient) -> None:
    client.get("/healthz")

    found = samples(client)

    assert found[key("interurban_processes", role="web")] >= 1
    assert found[key("interurban_processes", role="worker")] == 0
    assert found[key("interurban_resident_memory_bytes", role="web")] > 1_000_000
    assert key("interurban_mails_total", outcome="sent") in found
    assert key("interurban_cache_total", cache="fragments", outcome="hit") in found
    assert key("interurban_database_connections", state="in_use") in found
    assert [dict(labels)["version"] for name, labels in found if name.endswith("info")] == ["0.1.0"]


def test_scrape_takes_the_same_statements_however_much_was_counted(
    client: FlaskClient, count_statements
) -> None:
    with count_statements() as few:
        client.get("/metrics")
    for address in ("/", "/topics", "/cities", "/nowhere"):
        client.get(address)
    with count_statements() as many:
        client.get("/metrics")

    assert len(few) == len(many) == 6


@pytest.mark.any_engine
def test_text_of_odd_values_can_be_read() -> None:
    family = Family("odd", "gauge", "Odd.")
    family.add(1.5, label='a "quote" \\ and\na line')
    family.add(float("nan"), label="nan")
    family.add(float("-inf"), label="inf")

    (read,) = parse(text_of([family]))

    assert read.samples[0].labels == {"label": 'a "quote" \\ and\na line'}
    assert [str(sample.value) for sample in read.samples] == ["1.5", "nan", "-inf"]
