"""Which lines of a note are decisions and actions, and what they say."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.notes.due_words import due_in
from app.notes.line_owners import Surety
from app.notes.lines import LONGEST, MOST, Line, LineKind, lines_of
from app.notes.merging import paragraphs

pytestmark = pytest.mark.any_engine

MET = date(2026, 11, 22)  # a Sunday


def one(markdown: str) -> Line:
    [line] = lines_of(markdown, MET)
    return line


@pytest.mark.parametrize(
    "word",
    [
        "Decision", "Entscheidung", "Beschluss", "Beschluß", "Besluit", "Beslissing", "Beslut",
        "Decisión", "Acuerdo", "Decisió", "Acord", "Décision", "DECISION", "decisio\u0301n",
        "Decision 3", "Decision #2",
    ],
)  # fmt: skip
def test_decision_in_seven_languages(word: str) -> None:
    line = one(f"{word}: The round table stays.")

    assert (line.kind, line.text) == (LineKind.DECISION, "The round table stays.")


@pytest.mark.parametrize(
    "word",
    [
        "Action", "Action item", "Action point", "AI", "ai", "Aktion", "Aufgabe", "Maßnahme",
        "Massnahme", "Actie", "Actiepunt", "Taak", "Åtgärd", "Atgard", "A\u030atga\u0308rd",
        "Uppgift", "Acción", "Accion", "Tarea", "Acció", "Tasca", "Tâche", "aCtIoN", "AI 4",
    ],
)  # fmt: skip
def test_action_in_seven_languages(word: str) -> None:
    line = one(f"{word}: send the list")

    assert (line.kind, line.text) == (LineKind.ACTION, "send the list")


@pytest.mark.parametrize(
    "raw",
    [
        "- Action: send the list", "* Action: send the list", "+ Action: send the list",
        "• Action: send the list", "1. Action: send the list", "12) Action: send the list",
        "- - Action: send the list", "- [ ] Action: send the list", "☐ Action: send the list",
        "**Action:** send the list", "**Action**: send the list", "__Action:__ send the list",
        "*Action:* send the list", "***Action:*** send the list", "**Action: send the list**",
        "- [ ] **Action:** send the list", "   Action: send the list", "Action : send the list",
        "Action\u00a0: send the list", "Action： send the list", "Action:send the list",
        "Action: [ ] send the list", "Action: send the `list`", "Action: **send** the _list_",
        "Action: send [the list](https://example.org/x)", "- \u2003Action: send  the\tlist",
    ],
)  # fmt: skip
def test_marks_around_the_word_do_not_matter(raw: str) -> None:
    line = one(raw)

    assert (line.kind, line.text, line.raw) == (LineKind.ACTION, "send the list", raw.strip())


@pytest.mark.parametrize(
    "raw",
    [
        "Actionable: nothing of it", "Actions: three of them", "Reaction: mixed",
        "The action: was taken", "AIDS: a campaign", "AI is discussed", "AI (Act): ", "Action",
        "Action:", "Action: **", "Action: -", "Action: none", "Decision: None.", "Beslut: inga",
        "Actie: geen", "Action (Graz):", "AI @ana", "AI @ home", "Action plan: three steps",
        "Decision-making: slow", "Decisions: two", "> Action: said elsewhere",
        ">Action: said elsewhere", "- > AI: said elsewhere", "`Action: as code`",
        "| Action: a cell | b |", "# Action: a heading", "~~Action: struck out~~",
        "Decision D-2026-014: as agreed", "Action A-2026-003: goes on", "D: not a word",
        "\\Action: x", "Ai-ai: the song", "",
    ],
)  # fmt: skip
def test_other_lines_are_none(raw: str) -> None:
    assert lines_of(raw, MET) == []


def test_code_has_no_lines() -> None:
    text = """Before

```
AI: in a fence

AI: still in it
```

~~~ text
AI: in another
```
~~~

    AI: indented

* list
    ```
    AI: in a fence of the list
* AI: the list goes on
    * AI: and inside

      ~~~
      AI: in code again
      ~~~
      AI: behind it
