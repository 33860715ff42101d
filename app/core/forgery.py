"""Forms are taken from our own pages only: by a token in the session, or by where they come from.

A visitor's public page is the same for everybody and carries no token; there the browser says
which page a form was on. Who is signed in always needs the token.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup, escape

from app.core.clock import utcnow
from app.core.fragments import leaves_tokens_out, path_place, token_place
from app.core.frame import here_path
from app.core.visitor_pages import is_for_everybody

TOKENS = "signed_tokens"
SALT = "wtf-csrf-token"  # of Flask-WTF, which reads what is signed here
MOST_TOKENS, SIGNED_FOR_SECONDS = 2000, 300  # a form is taken for a day


class Tokens:
    """Signed tokens of the sessions that asked lately: signing one takes longer than finding it."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def of(self, own: str) -> str | None:
        signed_at, token = self._found.get(own, (0.0, None))
        return token if 0 <= utcnow().timestamp() - signed_at < SIGNED_FOR_SECONDS else None

    def keep(self, own: str, token: str) -> None:
        """The oldest make room."""
        self._found.pop(own, None)
        self._found[own] = utcnow().timestamp(), token
        while len(self._found) > MOST_TOKENS:
            with suppress(KeyError):  # another thread made room
                self._found.popitem(last=False)


class Forgery(CSRFProtect):
    """Flask-WTF's protection of every form, with one more proof for visitors."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def init_app(self, app: Flask) -> None:
        app.extensions[TOKENS] = Tokens()
        super().init_app(app)  # type: ignore[no-untyped-call]
        app.jinja_env.globals["csrf_token"] = csrf_token
        app.context_processor(lambda: {"csrf_token": csrf_token})

    def protect(self, apply_exemptions: bool = False) -> None:
        if request.method not in current_app.config["WTF_CSRF_METHODS"]:
            return
        token: str | None = self._get_csrf_token()  # type: ignore[no-untyped-call]
        if _is_visitors_own(token):
            g.csrf_valid = True
        else:
            super().protect(apply_exemptions)  # type: ignore[no-untyped-call]


def csrf_token() -> str:
    """This session's token; nothing on a page that everybody sees, a mark in a kept part."""
    if leaves_tokens_out():  # a part made for a visitor's page is also laid into members' pages
        return token_place()
    if is_for_everybody():
        return ""
    return str(g.csrf_token if "csrf_token" in g else _signed())


def _signed() -> str:
    """One that was signed for this session a short while ago, else a new one."""
    token = signed_lately(session.get("csrf_token", ""))
    if token is None:
        token = str(generate_csrf())
        current_app.extensions[TOKENS].keep(session["csrf_token"], token)
    g.csrf_token = token
    return token


def token_of(own: object) -> str | None:
    """The token of the session that has this of its own, outside of a request. None: it has none
    yet, and gets one with its next cookie.
    """
    if not isinstance(own, str) or not own:
        return None
    token = signed_lately(own)
    if token is None:
        key: Any = current_app.config.get("WTF_CSRF_SECRET_KEY") or current_app.secret_key
        token = str(URLSafeTimedSerializer(key, salt=SALT).dumps(own))
        current_app.extensions[TOKENS].keep(own, token)
    return token


def signed_lately(own: str) -> str | None:
    """The token of the session that has this of its own, if it was signed a short while ago."""
    tokens: Tokens = current_app.extensions[TOKENS]
    return tokens.of(own) if own else None


def with_token(text: str) -> Markup:
    """A kept part with this session's token and this page's address in its forms."""
    place = token_place()
    if place not in text:
        return Markup(text)  # noqa: S704 - rendered by our templates
    with_path = text.replace(path_place(), escape(here_path()))
    return Markup(with_path.replace(place, csrf_token()))  # noqa: S704


def comes_from_us() -> bool:
    """Whether the browser says that this form was on a page of ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    page = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(page).netloc == request.host


def _is_visitors_own(token: str | None) -> bool:
    return not token and "_user_id" not in session and comes_from_us()
