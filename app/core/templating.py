"""What every template can call."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import format_date, format_datetime, format_time, format_timedelta
from lucide.jinja import lucide as draw_icon
from markupsafe import Markup

from app.core.clock import utcnow
from app.core.i18n import LANGUAGES, in_language, language
from app.core.security import nonce
from app.core.slugs import slugify
from app.core.zones import to_local


class Html(Markup):
    """HTML that `core.markup` cleaned when it was saved."""


def init_templating(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(
        LANGUAGES=LANGUAGES,
        asset=asset,
        icon=icon,
        in_language=in_language,
        language=language,
        localtime=to_local,
        nonce=nonce,
        utcnow=utcnow,
    )
    app.jinja_env.filters.update(
        clean_html=clean_html,
        day=day,
        clock=clock,
        moment=moment,
        since=since,
        slug=slugify,
        words=in_language,
    )


def clean_html(html: str) -> Markup:
    """Text that `core.markup.render` produced; the only way unescaped text reaches a page."""
    return Html(html)


def clock(value: datetime) -> str:
    """14:00, in the value's own zone."""
    return str(format_time(value, "HH:mm", rebase=False))


def day(value: date | datetime, form: str = "long") -> str:
    """18 November 2026, in the reader's language and the value's own zone."""
    return str(format_date(value, form, rebase=False))


def moment(value: datetime) -> str:
    """Wed 18 November 2026, 14:00, in the value's own zone."""
    return str(format_datetime(value, "EEE d MMMM y, HH:mm", rebase=False))


def since(value: datetime) -> str:
    """3 hours ago."""
    return str(format_timedelta(value - utcnow(), add_direction=True))


@cache
def icon(name: str) -> Markup:
    """A line icon as inline SVG, hidden from screen readers: words stand beside it."""
    return Html(draw_icon(name, size=24, **{"aria-hidden": "true", "focusable": "false"}))


def asset(name: str) -> str:
    """The address of a static file: hashed name for built files, content version for ours."""
    built = _manifest(current_app.static_folder or "").get(name)
    if built:
        return url_for("static", filename=f"vendor/{built}")
    return url_for("static", filename=name)


@cache
def _manifest(folder: str) -> dict[str, Any]:
    path = Path(folder) / "vendor" / "manifest.json"
    return dict(json.loads(path.read_text())["files"]) if path.exists() else {}


def is_fragment() -> bool:
    """True when htmx asked for a part of the page."""
    return request.headers.get("HX-Request") == "true"
