"""Words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, gettext, lazy_gettext, ngettext
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

__all__ = [
    "LANGUAGES",
    "N_",
    "_",
    "babel",
    "choose_locale",
    "date_pattern",
    "in_language",
    "language",
    "language_of_browser",
    "lazy_",
    "ngettext",
    "speaking",
]

LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "nl": "Nederlands",
    "sv": "Svenska",
    "es": "Español",
    "ca": "Català",
    "fr": "Français",
}
"""Interface languages, each in its own name."""

REGIONS = {"en": "en_GB"}
"""Languages whose dates follow one country: 18 November 2026, not November 18, 2026."""

babel = Babel()
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
_ = gettext
lazy_ = lazy_gettext


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    return text


def choose_locale() -> str:
    """Account, then cookie, then the browser's wish, then English."""
    if not has_request_context():
        return with_region("en")
    if "locale" not in g:
        chosen = getattr(current_user, "locale", None)
        g.locale = with_region(chosen if chosen in LANGUAGES else language_of_browser())
    return str(g.locale)


def language_for(person: Any, cookie: str, header: str) -> str:
    """The same for who is known and what their browser says, without a request."""
    chosen = person.locale
    return str(chosen) if chosen in LANGUAGES else chosen_or_wished(cookie, header)


def with_region(code: str) -> str:
    """The locale that an interface language stands for."""
    return REGIONS.get(code, code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Inside this block words and dates are in the given interface language."""
    token = _spoken.set(code)
    try:
        with force_locale(with_region(code)):
            yield
    finally:
        _spoken.reset(token)


def language_of_browser() -> str:
    """What this browser chose or wishes, whoever sits in front of it."""
    return chosen_or_wished(
        request.cookies.get("language", ""), request.headers.get("Accept-Language", "")
    )


def chosen_or_wished(cookie: str, header: str) -> str:
    return cookie if cookie in LANGUAGES else _wished(header)


@lru_cache(maxsize=200)
def _wished(header: str) -> str:
    """Which of our languages a browser wants most, by what it says in Accept-Language."""
    return parse_accept_header(header, LanguageAccept).best_match(list(LANGUAGES)) or "en"


def language() -> str:
    """The running language code, also inside `speaking`. Pages ask for it dozens of times."""
    if not g:
        return "en"  # outside of the application
    known = _spoken.get() or g.get("locale") or str(get_locale())
    return known[:2]


def date_pattern(skeleton: str) -> str:
    """In which order the running language says a date: yMMMd is d MMM y here, d. MMM y there."""
    return str(Locale.parse(with_region(language())).datetime_skeletons[skeleton].pattern)


def in_language(words: dict[str, str], wanted: str | None = None) -> str:
    """The text in the wanted language, else in English, else in any that there is."""
    return words.get(wanted or language()) or words.get("en") or next(iter(words.values()), "")
