"""Every template, stylesheet and mail keeps to the rules of the look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.core.frame import ACCOUNT, FOOTER, NAVIGATION, OFFICE
from app.core.icon_sheet import drawing
from config import ROOT

pytestmark = pytest.mark.any_engine

TEMPLATES = ROOT / "templates"
CSS = ROOT / "app" / "static" / "css"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts)
ALL = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})
MAILS = sorted(path for path in (TEMPLATES / "emails").iterdir() if path.name != "_base")
SHEETS = sorted(path for path in CSS.rglob("*.css") if path.name != "tokens.css")

# Some names of icons are chosen by an expression: take every string in the call.
ICON_CALL = re.compile(r"\bicon\(((?:[^()]|\([^()]*\))*)\)")
STRING = re.compile(r'"([a-z0-9-]+)"')


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def wrong_in(paths: list[Path], find: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """What is found in each file that should have nothing of it."""
    return {name_of(path): found for path in paths if (found := find(path.read_text()))}


def test_templates_compile(whole_app: Flask) -> None:
    names = [str(path.relative_to(TEMPLATES)) for path in ALL]

    assert [whole_app.jinja_env.get_template(name).name for name in names] == names


def test_pages_have_nothing_that_the_content_policy_refuses() -> None:
    inline = r'\sstyle\s*=\s*["\']|<style|\son[a-z]+\s*=\s*["\']|<script(?![^>]*\bsrc=)[^>]*>'

    assert wrong_in(PAGES, re.compile(inline).findall) == {}


def test_pages_use_only_icons_that_exist() -> None:
    def unknown(text: str) -> list[str]:
        return [name for name in icons_in(text) if "<svg" not in drawing(name)]

    assert wrong_in(PAGES, unknown) == {}


def icons_in(text: str) -> Iterator[str]:
    for arguments in ICON_CALL.findall(text):
        yield from STRING.findall(re.sub(r'(==|!=|in)\s*(\([^)]*\)|"[^"]*")', "", arguments))


def test_menus_use_only_icons_that_exist() -> None:
    for _key, _words, _endpoint, name, _letter in [*NAVIGATION, *ACCOUNT, *OFFICE, *FOOTER]:
        assert not name or "<svg" in drawing(name)


def test_mails_have_three_parts() -> None:
    three = ["body.html", "body.txt", "subject.txt"]
    parts = {mail.name: sorted(part.name for part in mail.iterdir()) for mail in MAILS}

    assert parts == dict.fromkeys(parts, three)


def test_stylesheets_take_colours_from_tokens() -> None:
    def own_colours(text: str) -> list[str]:
        rules = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        known = r"#[0-9a-fA-F]{3,8}\b(?![^{;]*\{)|\b(?:rgba?|hsla?)\(|!important"
        return re.findall(known, rules)

    assert wrong_in(SHEETS, own_colours) == {}


def test_stylesheets_work_in_both_directions() -> None:
    physical = r"(?<![\w-])(?:margin|padding|border|inset)-(?:left|right)|(?<![\w-])(?:left|right):"

    assert wrong_in(SHEETS, re.compile(physical).findall) == {}


def test_stylesheets_use_only_tokens_that_exist() -> None:
    known = set(tokens()) | set(re.findall(r"(--[\w-]+):", all_css()))

    def unknown(text: str) -> list[str]:
        return sorted(set(re.findall(r"var\((--[\w-]+)\)", text)) - known)

    assert wrong_in(SHEETS, unknown) == {}


def test_every_class_of_a_page_is_styled_or_known() -> None:
    used = {name for path in PAGES for name in plain_classes(path.read_text())}
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", all_css()))

    assert sorted(used - styled) == []


def plain_classes(text: str) -> Iterator[str]:
    for value in re.findall(r'class="([^"{]*)"', text):
        yield from value.split()


def all_css() -> str:
    return "".join(path.read_text() for path in CSS.rglob("*.css"))


def tokens() -> dict[str, tuple[str, str]]:
    """Each colour with its light and its dark value."""
    pattern = r"(--[\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)"
    text = (CSS / "tokens.css").read_text()
    names = dict.fromkeys(re.findall(r"(--[\w-]+):", text), ("", ""))
    return names | {name: (light, dark) for name, light, dark in re.findall(pattern, text)}


LINES = ["mobility", "climate", "housing", "digital", "people", "places"]
GROUNDS = ["bg", "surface", "surface-2", "raised"]
WORDS = ["ink", "ink-2", "ink-3", "brand", "brand-hover", "live", "ok", "warn", "danger"]
PAIRS = [
    *((word, ground, 4.5) for word in WORDS for ground in GROUNDS),
    *((f"l-{line}", ground, 4.5) for line in LINES for ground in GROUNDS),
    *(("on-line", f"l-{line}", 4.5) for line in LINES),
    *(("rule-strong", ground, 3.0) for ground in GROUNDS),
    *((f"map-{line}", "panel", 3.0) for line in range(1, 7)),
    *((word, f"{word}-soft", 4.5) for word in ("brand", "ok", "warn", "danger")),
    *(("ink", f"{kind}-soft", 4.5) for kind in ("brand", "sun", "ok", "warn", "danger")),
    *(("ink-2", f"{kind}-soft", 4.5) for kind in ("brand", "sun", "ok", "warn")),
    *((f"panel-{ink}", ground, 4.5) for ink in ("ink", "ink-2") for ground in ("panel", "panel-2")),
    ("on-brand", "brand", 4.5),
    ("on-brand", "brand-hover", 4.5),
    ("on-sun", "sun", 4.5),
    ("sun", "panel", 4.5),
    ("on-live", "live-fill", 4.5),
    ("bg", "ink", 4.5),
]  # fmt: skip


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_told_apart(theme: int) -> None:
    known = tokens()

    too_weak = [
        (front, ground)
        for front, ground, least in PAIRS
        if contrast(known[f"--{front}"][theme], known[f"--{ground}"][theme]) < least
    ]

    assert too_weak == []


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
