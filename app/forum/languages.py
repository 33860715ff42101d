"""Languages that people here write in."""

from __future__ import annotations

from functools import cache

from babel import Locale

CODES = (
    "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu",
    "is", "it", "lt", "lv", "mk", "mt", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sq", "sr", "sv",
    "tr", "uk", "ar", "fa", "he",
)  # fmt: skip


@cache
def language_choices() -> list[tuple[str, str]]:
    """Code and own name of each language, by name."""
    named = [(code, Locale.parse(code).get_display_name(code) or code) for code in CODES]
    return sorted(
        ((code, name[0].upper() + name[1:]) for code, name in named), key=lambda pair: pair[1]
    )
