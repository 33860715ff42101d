"""Spans as a collector gets them: of requests behind a proxy, their statements, and the worker."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider

from app.core.tracing import Sending, TracedWork, trace_statements
from app.core.watching import name_work, watched_work
from tests.bench.server import serving
from tests.core.test_watching_processes import ask, environment

__all__ = ["environment"]

TRACE = "0af7651916cd43dd8448eb211c80319c"
FINE, WRONG = 0, 2  # Status.StatusCode of the protocol
PARENT = "b7ad6b7169203331"
BY_PROXY = {"traceparent": f"00-{TRACE}-{PARENT}-01", "X_Forwarded_For": "203.0.113.7"}


@dataclass
class Collector:
    port: int = 0
    spans: list[Any] = field(default_factory=list)

    def named(self, name: str) -> list[Any]:
        return [span for span in self.spans if span.name == name]

    def wait_for(self, *words: str) -> None:
        for _ in range(600):
            if all(word in str(self.spans) for word in words):
                return
            time.sleep(0.05)
        raise AssertionError(f"no span tells of {words}")


@contextmanager
def collecting() -> Iterator[Collector]:
    """A server that takes what exporters send."""
    found = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    found.spans.extend(scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing: the spans tell."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        found.port = server.server_port
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield found
        server.shutdown()


def values(span: Any) -> dict[str, Any]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


@pytest.mark.any_engine
def test_collector_gets_requests_with_their_statements(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with collecting() as collector:
        wanted = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}",
            "OTEL_BSP_SCHEDULE_DELAY": "50",
        }
        with serving({**environment, **wanted}, tmp_path / "log") as server:
            ask(server, "/topics?secret=in-the-address", **BY_PROXY)
            _, headers = ask(server, "/healthz")
            collector.wait_for("GET /topics", headers["X-Request-ID"])

    [page] = collector.named("GET /topics")
    inside = [span for span in collector.spans if span.parent_span_id == page.span_id]
    [alive] = (
        one
        for one in collector.named("GET /healthz")
        if values(one)["interurban.request_id"] == headers["X-Request-ID"]
    )
    assert (page.trace_id.hex(), page.parent_span_id.hex()) == (TRACE, PARENT)
    assert values(page)["http.route"] == "/topics"
    assert values(page)["http.response.status_code"] == 200
    assert {span.name for span in inside} == {"SELECT"}
    assert values(inside[0])["db.system.name"] == "sqlite"
    assert alive.parent_span_id == b""
    assert "in-the-address" not in str(collector.spans)


@pytest.mark.any_engine
def test_work_is_one_span_with_its_statements_though_it_fails(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, engine = TracerProvider(), sa.create_engine("sqlite://")
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.port}")
        traced = TracedWork(provider.get_tracer("test"), Sending(provider))
        trace_statements(engine, traced.tracer)
        with pytest.raises(sa.exc.OperationalError), watched_work("job", 1):
            name_work("notes.remind", asked_by="0123456789ab")
            with engine.connect() as connection:
                connection.execute(sa.text("SELECT 'known to nobody else'"))
                connection.execute(sa.text("SELECT missing FROM nothing"))
        provider.shutdown()

    first, second, work = collector.spans
    assert [one.name for one in (first, second, work)] == ["SELECT", "SELECT", "notes.remind"]
    assert [one.status.code for one in (first, second, work)] == [FINE, WRONG, WRONG]
    assert {first.parent_span_id, second.parent_span_id} == {work.span_id}
    assert values(work) == {"interurban.request_id": "0123456789ab"}
