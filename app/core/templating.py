"""What every template can call."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from babel.dates import TIMEDELTA_UNITS, format_timedelta
from babel.numbers import format_decimal
from flask import Flask, current_app, request, url_for
from flask.templating import Environment
from flask_babel import format_date, format_time, get_locale
from markupsafe import Markup

from app.core import frame
from app.core.clock import utcnow
from app.core.form_marks import described_by, faults, said
from app.core.i18n import LANGUAGES, in_language, language
from app.core.icon_sheet import drawing, sheet_names
from app.core.own_files import ICONS
from app.core.pagination import page_steps
from app.core.parts import part, shell
from app.core.slugs import slugify
from app.core.static_files import asset
from app.core.zones import to_local

NEARLY_ONE = 0.85  # from this much of a unit on it is said as one
NO_OTHER_UNIT = 10**9


class TemplateEnvironment(Environment):
    """Templates without names of their own share one plain dict of globals.

    Jinja compares the globals at each import of a macro; over its ChainMap that took a third of
    the time of a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class Html(Markup):
    """HTML that `core.markup` cleaned when it was saved."""


def init_templating(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(GLOBALS)
    app.jinja_env.filters.update(FILTERS)


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
    return f"{day(value, 'EEE')} {day(value)}, {clock(value)}"


def number(value: int | float) -> str:
    """290,000 as the reader's language writes it."""
    return _number(str(get_locale() or "en"), value)


@lru_cache(maxsize=2000)
def _number(locale: str, value: int | float) -> str:
    return str(format_decimal(value, locale=locale))


def since(value: datetime) -> str:
    """3 hours ago."""
    return _elapsed_words(str(get_locale() or "en"), *elapsed(value))


def elapsed(value: datetime) -> tuple[str, int, bool]:
    """What `since` says, without words: the unit, how many of it, and whether they have passed."""
    distance = value - utcnow()
    seconds = distance.days * 86_400 + distance.seconds
    for unit, length in TIMEDELTA_UNITS:
        count = abs(seconds) / length
        if count >= NEARLY_ONE or (unit == "second" and count > 0):
            return unit, round(max(1, count)), seconds < 0
    return "second", 0, seconds < 0


@cache
def _elapsed_words(locale: str, unit: Any, count: int, has_passed: bool) -> str:
    seconds = count * dict(TIMEDELTA_UNITS)[unit]
    distance = timedelta(seconds=-seconds if has_passed else seconds)
    words = format_timedelta(
        distance, unit, add_direction=True, threshold=NO_OTHER_UNIT, locale=locale
    )
    return str(words)


def rendered(template: str, **values: Any) -> str:
    """A part of a page that nothing of the running request goes into."""
    return current_app.jinja_env.get_template(template).render(**values)


def icon(name: str) -> Markup:
    """A line icon, hidden from screen readers: words stand beside it.

    It refers to the sheet of all icons, which a browser keeps.
    """
    if name in sheet_names():
        return _referring(asset(ICONS), name)
    return Html(drawing(name))


@cache
def _referring(address: str, name: str) -> Markup:
    return Html(f'<svg aria-hidden="true"><use href="{address}#{name}"/></svg>')


def crumbs(steps: Sequence[Any]) -> list[tuple[str, str]]:
    """The (words, address) pairs of a breadcrumb, given one by one or as one list."""
    return list(steps[0] if len(steps) == 1 and not isinstance(steps[0], tuple) else steps)


def page_address(endpoint: str, number: int, step: int, values: dict[str, Any]) -> str:
    """The address of another page of a list; the first page has no number."""
    wanted = number + step
    return url_for(endpoint, **values, page=wanted if wanted > 1 else None)


def is_fragment() -> bool:
    """True when htmx asked for a part of the page."""
    return request.headers.get("HX-Request") == "true"


GLOBALS: dict[str, Any] = {
    "LANGUAGES": LANGUAGES,
    "account_pages": frame.account_pages,
    "asset": asset,
    "crumbs": crumbs,
    "described_by": described_by,
    "faults": faults,
    "footer_pages": frame.footer_pages,
    "front_page": frame.front_page,
    "has_page": frame.has_page,
    "here_path": frame.here_path,
    "htmx_config": frame.htmx_config,
    "icon": icon,
    "in_language": in_language,
    "key_list": frame.key_list,
    "language": language,
    "localtime": to_local,
    "navigation": frame.navigation,
    "page_address": page_address,
    "page_steps": page_steps,
    "part": part,
    "said": said,
    "shell": shell,
    "theme": frame.theme,
    "utcnow": utcnow,
}
FILTERS: dict[str, Any] = {
    "clean_html": clean_html,
    "day": day,
    "clock": clock,
    "initials": frame.initials,
    "moment": moment,
    "number": number,
    "since": since,
    "slug": slugify,
    "words": in_language,
}
