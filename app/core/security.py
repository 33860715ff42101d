"""Headers of every answer, and where a redirect may lead."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "private, no-cache",
}
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
WANTED = {
    secure: [(name.lower(), name, value) for name, value in wanted.items()]
    for secure, wanted in ((False, HEADERS), (True, HEADERS | OVER_TLS))
}


def headers_for(there: Iterable[str], *, secure: bool) -> list[tuple[str, str]]:
    """Those of every answer that are not among the names which are there."""
    given = {name.lower() for name in there}
    return [(name, value) for low, name, value in WANTED[secure] if low not in given]


def set_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in headers_for(headers.keys(), secure=request.is_secure):
        headers.add(name, value)
    return response


def safe_target(target: str | None, fallback: str) -> str:
    """A path of our own to go on to; anything that names a host or a scheme is dropped."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    if not target.isprintable():
        return fallback
    parts = urlsplit(target)
    return fallback if parts.netloc or parts.scheme or "\\" in target else target


def init_security(app: Flask) -> None:
    app.after_request(set_headers)
