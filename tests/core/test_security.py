"""Headers of every answer, and where a redirect may lead."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.core.security import safe_target

PATHS = ["/", "/no-such-page", "/healthz", "/static/site.css"]


@pytest.mark.parametrize("path", PATHS)
def test_headers_are_on_every_answer(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
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


def test_every_script_of_a_page_is_a_file(client: FlaskClient) -> None:
    scripts = re.findall(r"<script[^>]*>", client.get("/cities").text)

    assert [script for script in scripts if " src=" not in script] == []


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
