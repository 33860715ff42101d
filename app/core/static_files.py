"""Files for the browser: their address changes with their content, so caches keep them for good."""

from __future__ import annotations

import mimetypes
import re
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, current_app, has_request_context, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import NotFound

from app.core.icon_sheet import data_address, sheet
from app.core.own_files import (
    MANIFEST,
    SQUEEZED,
    built_names,
    own_contents,
    own_paths,
    squeeze,
    version_of,
)
from app.core.reading_ahead import session_taken
from app.core.stylesheet import joined_stylesheet
from config import ROOT

FOR_GOOD = "public, max-age=31536000, immutable"
LOOK_AGAIN = "no-cache"
VERSIONED = re.compile(r"v-([0-9a-f]{12})/(.+)")
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))  # the smaller one first
LOOK_AGAIN_SECONDS = 1.0

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Form:
    """The bytes of a file as one kind of browser takes them."""

    body: bytes
    encoding: str = ""

    @cached_property
    def etag(self) -> str:
        return f"{sha256(self.body).hexdigest()[:16]}{'-' * bool(self.encoding)}{self.encoding}"


@dataclass
class Kept:
    """A file in memory, with the compressed forms that somebody asked for."""

    name: str
    body: bytes
    beside: Path  # where `make setup` laid its compressed forms; they may be missing
    forms: dict[str, Form] = field(default_factory=dict)

    @cached_property
    def mimetype(self) -> str:
        return _type(self.name)

    @property
    def is_squeezed(self) -> bool:
        return Path(self.name).suffix in SQUEEZED

    def form(self, encoding: str) -> Form:
        made = self.forms.get(encoding)
        if made is None:
            made = self.forms[encoding] = self._made(encoding)
        return made

    def _made(self, encoding: str) -> Form:
        if not encoding:
            return Form(self.body)
        there = Path(f"{self.beside}{dict(ENCODINGS)[encoding]}")
        body = there.read_bytes() if there.is_file() else squeeze(self.body, encoding)
        return Form(body, encoding)


@dataclass(frozen=True)
class Shelf:
    """The static folder as last seen. `built` maps a plain name to its hashed name in vendor/."""

    signature: Signature
    version: str
    built: dict[str, str]
    own: dict[str, Kept]
    vendor: dict[str, Kept]
    addresses: dict[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def look(self) -> str:
        """Another one whenever an address is: of our files or of built ones."""
        return ":".join([self.version, *self.built.values()])


class Sessions(SecureCookieSessionInterface):
    """Static files are the same for everybody: no cookie with them, and no Vary: Cookie."""

    def __init__(self) -> None:
        self._signers: dict[Any, Any] = {}

    def get_signing_serializer(self, app: Flask) -> Any:
        """Made once, not at each request; a test may change the key."""
        if app.secret_key not in self._signers:
            self._signers[app.secret_key] = super().get_signing_serializer(app)
        return self._signers[app.secret_key]

    def open_session(self, app: Flask, request: Request) -> Any:
        """Not a second time where that was done before the framework began."""
        opened = session_taken(request.environ)
        return super().open_session(app, request) if opened is None else opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


class Statics:
    """Looks at the folder at most once a second, so an edited file is served at once."""

    def __init__(self, folder: Path, shelves: Path) -> None:
        self.folder, self.shelves = folder, shelves
        self._looked_at = float("-inf")
        self._shelf: Shelf | None = None
        self._lock = threading.Lock()

    def shelf(self) -> Shelf:
        """Threads that come while one looks take what was seen before."""
        shelf = self._shelf
        if shelf is None:
            with self._lock:
                return self._look()
        is_old = time.monotonic() - self._looked_at > LOOK_AGAIN_SECONDS
        if is_old and self._lock.acquire(blocking=False):
            try:
                return self._look()
            finally:
                self._lock.release()
        return shelf

    def _look(self) -> Shelf:
        signature = _signature(self.folder)
        if self._shelf is None or self._shelf.signature != signature:
            self._shelf = _read(self.folder, self.shelves, signature)
        self._looked_at = time.monotonic()
        return self._shelf


def init_static_files(app: Flask) -> None:
    app.extensions["statics"] = Statics(Path(app.static_folder or ""), ROOT / "build" / "static")
    app.session_interface = Sessions()
    app.view_functions["static"] = serve_static


def asset(name: str) -> str:
    """The address of a static file, empty when it does not exist (browser packages not built)."""
    shelf = _statics().shelf()
    place = (request.script_root if has_request_context() else "", name)
    address = shelf.addresses.get(place)
    if address is None:
        address = shelf.addresses[place] = _address(shelf, name)
    return address


def static_version() -> str:
    """Another one whenever any file of ours is."""
    return _statics().shelf().version


def static_look() -> str:
    """Another one whenever the address of any file is."""
    return _statics().shelf().look


def _address(shelf: Shelf, name: str) -> str:
    if name in shelf.built:
        return url_for("static", filename=f"vendor/{shelf.built[name]}")
    if name in shelf.own:
        return url_for("static", filename=f"v-{shelf.version}/{name}")
    return ""


def serve_static(filename: str) -> Response:
    """Answer for /static/…: built files as they lie in vendor/, ours under v-<version>/."""
    shelf = _statics().shelf()
    if filename.startswith("vendor/"):
        return _answer(shelf.vendor.get(filename.removeprefix("vendor/")), FOR_GOOD)
    versioned = VERSIONED.fullmatch(filename)
    kept = shelf.own.get(versioned[2] if versioned else filename)
    is_current = versioned is not None and versioned[1] == shelf.version
    return _answer(kept, FOR_GOOD if is_current else LOOK_AGAIN)


def _answer(kept: Kept | None, caching: str) -> Response:
    """In the smallest form that this browser takes; each form has its own ETag."""
    if kept is None:
        raise NotFound
    form = kept.form(_encoding() if kept.is_squeezed else "")
    answer = Response(form.body, mimetype=kept.mimetype)
    answer.headers["Cache-Control"] = caching
    answer.set_etag(form.etag)
    if form.encoding:
        answer.headers["Content-Encoding"] = form.encoding
    if kept.is_squeezed:
        answer.vary.add("Accept-Encoding")
    answer.make_conditional(request, accept_ranges=True, complete_length=len(form.body))
    return answer


def _encoding() -> str:
    wished = request.accept_encodings
    return next((name for name, _ending in ENCODINGS if wished.quality(name) > 0), "")


def _statics() -> Statics:
    statics: Statics = current_app.extensions["statics"]
    return statics


def _type(filename: str) -> str:
    if filename.endswith(".js"):
        return "text/javascript"
    if filename.endswith(".woff2"):
        return "font/woff2"
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def _signature(folder: Path) -> Signature:
    paths = [*own_paths(folder), folder / MANIFEST]
    seen = [(path, path.stat()) for path in paths if path.is_file()]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in seen)


def _read(folder: Path, shelves: Path, signature: Signature) -> Shelf:
    built = built_names(folder)
    contents = own_contents(folder, joined_stylesheet(folder, built, data_address), sheet())
    version = version_of(contents)
    own = {
        name: Kept(name, body, shelves / f"v-{version}" / name) for name, body in contents.items()
    }
    vendor = {
        name: Kept(name, (folder / "vendor" / name).read_bytes(), folder / "vendor" / name)
        for name in built.values()
    }
    return Shelf(signature, version, built, own, vendor)
