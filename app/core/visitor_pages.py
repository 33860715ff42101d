"""Public pages as every visitor sees them: kept whole, and answered before anything is rendered.

A visitor is whoever is not signed in. What such a page depends on is its key; the key is also the
ETag. Nobody's token stands in it: forms on it are taken when they come from a page of ours
(`app.core.forgery`).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user as _current_user
from werkzeug.http import http_date, quote_etag

from app.core.clock import utcnow
from app.core.fragments import Key, fragments
from app.core.frame import theme
from app.core.generations import generations
from app.core.i18n import language
from app.core.release import release
from app.core.static_files import static_version

P = ParamSpec("P")
R = TypeVar("R")

current_user: Any = _current_user

BASIS_READ = "interurban.basis"
BASIS, RELEASE, MEANINGS = "visitor_page_basis", "release", "meanings"
FOR_EVERYBODY = "public, max-age=0, s-maxage=2, must-revalidate"
VARY = "Accept-Language, Cookie, HX-Request"
SETTLED = timedelta(seconds=2)  # a moment is named only when no second change can fall into it
KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Link")
ASKED = ("wsgi.url_scheme", "HTTP_HOST", "PATH_INFO", "QUERY_STRING")
MOST_ADDRESSES, LONGEST_ADDRESS = 4000, 500
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


@dataclass(frozen=True)
class Meaning:
    """What the framework found an address to be. The first three are named as in its request."""

    method: str
    url_rule: Any
    view_args: dict[str, Any]
    basis: Callable[..., Basis | None]
    address: str
    place: str


def asked_by_all(environ: dict[str, Any]) -> tuple[Hashable, ...]:
    return tuple(environ.get(name, "") for name in ASKED)


class Meanings:
    """Those of the pages that were answered lately. `core.early_answers` asks for them."""

    def __init__(self, asked: Callable[[dict[str, Any]], Hashable] = asked_by_all) -> None:
        self._asked = asked
        self._found: dict[Hashable, Meaning] = {}
        self._lock = threading.Lock()

    def of(self, environ: dict[str, Any]) -> Meaning | None:
        return self._found.get(self._asked(environ))

    def learn(self, environ: dict[str, Any], meaning: Meaning) -> None:
        """The oldest make room; what was forgotten is only found out again."""
        asked = self._asked(environ)
        if environ.get("SCRIPT_NAME") or len(repr(asked)) > LONGEST_ADDRESS:
            return
        with self._lock:
            self._found[asked] = meaning
            if len(self._found) > MOST_ADDRESSES:
                del self._found[next(iter(self._found))]


def meanings() -> Meanings:
    return cast(Meanings, current_app.extensions[MEANINGS])


def init_visitor_pages(app: Flask) -> None:
    app.extensions[RELEASE] = release()
    app.extensions[MEANINGS] = Meanings()
    app.before_request(answer_from_memory)
    app.after_request(keep)


def is_for_everybody() -> bool:
    """True while a page is made that other visitors will see too."""
    return "wanted_page" in g


def answer_from_memory() -> Response | None:
    meaning = meaning_of_request()
    if meaning is None or not _is_visitor():
        return None
    found = request.environ.pop(BASIS_READ, None) or meaning.basis(**meaning.view_args)
    if found is None:
        return None
    g.meaning = meaning
    g.wanted_page = wanted = wanted_page(meaning, found, language(), theme())
    if request.if_none_match.contains_weak(wanted.etag):
        return Response(status=304)
    kept = fragments().get(wanted.key)
    if kept is None:
        return None
    g.page_was_kept = True
    headers, body = unpacked(kept)
    return Response(body, headers=headers)


def meaning_of_request() -> Meaning | None:
    """None: not a page that is kept whole for visitors."""
    basis = getattr(current_app.view_functions.get(request.endpoint or ""), BASIS, None)
    if basis is None:
        return None
    place = f"{request.host}{request.script_root}"
    arguments = request.view_args or {}
    return Meaning("GET", request.url_rule, arguments, basis, request.full_path, place)


def _is_visitor() -> bool:
    if request.method not in {"GET", "HEAD"} or "HX-Request" in request.headers:
        return False
    return not current_user.is_authenticated and not session.get("_flashes")


def wanted_page(meaning: Meaning, basis: Basis, language: str, theme: str) -> Wanted:
    key: Key = ("page", _look(), meaning.address, meaning.place, language, theme, *basis.parts)
    digest = hashlib.blake2b(repr(key).encode(), digest_size=12).hexdigest()
    return Wanted(key, digest, basis.changed_at)


def _look() -> tuple[str, str]:
    """This release and its files for the browser: an old page would name files that are gone."""
    return str(current_app.extensions[RELEASE]), static_version()


def keep(response: Response) -> Response:
    wanted: Wanted | None = g.pop("wanted_page", None)
    if wanted is None or response.status_code not in {200, 304}:
        return response
    if session.modified or "Set-Cookie" in response.headers or response.is_streamed:
        return response
    if response.status_code == 200 and "page_was_kept" not in g:
        fragments().put(wanted.key, _packed(response))
    meanings().learn(request.environ, g.meaning)
    response.headers.update(validators(wanted))
    return response


def validators(wanted: Wanted) -> dict[str, str]:
    """What a browser and a proxy need to know to keep the page."""
    named = {
        "ETag": quote_etag(wanted.etag, weak=True),
        "Cache-Control": FOR_EVERYBODY,
        "Vary": VARY,
    }
    if wanted.changed_at and wanted.changed_at < utcnow() - SETTLED:
        named["Last-Modified"] = http_date(wanted.changed_at)
    return named


def _packed(response: Response) -> str:
    heads = [response.headers.get(name, "") for name in KEPT_HEADERS]
    return "\n".join([*heads, response.get_data(as_text=True)])


def unpacked(kept: str) -> tuple[dict[str, str], str]:
    """Headers and body of a page that was kept."""
    *heads, body = kept.split("\n", len(KEPT_HEADERS))
    named = {name: value for name, value in zip(KEPT_HEADERS, heads, strict=True) if value}
    return named, body
