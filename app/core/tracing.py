"""Traces in the terms of OpenTelemetry: a span for each request and piece of work, and inside it
one for each statement. Only for who asks for it: the packages are the extra `trace`.

Where the spans go and how many of them is said by the standard's own environment variables
(https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextvars import Token
from threading import Lock
from typing import Any

from flask import Flask
from opentelemetry import context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import (
    SERVICE_NAME,
    SERVICE_VERSION,
    OTELResourceDetector,
    Resource,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from app.core.db import db
from app.core.measures import version
from app.core.signals import work_began, work_ended
from app.core.tally import MOST_OF_A_STATEMENT, NO_QUESTIONS, Tally
from app.core.watching import BEHIND_PROXY, SENT

Start = Callable[..., Any]


def trace_everything(app: Flask) -> None:
    """Trace what this application and its worker do."""
    itself = Resource({SERVICE_NAME: "interurban", SERVICE_VERSION: version()})
    provider = TracerProvider(resource=itself.merge(OTELResourceDetector().detect()))
    tracer = provider.get_tracer("interurban")
    sending = Sending(provider)
    requests = TracedRequests(app.wsgi_app, tracer, sending)
    app.wsgi_app = requests  # type: ignore[method-assign, assignment]
    work = TracedWork(tracer, sending)
    app.extensions["traced work"] = work  # signals hold their receivers weakly
    with app.app_context():
        trace_statements(db.engine, tracer)


class Sending:
    """Sends in a thread of its own, begun with the first span of a process: never before a fork."""

    def __init__(self, provider: TracerProvider) -> None:
        self.provider = provider
        self._pid = 0
        self._lock = Lock()

    def begin(self) -> None:
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    self.provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
                    self._pid = os.getpid()  # from now on nobody waits here


class TracedRequests:
    """Around everything but the proxy's headers."""

    def __init__(self, inside: Any, tracer: Tracer, sending: Sending) -> None:
        self.inside, self.tracer, self.sending = inside, tracer, sending

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        self.sending.begin()
        before = _told_by_proxy(environ)
        method = environ["REQUEST_METHOD"]
        with self.tracer.start_as_current_span(method, before, SpanKind.SERVER) as span:

            def start_traced(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
                _describe(span, method, environ.get("werkzeug.request"), status, headers)
                return start(status, headers, *rest)

            answer: Iterable[bytes] = self.inside(environ, start_traced)
            return answer


def _told_by_proxy(environ: dict[str, Any]) -> context.Context:
    """The trace that a proxy began; a browser does not choose the names of ours."""
    if BEHIND_PROXY not in environ:
        return context.Context()
    known = ("traceparent", "tracestate")
    told = {name: environ.get(f"HTTP_{name.upper()}", "") for name in known}
    return extract({name: value for name, value in told.items() if value}, context.Context())


def _describe(
    span: Span, method: str, request: Any, status: str, headers: list[tuple[str, str]]
) -> None:
    """The route's pattern, never the path: tokens stand in paths."""
    rule = getattr(request, "url_rule", None)
    if rule is not None:
        span.update_name(f"{method} {rule.rule}")
        span.set_attribute("http.route", rule.rule)
    span.set_attribute("http.request.method", method)
    span.set_attribute("http.response.status_code", int(status[:3]))
    span.set_attribute("interurban.request_id", dict(headers).get(SENT, ""))
    if status[0] == "5":
        span.set_status(Status(StatusCode.ERROR))


class TracedWork:
    """Jobs and mails of the worker, named when they are known."""

    def __init__(self, tracer: Tracer, sending: Sending) -> None:
        self.tracer, self.sending = tracer, sending
        self._open: dict[int, tuple[Span, Token[context.Context]]] = {}  # by tally
        work_began.connect(self.begin)
        work_ended.connect(self.end)

    def begin(self, tally: Tally) -> None:
        self.sending.begin()
        span = self.tracer.start_span("work", context.Context(), SpanKind.CONSUMER)
        self._open[id(tally)] = span, context.attach(set_span_in_context(span))

    def end(self, tally: Tally, is_done: bool) -> None:
        span, before = self._open.pop(id(tally))
        context.detach(before)
        span.update_name(tally.route or "work")
        span.set_attribute("interurban.request_id", tally.request_id)
        if not is_done:
            span.set_status(Status(StatusCode.ERROR))
        span.end()


def trace_statements(engine: Engine, tracer: Tracer) -> None:
    """Statements with the places for their values, never the values."""

    @event.listens_for(engine, "before_cursor_execute")
    def before(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(NO_QUESTIONS):
            span = tracer.start_span(statement.split(maxsplit=1)[0], kind=SpanKind.CLIENT)
            span.set_attribute("db.system.name", engine.dialect.name)
            span.set_attribute("db.query.text", " ".join(statement.split())[:MOST_OF_A_STATEMENT])
            connection.info["span"] = span

    @event.listens_for(engine, "after_cursor_execute")
    def after(connection: Connection, *_: Any) -> None:
        if span := connection.info.pop("span", None):
            span.end()

    @event.listens_for(engine, "handle_error")
    def failed(error: Any) -> None:
        if error.connection is not None and (span := error.connection.info.pop("span", None)):
            span.set_status(Status(StatusCode.ERROR))
            span.end()
