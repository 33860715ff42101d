"""Texts of realistic length in several languages, made from a few dozen sentences."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from app.core.markup import plain_text, render

SENTENCES = {
    "en": [
        "We kept one counter open for people without a telephone.",
        "The housing office and the shelters now share one list of free beds.",
        "Nobody asked the tenants before the rule was changed.",
        "Our equality data comes from three registers that do not agree.",
        "The council wants an answer before the meeting on Thursday.",
        "It cost less than we feared, but it needed two people full time.",
        "What would you do differently if you began again?",
        "A partner on the ground told us about it first.",
    ],
    "de": [
        "Wir haben einen Schalter für Menschen ohne Internet offen gelassen.",
        "Die Notschlafstelle und das Wohnungsamt führen nun eine gemeinsame Liste.",
        "Der Gemeinderat will bis Donnerstag eine Antwort haben.",
        "Die Daten zur Gleichstellung stammen aus drei Registern.",
        "Wer hat Erfahrung mit aufsuchender Beratung in den Stadtteilen?",
    ],
    "fr": [
        "Nous avons gardé un guichet ouvert pour les personnes sans téléphone.",
        "Le logement d'urgence et la mairie partagent désormais une seule liste.",
        "Le conseil attend une réponse avant la séance de jeudi.",
        "Cela a coûté moins cher que prévu, mais il a fallu deux personnes.",
    ],
    "es": [
        "Dejamos abierta una ventanilla para las personas sin teléfono.",
        "El albergue y la oficina de vivienda comparten ahora una sola lista.",
        "El pleno quiere una respuesta antes del jueves.",
    ],
    "sv": [
        "Vi höll en disk öppen för dem som saknar telefon.",
        "Härbärget och bostadskontoret delar nu på en enda lista.",
        "Nämnden vill ha ett svar före torsdag.",
    ],
}
SHARES = ["en"] * 10 + ["de"] * 4 + ["fr"] * 3 + ["es"] * 2 + ["sv"]
COMMON = "housing"
STOCK = 600  # different texts: enough for an index, few enough to render


@dataclass(frozen=True)
class Text:
    """A body with what is stored beside it."""

    language: str
    title: str
    body: str
    html: str
    plain: str
    renderer: int


def texts(chance: Random) -> list[Text]:
    """Different texts of about 800 characters; some with lists, quotes and links."""
    return [_text(chance, number) for number in range(STOCK)]


def _text(chance: Random, number: int) -> Text:
    language = chance.choice(SHARES)
    paragraphs = [_paragraph(chance, language) for _ in range(chance.randint(2, 5))]
    if number % 4 == 0:
        paragraphs.append("\n".join(f"- {_sentence(chance, language)}" for _ in range(3)))
    if number % 6 == 0:
        paragraphs.insert(0, f"> {_sentence(chance, language)}")
    if number % 9 == 0:
        paragraphs.append(f"See [the page](https://city.example/{number}) on {COMMON}.")
    body = "\n\n".join(paragraphs)
    rendered = render(body)
    title = _sentence(chance, language).rstrip(".?")[:140]
    return Text(language, title, body, rendered.html, plain_text(body), rendered.version)


def _paragraph(chance: Random, language: str) -> str:
    return " ".join(_sentence(chance, language) for _ in range(chance.randint(2, 5)))


def _sentence(chance: Random, language: str) -> str:
    return chance.choice(SENTENCES[language])
