"""A kept page, or that nothing changed, said to visitors before the framework begins.

The framework finds out what an address means, by answering it once (`visitor_pages.Meanings`).
From then on only that is asked which decides about the answer: the generations, the language, the
colours, and whether this visitor asks too often. Whatever else comes is left to the framework.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_login import COOKIE_NAME
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie, parse_etags

from app.core.alone import each_alone
from app.core.fragments import fragments
from app.core.frame import theme_of
from app.core.i18n import chosen_or_wished
from app.core.rate_limit import AllowanceSpent
from app.core.request_limits import count_visitor
from app.core.security import headers_for
from app.core.tally import running_tally
from app.core.visitor_pages import (
    BASIS_READ,
    Meaning,
    Wanted,
    meanings,
    unpacked,
    validators,
    wanted_page,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READS = {"GET", "HEAD"}
UNUSUAL = ("HTTP_HX_REQUEST", "HTTP_AUTHORIZATION", "HTTP_TRANSFER_ENCODING", "SCRIPT_NAME")


@dataclass(frozen=True)
class Answer:
    status: str
    headers: dict[str, str]
    body: bytes = b""


def init_early_answers(app: Flask) -> None:
    app.wsgi_app = EarlyAnswers(app, app.wsgi_app)  # type: ignore[method-assign]


class EarlyAnswers:
    """Around the framework, inside of what counts and logs requests."""

    def __init__(self, app: Flask, inside: WSGIApplication) -> None:
        self._app, self._inside = app, inside
        self._signs_in = (app.config["SESSION_COOKIE_NAME"], COOKIE_NAME)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._answer(environ)
        if answer is None:
            return self._inside(environ, start_response)
        return said(answer, environ, start_response)

    def _answer(self, environ: WSGIEnvironment) -> Answer | None:
        if not self._is_plain(environ):
            return None
        with self._app.app_context():
            meaning = meanings().of(environ)
            if meaning is None:
                return None
            note_route(meaning)
            try:
                count_visitor(environ)
                wanted = _wanted(meaning, environ)
            except (AllowanceSpent, SQLAlchemyError):
                return None  # the framework has a page for each of them
            answer = _kept(wanted, environ) if wanted else None
        if answer is not None:
            environ["werkzeug.request"] = meaning  # where the log looks for the route
        return answer

    def _is_plain(self, environ: WSGIEnvironment) -> bool:
        """Of somebody who cannot be signed in, and with nothing that pages look at."""
        cookies = environ.get("HTTP_COOKIE", "")
        return (
            environ["REQUEST_METHOD"] in READS
            and environ.get("CONTENT_LENGTH") in {None, "", "0"}
            and not any(environ.get(name) for name in UNUSUAL)
            and not any(name in cookies for name in self._signs_in)
        )


def note_route(meaning: Meaning) -> None:
    """Where a slow statement belongs, as long as there is no request that could tell."""
    tally = running_tally()
    if tally is not None:
        tally.route = f"{meaning.method} {meaning.url_rule.rule}"


def said(
    answer: Answer, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """With the headers of every answer."""
    ours = headers_for(answer.headers, secure=environ["wsgi.url_scheme"] == "https")
    start_response(answer.status, [*answer.headers.items(), *ours])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def _wanted(meaning: Meaning, environ: WSGIEnvironment) -> Wanted | None:
    with each_alone():
        basis = meaning.basis(**meaning.view_args)
    if basis is None:
        return None
    environ[BASIS_READ] = basis  # the framework does not ask again when it makes the page
    cookies: Any = parse_cookie(environ) if "HTTP_COOKIE" in environ else {}
    language = chosen_or_wished(
        cookies.get("language", ""), environ.get("HTTP_ACCEPT_LANGUAGE", "")
    )
    return wanted_page(meaning, basis, language, theme_of(cookies.get("theme", "")))


def _kept(wanted: Wanted, environ: WSGIEnvironment) -> Answer | None:
    if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(wanted.etag):
        return Answer("304 NOT MODIFIED", validators(wanted))
    kept = fragments().get(wanted.key)
    if kept is None:
        return None
    headers, text = unpacked(kept)
    body = text.encode()
    length = {"Content-Length": str(len(body))}
    return Answer("200 OK", headers | length | validators(wanted), body)
