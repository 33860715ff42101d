"""Who is named in a line as the one who does it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.notes.due_words import plain

LONGEST_OWNER = 120
MOST_WORDS = 6
MENTION = r"@[^\s:：,;()\[\]@]{1,60}"
MENTIONS = rf"{MENTION}(?:(?:,|&|/| and| und| en| och| y| i| et)? ?{MENTION}){{0,9}}"

NOBODY = {"tbd", "tba", "tbc", "nn", "n.n.", "?", "??", "???", "-", "–", "…", "...", "_"}
NO_NAMES = {
    "optional", "if", "see", "cf", "eg", "ie", "e.g", "i.e", "incl", "including", "as", "and", "or",
    "done", "new", "ongoing", "pending", "siehe", "vgl", "falls", "wenn", "inkl", "zie", "indien",
    "se", "om", "ver", "véase", "si", "vegeu", "voir", "facultatif", "http",
    "https", "when", "after", "before", "not", "no", "for", "to", "in", "on", "at", "from", "with",
}  # fmt: skip
"""With these begins what stands in brackets and names nobody."""
WILL = "to|will|shall|should|soll|sollte|wird|zal|ska|hará|debe|farà|ha de|doit|va"
EDGES = " \t,;–—-"

_first = re.compile(rf"(?P<at>{MENTIONS})[:：,]? ?|[(\[](?P<name>[^()\[\]]{{1,120}})[)\]][:：]? ?")
_colon = re.compile(r"(?P<name>[^:：.!?;()\[\]@/]{1,60})[:：] ")
_doer = re.compile(rf"(?P<name>[^:：.!?;()\[\]@,]{{1,60}}?) (?:{WILL}) ", re.IGNORECASE)
_last = re.compile(rf"(?<!\S){MENTIONS}$")
_will = re.compile(rf"(?:{WILL}) (?=\S)", re.IGNORECASE)


class Surety(StrEnum):
    """How a name was written: marked as one, in front of a colon, or as the doer of a sentence."""

    MARKED = "marked"
    LIKELY = "likely"
    PERHAPS = "perhaps"


@dataclass(frozen=True)
class Owned:
    """The words that name somebody, how sure that is, and the text without them."""

    words: str
    surety: Surety
    text: str


def owner_in(text: str) -> Owned | None:
    """Who is named at the beginning of a text or at its end; None: nobody."""
    found = _at_start(text) or _at_end(text) or _named(_colon, Surety.LIKELY, text)
    return found or _named(_doer, Surety.PERHAPS, text)


def tidy_owner(words: str) -> str:
    """The words without @ and marks; empty when they name nobody."""
    said = " ".join(words.replace("@", " ").replace("*", "").split()).strip(" .,;:_")
    said = re.sub(r" ,", ",", said)
    names_somebody = any(sign.isalpha() for sign in said) and plain(said) not in NOBODY
    return said[:LONGEST_OWNER] if names_somebody else ""


def _at_start(text: str) -> Owned | None:
    found = _first.match(text)
    if not found:
        return None
    words = found["at"] or found["name"]
    rest = text[found.end() :].lstrip(EDGES)
    if found["at"] and (will := _will.match(rest)):
        rest = rest[will.end() :]
    return _owned(words, rest, is_bracketed=not found["at"])


def _at_end(text: str) -> Owned | None:
    whole = text.rstrip(" .")
    if found := _last.search(whole):
        return _owned(found[0], whole[: found.start()], is_bracketed=False)
    opening = max(whole.rfind("("), whole.rfind("["))
    if not whole.endswith((")", "]")) or opening < 0:
        return None
    return _owned(whole[opening + 1 : -1], whole[:opening], is_bracketed=True)


def _owned(words: str, rest: str, *, is_bracketed: bool) -> Owned | None:
    said = tidy_owner(words)
    if not said or (is_bracketed and not _can_be_name(said)):
        return None
    return Owned(said, Surety.MARKED, rest.strip(EDGES))


def _named(pattern: re.Pattern[str], surety: Surety, text: str) -> Owned | None:
    found = pattern.match(text)
    said = tidy_owner(found["name"]) if found else ""
    if found is None or not said or not _can_be_name(said):
        return None
    rest = text if surety == Surety.PERHAPS else text[found.end() :]
    return Owned(said, surety, rest.strip(EDGES))


def _can_be_name(said: str) -> bool:
    words = said.split()
    first = plain(words[0]).strip(".,;")
    starts_right = first not in NO_NAMES and not first[0].isdigit()
    return starts_right and len(words) <= MOST_WORDS and "://" not in said