Action: the end"""

    texts = [line.text for line in lines_of(text, MET)]

    assert texts == ["the list goes on", "and inside", "behind it", "the end"]


def test_indented_line_that_goes_on_is_no_code() -> None:
    assert [line.text for line in lines_of("We met.\n    AI: come again", MET)] == ["come again"]


def test_paragraph_is_counted_as_the_merging_counts() -> None:
    text = "One\n\nTwo\nAction: a\n\n```\nx\n\ny\n```\n\n- Decision: b\n- AI: c"

    lines = lines_of(text, MET)

    assert [(line.paragraph, line.text) for line in lines] == [(1, "a"), (3, "b"), (3, "c")]
    assert all(line.raw in paragraphs(text)[line.paragraph] for line in lines)


def test_one_wording_is_one_line() -> None:
    lines = lines_of("Action: call Graz\n\n- **Action:** call Graz\nAI(Bern): call Graz", MET)

    assert [(line.text, line.owner) for line in lines] == [
        ("call Graz", ""),
        ("call Graz", "Bern"),
    ]


def test_ticked_box_is_done() -> None:
    boxes = ["- [x] AI: a", "- [X] AI: b", "☑ AI: c", "- [ ] AI: d", "☐ AI: e", "AI: f"]

    done = [line.is_done for line in lines_of("\n".join(boxes), MET)]

    assert done == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("raw", "owner", "text"),
    [
        ("AI(ana): send it", "ana", "send it"),
        ("AI (Ana López): send it", "Ana López", "send it"),
        ("AI[ana]: send it", "ana", "send it"),
        ("AI（ana）： send it", "ana", "send it"),
        ("**AI(ana)**: send it", "ana", "send it"),
        ("**AI (ana):** send it", "ana", "send it"),
        ("**AI** (ana): send it", "ana", "send it"),
        ("AI: [ana] send it", "ana", "send it"),
        ("AI: (Network office) send it", "Network office", "send it"),
        ("AI: [Network office]: send it", "Network office", "send it"),
        ("AI @ana send it", "ana", "send it"),
        ("AI @ana: send it", "ana", "send it"),
        ("AI: @ana send it", "ana", "send it"),
        ("AI: @ana to send it", "ana", "send it"),
        ("AI: @ana will send it", "ana", "send it"),
        ("AI: @ana, @ben and @eva: send it", "ana, ben and eva", "send it"),
        ("Action: send it @ana", "ana", "send it"),
        ("Action: send it @ana.", "ana", "send it"),
        ("Action: send it (Graz)", "Graz", "send it"),
        ("Action: send it [Graz].", "Graz", "send it"),
        ("Action: send it, (network office)", "network office", "send it"),
    ],
)
def test_owner_that_is_marked(raw: str, owner: str, text: str) -> None:
    line = one(raw)

    assert (line.owner, line.text, line.surety) == (owner, text, Surety.MARKED)


def test_name_in_front_of_a_colon_is_likely_an_owner() -> None:
    line = one("Action: Network office: invite all")

    assert (line.owner, line.surety) == ("Network office", Surety.LIKELY)
    assert (line.text, line.whole) == ("invite all", "Network office: invite all")


def test_doer_of_the_sentence_is_perhaps_an_owner() -> None:
    line = one("AI: Ana López to ask the mayor")

    assert (line.owner, line.surety) == ("Ana López", Surety.PERHAPS)
    assert line.text == line.whole == "Ana López to ask the mayor"


@pytest.mark.parametrize(
    "raw",
    [
        "Action: send it (see above)", "Action: send it (optional)", "AI(TBD): send it",
        "AI(?): send it", "Action: (10 min) send it", "Action: send it (2 pages)",
        "Action: ask @ana about it", "Action: see https://example.org",
        "Action: (https://example.org) send it", "Action: write (in all of our seven languages)",
        "Action: mail ana@example.org", "Action: send it. Then: rest",
    ],
)  # fmt: skip
def test_nobody_is_named(raw: str) -> None:
    assert one(raw).owner == ""


def test_decision_has_no_owner() -> None:
    line = one("Decision: Graz: the round table stays (Network office)")

    assert (line.owner, line.text) == ("", "Graz: the round table stays (Network office)")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("by 2027-05-12", date(2027, 5, 12)),
        ("by 12 May 2027", date(2027, 5, 12)),
        ("by 12 May", date(2027, 5, 12)),
        ("by 22 November", MET),
        ("by 21 November", date(2027, 11, 21)),
        ("by 29 February", date(2028, 2, 29)),
        ("by May 12th, 2027", date(2027, 5, 12)),
        ("by the 12th of May", date(2027, 5, 12)),
        ("by Friday", date(2026, 11, 27)),
        ("by Sunday", date(2026, 11, 29)),
        ("by Fri, 27 Nov", date(2026, 11, 27)),
        ("until 1/12/2026", date(2026, 12, 1)),
        ("due 1.12.26", date(2026, 12, 1)),
        ("due: 2026-12-01", date(2026, 12, 1)),
        ("Due on 1 Dec", date(2026, 12, 1)),
        ("before 01/12", date(2026, 12, 1)),
        ("bis 1.12.2026", date(2026, 12, 1)),
        ("bis zum 1. Dezember", date(2026, 12, 1)),
        ("bis spätestens Di., 1.12.", date(2026, 12, 1)),
        ("bis Freitag", date(2026, 11, 27)),
        ("bis 3. März", date(2027, 3, 3)),
        ("bis 3. Marz", date(2027, 3, 3)),
        ("tot 1 december", date(2026, 12, 1)),
        ("uiterlijk vrijdag 27 november 2026", date(2026, 11, 27)),
        ("senast den 1 december", date(2026, 12, 1)),
        ("senast fredag", date(2026, 11, 27)),
        ("para el 1 de diciembre de 2026", date(2026, 12, 1)),
        ("hasta el lunes, 30 de noviembre", date(2026, 11, 30)),
        ("per al 12 d'abril", date(2027, 4, 12)),
        ("fins al 3 de març de 2027", date(2027, 3, 3)),
        ("avant le 1er mars", date(2027, 3, 1)),
        ("d’ici le 12 févr. 2027", date(2027, 2, 12)),
        ("d'ici vendredi", date(2026, 11, 27)),
        ("!2027-05-12", date(2027, 5, 12)),
        ("!12.5.2027", date(2027, 5, 12)),
    ],
)
def test_due_day(words: str, day: date) -> None:
    line = one(f"Action: send it {words}")

    assert (line.due_on, line.text) == (day, "send it")


@pytest.mark.parametrize(
    "words",
    [
        "by hand", "by 31 February", "by 2027-13-40", "by 12:30", "by 2/3 of us",
        "by 12.5 per cent",
        "until 10 min are over", "by 120 May", "standby 12 May", "12 May 2027", "till maybe 3",
        "!important", "by 12 Maybe", "bis 2 Uhr", "by 0 May", "by 45.1.2027",
    ],
)  # fmt: skip
def test_no_due_day(words: str) -> None:
    line = one(f"Action: send it {words}")

    assert (line.due_on, line.text) == (None, f"send it {words}")


def test_last_due_day_counts() -> None:
    due = due_in("talk by 1 May, send by 3 May 2027", MET)

    assert due is not None
    assert due.day == date(2027, 5, 3)


@pytest.mark.parametrize(
    "raw",
    [
        "AI(ana): send it by 12 May 2027",
        "AI (ana, by 12 May 2027): send it",
        "AI: [ana] send it !2027-05-12",
        "Action: send it (ana, by 12 May 2027)",
        "Action: send it (by 12 May 2027, ana)",
        "Action: send it (ana) by 12 May 2027",
        "Action: send it by 12 May 2027 (ana)",
        "Action: send it, due 12.5.2027, @ana",
        "Action: by 12 May 2027: send it (ana)",
        "- [ ] **Action:** @ana send it (by 12/5/2027)",
    ],
)
def test_owner_and_due_day_in_any_order(raw: str) -> None:
    line = one(raw)

    assert (line.owner, line.text.strip(": "), line.due_on) == ("ana", "send it", date(2027, 5, 12))


@pytest.mark.parametrize(
    ("raw", "text"),
    [("Action: by 12 May", "by 12 May"), ("AI: @ana", "@ana"), ("AI: @ana by 12 May", "@ana")],
)
def test_line_of_owner_and_day_alone_keeps_words(raw: str, text: str) -> None:
    assert one(raw).text == text


def test_long_line_is_cut_at_a_word() -> None:
    line = one("Action: " + "word " * 10_000)

    assert len(line.text) <= LONGEST
    assert line.text.endswith("word…")


def test_note_of_lines_alone_has_so_many_records() -> None:
    assert len(lines_of("".join(f"AI: do {n}\n" for n in range(MOST + 100)), MET)) == MOST


WORDS = st.sampled_from(
    ["Action", "AI", "Decision", "Åtgärd", ":", "：", " ", "\n", "\n\n", "```", "~~~", ">", "- ",
     "[ ] ", "[x] ", "**", "_", "@ana", "(", ")", "[", "]", "by ", "bis ", "12 May", "2027-05-12",
     "12.5.", "Friday", "!", ",", ".", "…", "\x00", "\u202e", "😀", "\\", "`", "1.", "\t", "text"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(), st.lists(WORDS, max_size=40).map("".join)))
def test_any_text_is_read_and_no_record_is_empty(text: str) -> None:
    for line in lines_of(text, MET):
        assert any(sign.isalnum() for sign in line.text)
        assert len(line.text) <= LONGEST
        assert len(line.owner) <= 120
        assert line.raw == line.raw.strip()
        assert line.raw in paragraphs(text)[line.paragraph]


@pytest.mark.parametrize(
    "piece",
    [
        "AI: x by 12 May (Graz)\n", "AI: " + "(" * 990 + "\n", "AI: " + "@a" * 490 + "\n",
        "AI: " + "by 12. " * 140 + "\n", "AI: a" + "," * 990 + "\n", "*", "- ", "> ", "_", "```\n",
        "AI: " + "a " * 495 + "to\n", "[", "](", " ", "\n", "AI ", "Action(", "by ", "@", "\t",
    ],
)  # fmt: skip
def test_long_notes_are_read_in_linear_time(piece: str) -> None:
    text = "AI: " + piece * (100_000 // len(piece))

    started = time.process_time()
    lines_of(text, MET)

    assert time.process_time() - started < 2.5
