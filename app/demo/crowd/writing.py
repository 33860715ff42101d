"""Texts of realistic length and shape in seven languages, no two alike, made in microseconds.

Paragraphs, lists and quotes are rendered once; a text is a row of them. Paragraphs do not touch
what is beside them, and two lists or quotes never follow one another here, so the HTML of the row
is the row of their HTML (a test compares both ways).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from app.core.markup import RENDERER, plain_text, render

BLOCKS = 240  # of each language: few enough to render, enough to make no two posts alike
COMMON_LENGTH, SPREAD = 6.35, 0.75  # of a lognormal: half under 620 signs, 800 on average
SHORTEST, LONGEST = 60, 9_000
NAMES_KNOWN = 20_000
SYLLABLES = ["ma", "lo", "ver", "ta", "ri", "nu", "sel", "do", "ka", "bri", "en", "fa", "ost", "ul"]


@dataclass(frozen=True)
class Block:
    """A paragraph, list or quote with what is stored beside it."""

    body: str
    html: str
    plain: str
    is_paragraph: bool = True


@dataclass(frozen=True)
class Text:
    """A body with what is stored beside it."""

    language: str
    body: str
    html: str
    plain: str
    renderer: int = RENDERER


@cache
def phrases() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text())


@cache
def languages() -> dict[str, int]:
    """Each language with its share of a hundred."""
    return {name: part["share"] for name, part in phrases().items() if "share" in part}


class Writer:
    """Writes the same texts in the same order each time it starts with the same chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.known = list(languages())
        self.shares = list(accumulate(languages().values()))
        self.rarity = {
            name: list(
                accumulate(1 / rank for rank in range(2, len(phrases()[name]["things"]) + 2))
            )
            for name in self.known
        }
        self.blocks = {name: self._blocks(name) for name in self.known}

    def language(self) -> str:
        return self.chance.choices(self.known, cum_weights=self.shares)[0]

    def title(self, language: str) -> str:
        return self.sentence(language).rstrip(".?")[:140].rstrip(" ,:;")

    def text(self, language: str) -> Text:
        """As long as people write: mostly a few sentences, at times several pages."""
        chance, blocks = self.chance, self.blocks[language]
        wanted = min(LONGEST, max(SHORTEST, chance.lognormvariate(COMMON_LENGTH, SPREAD)))
        parts, length = [self._reference(language)] if chance.random() < 0.3 else [], 0
        while not parts or length + 100 < wanted:
            block = blocks[int(chance.random() * len(blocks))]
            if block.is_paragraph or not parts or parts[-1].is_paragraph:
                parts.append(block)
                length += len(block.body)
        parts.reverse()
        return Text(
            language,
            "\n\n".join(part.body for part in parts),
            "".join(part.html for part in parts),
            "\n".join(part.plain for part in parts),
        )

    def sentence(self, language: str) -> str:
        chance, part = self.chance, phrases()[language]
        template: str = chance.choice(part["sentences"])
        return template.format(
            thing=chance.choices(part["things"], cum_weights=self.rarity[language])[0],
            name=self.name(),
            count=chance.randint(3, 900),
            month=chance.choice(phrases()["months"][language]),
            year=chance.randint(2012, 2026),
        )

    def name(self) -> str:
        """An invented word: a few are often used, most hardly ever."""
        number = int(NAMES_KNOWN ** self.chance.random())
        parts: list[str] = []
        while number or not parts:
            number, rest = divmod(number, len(SYLLABLES))
            parts.append(SYLLABLES[rest])
        return "".join(parts).capitalize() + "a"

    def _reference(self, language: str) -> Block:
        """A plain sentence with words that hardly any other text has."""
        plain = f"{self.name()} {self.chance.randint(10_000, 99_999)}: {self.sentence(language)}"
        return Block(plain, f"<p>{plain}</p>\n", plain)

    def _blocks(self, language: str) -> list[Block]:
        return [_rendered(self._shape(number, language)) for number in range(BLOCKS)]

    def _shape(self, number: int, language: str) -> str:
        shapes: dict[int, Callable[[str], str]] = {3: self._list, 7: self._quote, 11: self._link}
        return shapes.get(number % 16, self.paragraph)(language)

    def paragraph(self, language: str) -> str:
        return " ".join(self.sentence(language) for _ in range(self.chance.randint(1, 4)))

    def _list(self, language: str) -> str:
        return "\n".join(f"- {self.sentence(language)}" for _ in range(self.chance.randint(3, 5)))

    def _quote(self, language: str) -> str:
        return f"> {self.sentence(language)}"

    def _link(self, language: str) -> str:
        address = f"https://city.example/{self.name().lower()}"
        return f"**{self.title(language)}**, [{self.name()}]({address}). {self.sentence(language)}"


def _rarity(count: int) -> list[float]:
    """Each next word half, a third, a quarter as often as the first."""
    return list(accumulate(1 / rank for rank in range(2, count + 2)))


def _rendered(body: str) -> Block:
    return Block(body, render(body).html, plain_text(body), not body.startswith(("-", ">")))
