"""Files for the browser: their address changes with their content, so caches keep them for good."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, Response, current_app, request, send_from_directory, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from app.core.stylesheet import joined_stylesheet

brotli_squeeze: Callable[[bytes], bytes] = brotli.compress
LONGEST_NAME = 255  # of a file: asking the disk for a longer one is an error, not a no
FOR_GOOD = "public, max-age=31536000, immutable"
STYLESHEET = "site.css"
VERSIONED = re.compile(r"v-([0-9a-f]{12})/(.+)")
SQUEEZED = {".css", ".js", ".svg", ".json", ".txt"}
LOOK_AGAIN_SECONDS = 1.0

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Shelf:
    """The static folder as last seen. `built` maps a plain name to its hashed name in vendor/."""

    signature: Signature
    version: str
    built: dict[str, str]
    stylesheet: bytes


class Sessions(SecureCookieSessionInterface):
    """Static files are the same for everybody: no cookie with them, and no Vary: Cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


class Statics:
    """Looks at the folder at most once a second, so an edited file is served at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._looked_at = float("-inf")
        self._shelf: Shelf | None = None

    def shelf(self) -> Shelf:
        now = time.monotonic()
        if self._shelf is None or now - self._looked_at > LOOK_AGAIN_SECONDS:
            self._looked_at = now
            signature = _signature(self.folder)
            if self._shelf is None or self._shelf.signature != signature:
                self._shelf = _read(self.folder, signature)
        return self._shelf

    def own_file(self, name: str) -> bytes | None:
        """The bytes of a file of ours, or of the joined stylesheet. None: there is no such file."""
        if name == STYLESHEET:
            return self.shelf().stylesheet
        path = safe_join(str(self.folder), name)
        return Path(path).read_bytes() if path and Path(path).is_file() else None


def init_static_files(app: Flask) -> None:
    app.extensions["statics"] = Statics(Path(app.static_folder or ""))
    app.session_interface = Sessions()
    app.view_functions["static"] = serve_static


def asset(name: str) -> str:
    """The address of a static file, empty when it does not exist (browser packages not built)."""
    statics = _statics()
    shelf = statics.shelf()
    if name in shelf.built:
        return url_for("static", filename=f"vendor/{shelf.built[name]}")
    if name == STYLESHEET or (statics.folder / name).is_file():
        return url_for("static", filename=f"v-{shelf.version}/{name}")
    return ""


def serve_static(filename: str) -> Response:
    """Answer for /static/…: built files as they lie in vendor/, ours under v-<version>/."""
    if len(filename.encode()) > LONGEST_NAME:
        raise NotFound
    if filename.startswith("vendor/"):
        return _built_file(filename)
    versioned = VERSIONED.fullmatch(filename)
    name = versioned[2] if versioned else filename
    body = _statics().own_file(name)
    if body is None:
        raise NotFound
    is_current = versioned is not None and versioned[1] == _statics().shelf().version
    return _own_answer(name, body, FOR_GOOD if is_current else "no-cache")


def _statics() -> Statics:
    statics: Statics = current_app.extensions["statics"]
    return statics


def _built_file(filename: str) -> Response:
    """A file of vendor/, in the smallest form that this browser takes and that was built."""
    folder = _statics().folder
    for encoding, ending in (("br", ".br"), ("gzip", ".gz")):
        if _takes(encoding) and (folder / f"{filename}{ending}").is_file():
            answer = send_from_directory(folder, filename + ending, mimetype=_type(filename))
            answer.headers["Content-Encoding"] = encoding
            break
    else:
        answer = send_from_directory(folder, filename, mimetype=_type(filename))
    answer.headers["Cache-Control"] = FOR_GOOD
    answer.vary.add("Accept-Encoding")
    return answer


def _own_answer(name: str, body: bytes, caching: str) -> Response:
    answer = Response(body, mimetype=_type(name))
    if Path(name).suffix in SQUEEZED:
        encoding = "br" if _takes("br") else "gzip" if _takes("gzip") else ""
        if encoding:
            answer.set_data(_squeeze(body, encoding))
            answer.headers["Content-Encoding"] = encoding
        answer.vary.add("Accept-Encoding")
    answer.headers["Cache-Control"] = caching
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@lru_cache(maxsize=128)
def _squeeze(body: bytes, encoding: str) -> bytes:
    return brotli_squeeze(body) if encoding == "br" else gzip.compress(body, 9, mtime=0)


def _takes(encoding: str) -> bool:
    return request.accept_encodings.quality(encoding) > 0


def _type(filename: str) -> str:
    if filename.endswith(".js"):
        return "text/javascript"
    if filename.endswith(".woff2"):
        return "font/woff2"
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def _signature(folder: Path) -> Signature:
    return tuple(
        (str(path), path.stat().st_mtime_ns, path.stat().st_size)
        for path in [*_own_files(folder), folder / "vendor" / "manifest.json"]
        if path.is_file()
    )


def _own_files(folder: Path) -> list[Path]:
    vendor = folder / "vendor"
    return sorted(path for path in folder.rglob("*.*") if vendor not in path.parents)


def _read(folder: Path, signature: Signature) -> Shelf:
    manifest = folder / "vendor" / "manifest.json"
    built = dict(json.loads(manifest.read_text())["files"]) if manifest.is_file() else {}
    stylesheet = joined_stylesheet(folder, built).encode()
    digest = hashlib.sha256(stylesheet)
    for path in _own_files(folder):
        if path.is_file():
            digest.update(path.read_bytes())
    return Shelf(signature, digest.hexdigest()[:12], built, stylesheet)
