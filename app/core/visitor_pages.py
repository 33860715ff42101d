"""Public pages as every visitor sees them: kept whole, and answered before anything is rendered.

A visitor is whoever is not signed in. What such a page depends on is its key; the key is also the
ETag. Nobody's token stands in it: forms on it are taken when they come from a page of ours
(`app.core.forgery`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user as _current_user

from app.core.clock import utcnow
from app.core.fragments import Key, fragments
from app.core.frame import theme
from app.core.generations import generations
from app.core.i18n import language
from app.core.release import release
from app.core.static_files import asset

P = ParamSpec("P")
R = TypeVar("R")

current_user: Any = _current_user

BASIS, RELEASE = "visitor_page_basis", "release"
FOR_EVERYBODY = "public, max-age=0, s-maxage=2, must-revalidate"
VARY = "Accept-Language, Cookie, HX-Request"
SETTLED = timedelta(seconds=2)  # a moment is named only when no second change can fall into it
KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Link")
DAY, MINUTE = "%Y-%m-%d", "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Basis:
    """What a page is made from, and when any of it last changed."""

    parts: Key
    changed_at: datetime | None = None


def open_page(*names: str, every: str = DAY) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A page for visitors that changes with these generations (none named: with all), and with
    each day or MINUTE.
    """
    return open_page_by(lambda **_: basis_of(*names, every=every))


def open_page_by(
    basis: Callable[..., Basis | None],
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same with a basis of its own, from the values in the address. None: do not keep it."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, BASIS, basis)
        return view

    return mark


def basis_of(*names: str, every: str = DAY) -> Basis:
    found = generations(*names)
    moments = [changed_at for _value, changed_at in found if changed_at is not None]
    values = tuple(value for value, _changed_at in found)
    return Basis((*values, utcnow().strftime(every)), max(moments, default=None))


@dataclass(frozen=True)
class Wanted:
    """The page of the running request."""

    key: Key
    etag: str
    changed_at: datetime | None


def init_visitor_pages(app: Flask) -> None:
    app.extensions[RELEASE] = release()
    app.before_request(answer_from_memory)
    app.after_request(keep)


def is_for_everybody() -> bool:
    """True while a page is made that other visitors will see too."""
    return "wanted_page" in g


def answer_from_memory() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    basis = getattr(view, BASIS, None)
    if basis is None or not _is_visitor():
        return None
    found = basis(**(request.view_args or {}))
    if found is None:
        return None
    g.wanted_page = wanted = _wanted(found)
    if request.if_none_match.contains_weak(wanted.etag):
        return Response(status=304)
    kept = fragments().get(wanted.key)
    if kept is None:
        return None
    g.page_was_kept = True
    return _unpacked(kept)


def _is_visitor() -> bool:
    if request.method not in {"GET", "HEAD"} or "HX-Request" in request.headers:
        return False
    return not current_user.is_authenticated and not session.get("_flashes")


def _look() -> tuple[str, str]:
    """This release and its files for the browser: an old page would name files that are gone."""
    return str(current_app.extensions[RELEASE]), asset("site.css")


def _wanted(basis: Basis) -> Wanted:
    address = request.full_path
    key: Key = ("page", _look(), address, request.host, language(), theme(), *basis.parts)
    digest = hashlib.blake2b(repr(key).encode(), digest_size=12).hexdigest()
    return Wanted(key, digest, basis.changed_at)


def keep(response: Response) -> Response:
    wanted: Wanted | None = g.pop("wanted_page", None)
    if wanted is None or response.status_code not in {200, 304}:
        return response
    if session.modified or "Set-Cookie" in response.headers or response.is_streamed:
        return response
    if response.status_code == 200 and "page_was_kept" not in g:
        fragments().put(wanted.key, _packed(response))
    return _with_validators(response, wanted)


def _with_validators(response: Response, wanted: Wanted) -> Response:
    response.set_etag(wanted.etag, weak=True)
    response.headers["Cache-Control"] = FOR_EVERYBODY
    response.headers["Vary"] = VARY
    if wanted.changed_at and wanted.changed_at < utcnow() - SETTLED:
        response.last_modified = wanted.changed_at
    return response


def _packed(response: Response) -> str:
    heads = [response.headers.get(name, "") for name in KEPT_HEADERS]
    return "\n".join([*heads, response.get_data(as_text=True)])


def _unpacked(kept: str) -> Response:
    *heads, body = kept.split("\n", len(KEPT_HEADERS))
    named = {name: value for name, value in zip(KEPT_HEADERS, heads, strict=True) if value}
    return Response(body, headers=named)
