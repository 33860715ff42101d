"""What no font has is written by name, and found out only once."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import pdf
from app.core.pdf import Data, pdf_from
from tests.notes.file_reading import read_pdf

pytestmark = pytest.mark.any_engine

TEMPLATE = """\
#let doc = json(bytes(sys.inputs.data))
#set document(title: "x", date: none)
#set text(lang: "en", font: ("Sofia Sans", "Libertinus Serif"), features: ("ss01",))
#par(doc.text)
#par(doc.remark)
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "little.typ"
    path.write_text(TEMPLATE)
    return path


def saying(template: Path, text: str) -> str:
    def saying_so(data: Data) -> Data:
        return {**data, "remark": "By name."}

    return read_pdf(pdf_from(template, {"text": text, "remark": ""}, saying_so)).text


def test_each_file_names_what_is_missing(template: Path) -> None:
    assert [saying(template, "a 🦉 b") for _ in range(2)] == ["a [owl] bBy name."] * 2
    assert "🦉" in pdf._lacking
    assert saying(template, "Łódź Αθήνα Київ") == "Łódź Αθήνα Київ"


def test_letter_that_misses_its_accent_is_not_named_elsewhere(template: Path) -> None:
    saying(template, "\u0436\u20de here")

    assert "\u0436" not in pdf._lacking
    assert saying(template, "\u0436 there") == "\u0436 there"


@pytest.mark.parametrize("known", [set(), {"👩"}, {"🏽"}, {"👩", "🏽", "💻"}])
def test_what_several_characters_draw_together_is_named_one_by_one(
    template: Path, known: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_lacking", known)

    assert saying(template, "👩🏽\u200d💻") == (
        "[woman][emoji modifier fitzpatrick type-4][personal computer]By name."
    )
