"""Headers of every answer, and where a redirect may lead."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.security import nonce, safe_target

NONCE = re.compile(r"'nonce-([\w-]{22})'")
PATHS = ["/", "/no-such-page", "/healthz", "/static/site.css"]


@pytest.mark.parametrize("path", PATHS)
def test_headers_are_on_every_answer(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert NONCE.sub("'nonce-…'", headers["Content-Security-Policy"]) == (
        "default-src 'none'; script-src 'self' 'nonce-…'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"
    assert "Strict-Transport-Security" not in headers


def test_encryption_is_kept_once_it_was_there(client: FlaskClient) -> None:
    headers = client.get("/healthz", base_url="https://localhost").headers

    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_nonce_is_one_per_answer(client: FlaskClient) -> None:
    seen = [NONCE.findall(client.get("/").headers["Content-Security-Policy"]) for _ in range(2)]

    assert [len(found) for found in seen] == [1, 1]
    assert seen[0] != seen[1]


def test_scripts_of_a_page_carry_its_nonce(client: FlaskClient) -> None:
    answer = client.get("/cities")
    (value,) = NONCE.findall(answer.headers["Content-Security-Policy"])

    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert [script for script in scripts if " src=" not in script and value not in script] == []


def test_nonce_stays_within_one_answer(app: Flask) -> None:
    with app.test_request_context():
        assert nonce() == nonce()


@pytest.mark.parametrize("target", ["/", "/topics", "/search?q=a%20b#x", "/städte", "/a//b"])
def test_own_paths_are_safe(target: str) -> None:
    assert safe_target(target, "/fallback") == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "topics",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\x00",
        " /topics",
        "/\u202e",
    ],
)
def test_everything_else_falls_back(target: str | None) -> None:
    assert safe_target(target, "/fallback") == "/fallback"
