"""Headers of every answer, and where a redirect may lead."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request


def nonce() -> str:
    """This answer's script nonce. Made when first asked: error pages come before our hooks."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def set_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def _policy() -> str:
    return (
        "default-src 'none'; "
        f"script-src 'self' 'nonce-{nonce()}'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


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
