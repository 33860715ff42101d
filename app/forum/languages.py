"""Languages that people here write in."""

from __future__ import annotations

OWN_NAMES = {
    "ca": "Català",
    "da": "Dansk",
    "de": "Deutsch",
    "et": "Eesti",
    "en": "English",
    "es": "Español",
    "eu": "Euskara",
    "fr": "Français",
    "ga": "Gaeilge",
    "gl": "Galego",
    "hr": "Hrvatski",
    "it": "Italiano",
    "lv": "Latviešu",
    "lt": "Lietuvių",
    "hu": "Magyar",
    "mt": "Malti",
    "nl": "Nederlands",
    "nb": "Norsk bokmål",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "sq": "Shqip",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "fi": "Suomi",
    "sv": "Svenska",
    "tr": "Türkçe",
    "is": "Íslenska",
    "cs": "Čeština",
    "el": "Ελληνικά",
    "bg": "Български",
    "mk": "Македонски",
    "sr": "Српски",
    "uk": "Українська",
    "he": "עברית",
    "ar": "العربية",
    "fa": "فارسی",
}
"""By name. Written out: Babel knows them too, but keeps 1 MB in memory for each one it is asked."""

CODES = tuple(OWN_NAMES)


def language_choices() -> list[tuple[str, str]]:
    """Code and own name of each language, by name."""
    return list(OWN_NAMES.items())
