"""What a city or organisation is called for a reader, and in which language that is."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale

from app.core.i18n import _, in_language, language
from app.network.enums import MembershipKind
from app.network.models import City, Organisation


@dataclass(frozen=True)
class Name:
    """A name and the language it is written in, for the `lang` attribute."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


def name_of(city: City, wanted: str | None = None) -> Name:
    """The reader's name for a city, else the one its people use, else the English one."""
    wished = wanted or language()
    for code in (wished, *city.languages, "en"):
        if text := city.names.get(code):
            return Name(text, code)
    code, text = next(iter(city.names.items()))
    return Name(text, code)


def city_name(city: City, wanted: str | None = None) -> str:
    return name_of(city, wanted).text


def body_name(body: City | Organisation, wanted: str | None = None) -> str:
    """The name of whatever a seat is in."""
    return city_name(body, wanted) if isinstance(body, City) else in_language(body.names, wanted)


def country_name(country_code: str, wanted: str | None = None) -> str:
    """Austria, Österreich, Oostenrijk; the code itself when nobody knows it."""
    names = Locale.parse(wanted or language()).territories
    return str(names.get(country_code, country_code))


def language_name(code: str, wanted: str | None = None) -> str:
    """German, Deutsch, Duits."""
    names = Locale.parse(wanted or language()).languages
    return str(names.get(code, code))


def membership_label(kind: MembershipKind) -> str:
    return {
        MembershipKind.GUEST: _("Guest member"),
        MembershipKind.ASSOCIATE: _("Associate"),
        MembershipKind.PARTNER: _("Partner"),
        MembershipKind.APPLICANT: _("Applicant"),
    }[kind]
