"""A long note as somebody writes it in a long meeting: every kind of text that Markdown has.

Our own words in six languages, in an order that is always the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

WORDS = 10_000
SAID = (
    "The housing office of Graz answers each request within five working days.",
    "Rents rose by a third since the last meeting, and the fund pays half of it.",
    "Nobody was turned away, says the desk at the station, not even in January.",
    "In York the council reads a page of figures each quarter & asks what changed.",
    "Who was evicted < 30 days ago is called first, who waits > 90 days is visited.",
    'The word "emergency" is used for nights outside; it isn\'t used for anything else.',
    "A path like C:\\registers\\2027 or a sum of 3 * 4 = 12 stays as it was typed.",
    "Übergrößen, naïve façades, smörgåsbord, piñata, col·laborar: all of it is one text.",
    "Στην Αθήνα ο δήμος μετρά κάθε αίτηση και δημοσιεύει τα στοιχεία κάθε μήνα.",
    "Οι πόλεις συμφώνησαν να ανταλλάσσουν εμπειρίες δύο φορές τον χρόνο.",
    "W Łodzi urząd prowadzi rejestr mieszkań, żółć i gęślą jaźń też są zapisane.",
    "Miasto zapłaciło za tłumaczenia, a każdy wniosek dostał swój numer.",
    "У Києві місто веде перелік звернень, і кожен мешканець бачить свій рядок.",
    "Їжак, ґанок, об'єкт: українські літери стоять у кожному файлі.",
    "Sie fragten nach dem Wohngeld, und die Antwort war für alle dieselbe.",
    "Kommunen mäter hur länge folk väntar och berättar det för nämnden.",
    "People clapped 🎉 when the last case was closed, and a house 🏘️ was named after it.",
    "Write to a_b_c@example.org or see #42, {{ braces }}, $sums$ and [brackets].",
)
INLINE = (
    "It was **said twice**, *quietly*, ~~not at all~~, and once in `code <b>&amp;</b>`.",
    "See [the register](https://example.org/register?city=graz&year=2027#top) for the figures.",
    "**Bold with *both* inside** and a bare address https://example.org/a_b/c.",
    "One line\\\nbroken on purpose, and @lund was asked.",
)
TABLE = """\
| City | Requests | Paid & closed |
|---|---|---|
| Graz | 1 204 | **yes** |
| Łódź | 318 | *partly* |
| Αθήνα | 77 | `no` |
| Київ | 12 | |
"""
LISTS = """\
- first thing that was named
  - a thing inside of it
    - and one deeper, in Αθήνα
  - its neighbour
- second thing

  with a paragraph of its own

1. count the requests
2. pay them
   1. before Friday
   2. or say why not
3. tell everybody

- [ ] not printed yet
- [x] printed
"""
QUOTE = """\
> We do not ask for papers at the door.
>
> > Said before, in Київ, and still true.
>
> - nobody sleeps outside
"""
CODE = """\
```
if waits > 90 and city == "Łódź":
    visit(person)  # <b>not a tag</b>

    call(`them`)
```
"""
KINDS = (TABLE, LISTS, QUOTE, CODE, "---\n")


def long_note(words: int = WORDS) -> str:
    """Markdown of at least so many words, with headings of three levels, some of them empty."""
    parts: list[str] = []
    count = 0
    for part in _parts():
        if count >= words:
            return "\n".join(parts)
        parts.append(part)
        count += len(part.split())
    raise AssertionError  # the parts never end


def _parts() -> Iterator[str]:
    said, inline, kinds = cycle(SAID), cycle(INLINE), cycle(KINDS)
    number = 0
    while True:
        number += 1
        yield f"# Point {number}: Łódź, Αθήνα & Київ\n"
        yield f"## What was asked in round {number}\n"
        yield f"{' '.join(islice(said, 7))}\n"
        yield f"{next(inline)}\n"
        yield f"{' '.join(islice(said, 5))}\n"
        yield next(kinds)
        yield "### Nothing was said here\n"
        yield f"## What follows from round {number}\n"
        yield f"{' '.join(islice(said, 6))}\n"
        yield next(kinds)
