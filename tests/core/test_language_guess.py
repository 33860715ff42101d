"""Guessing the language of what officials write."""

from __future__ import annotations

import time

import pytest

from app.core.language_guess import guess_language

pytestmark = pytest.mark.any_engine

CODES = (
    "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu",
    "is", "it", "lt", "lv", "mk", "mt", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sq", "sr", "sv",
    "tr", "uk", "ar", "fa", "he",
)  # fmt: skip


def guess(text: str, among: tuple[str, ...] = CODES) -> str:
    return guess_language(text, among, "unsure")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Does anybody have a form for complaints that people really use?"),
        ("de", "Wir haben die Sprechstunde in die Bibliothek verlegt, seither kommen mehr Leute."),
        ("fr", "Notre guichet est ouvert le samedi matin, et les familles viennent enfin."),
        ("es", "¿Cómo explicáis a los vecinos qué hace la oficina de derechos humanos?"),
        ("ca", "Com expliqueu als veïns què fa l'oficina de drets humans?"),
        ("nl", "Wij bellen iedereen terug die een klacht heeft ingediend, binnen drie dagen."),
        ("sv", "Kommunen har anställt två tolkar som följer med på hembesöken."),
        ("it", "Il comune ha aperto uno sportello per chi cerca casa e non parla italiano."),
        ("pl", "Urząd miasta prowadzi co miesiąc spotkania z mieszkańcami dzielnicy."),
        ("fi", "Kaupunki järjestää asukkaille neuvontaa kirjastossa joka tiistai."),
        ("hu", "A város minden hónapban fórumot tart a lakóknak a városházán."),
        ("el", "Ο δήμος άνοιξε ένα νέο γραφείο για τους πρόσφυγες στο κέντρο."),
        ("uk", "Місто відкрило нову приймальню для людей, які втратили житло."),
        ("ar", "فتحت البلدية مكتبا جديدا لمساعدة العائلات التي تبحث عن سكن."),
        ("nb", "Kommunen spurte innbyggerne hva de trenger, og svarene kom fra hele byen."),
    ],
)
def test_one_sentence_is_enough(code: str, text: str) -> None:
    assert guess(text) == code
    assert guess(text.upper()) == code


@pytest.mark.parametrize(
    "text",
    ["", "   \n ", "Danke!", "12 345, 67.8 % + 9 €", "👍 👍 👍", "\x00\x01", "ok ok ok ok"],
)
def test_too_little_is_not_guessed(text: str) -> None:
    assert guess(text) == "unsure"


def test_sentence_between_two_languages_is_not_guessed() -> None:
    assert guess("L'ajuntament ha obert una oficina on la gent gran pot demanar ajuda.") == "unsure"


def test_words_of_no_language_are_not_guessed() -> None:
    assert guess("Xq zkv brrt wlmp hhgf ttrw qqpl vvbn mmkj ddfg") == "unsure"


GERMAN = "Das machen wir bei uns genauso."


@pytest.mark.parametrize(
    "around",
    [
        "> Does anybody have a form for complaints that people really use in daily work?\n\n{}",
        "{}\n\n```\nif there is a way to do this then the office should have done it long ago\n```",
        "{} `the name of the field where the people of the office put the complaint in`",
        "{} [hier](https://example.org/the-office-of-complaints-and-how-people-use-it-every-day)",
        "{} https://example.org/the/office/of/complaints/and/how/people/use/it/every/day",
        "@the-office @people-of-york @english-speaking-officials {} #how-we-work-in-the-office",
    ],
)
def test_only_own_words_count(around: str) -> None:
    assert guess(around.format(GERMAN)) == "de"


def test_quote_alone_is_not_guessed() -> None:
    assert guess("> Does anybody have a form that people really use?\n\nYes.") == "unsure"


def test_only_offered_languages_are_answered() -> None:
    assert guess(GERMAN, ("de", "en")) == "de"
    assert guess(GERMAN, ("de",)) == "de"
    assert guess(GERMAN, ("en", "fr")) == "unsure"
    assert guess(GERMAN, ()) == "unsure"


@pytest.mark.parametrize(
    "text",
    ["#" * 32_000, "](" * 16_000, "`" * 32_000, "a" * 32_000, "x@" * 16_000, "```\n" * 8_000,
     "\n>" * 16_000, "😀" * 32_000, "a " * 500_000],
)  # fmt: skip
def test_odd_texts_cost_no_time(text: str) -> None:
    guess(GERMAN)  # the model is there
    start = time.thread_time()

    guess(text)

    assert time.thread_time() - start < 0.5
