"""Signs of life for whoever watches the installation. Plain text, never kept."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import NotFound

from app.core.measures import measures
from app.home.metrics import exposition, is_token
from app.home.readiness import what_is_missing, what_is_wrong

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is looked at."""
    return _plain("alive\n")


@bp.get("/readyz")
def ready() -> Response:
    """503 with one line for each reason when the database, the worker or the disk fails us.

    What only makes us slower is named too, and is no reason to send nobody here.
    """
    wrong = what_is_wrong(current_app.extensions["settings"].data_dir)
    lines = [*(wrong or ["ready"]), *what_is_missing()]
    return _plain("\n".join(lines) + "\n", 503 if wrong else 200)


@bp.get("/metrics")
def metrics() -> Response:
    """For this machine, or for a collector that shows the token; for others it is not here."""
    if not _is_near() and not _shows_token():
        raise NotFound
    answer = _plain(exposition(measures()))
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8"
    return answer


def _is_near() -> bool:
    """Asked from this machine itself, not through a proxy on it."""
    if any(name.lower().startswith(("x-forwarded-", "forwarded")) for name, _ in request.headers):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _shows_token() -> bool:
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return is_token(shown, current_app.config["SECRET_KEY"])


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status, {"Cache-Control": "no-store"}, mimetype="text/plain")
