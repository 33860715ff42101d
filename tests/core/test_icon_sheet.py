"""The sheet of icons: it has every name that a template or our code says, and is renewed whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import nodes

from app.core import frame
from app.core.fragments import fragment
from app.core.icon_sheet import drawing, sheet, sheet_names
from app.core.static_files import Statics, asset
from app.core.templating import icon
from config import ROOT

pytestmark = pytest.mark.any_engine


def test_sheet_has_the_names_that_are_said_and_no_other(app: Flask) -> None:
    assert {*said_in_templates(app), *said_in_code()} == sheet_names()


def said_in_templates(app: Flask) -> Iterator[str]:
    """Every name that can come to `icon(…)`, followed through loops, dicts and macros."""
    for page in parsed(app):
        for call in page.find_all(nodes.Call):
            for wanted in named(call, macros_with_icon(app)):
                yield from literals(wanted, page)


@cache
def parsed(app: Flask) -> list[nodes.Template]:
    paths = (ROOT / "templates").rglob("*.html")
    return [app.jinja_env.parse(path.read_text()) for path in paths]


@cache
def macros_with_icon(app: Flask) -> dict[str, int]:
    """Macros that draw an icon of their caller's choice, with the place of its name."""
    found = {}
    for page in parsed(app):
        for macro in page.find_all(nodes.Macro):
            arguments = [argument.name for argument in macro.args]
            for call in macro.find_all(nodes.Call):
                for wanted in named(call, {}):
                    if isinstance(wanted, nodes.Name) and wanted.name in arguments:
                        found[macro.name] = arguments.index(wanted.name)
    return found


def named(call: nodes.Call, macros: dict[str, int]) -> Iterator[nodes.Expr]:
    """What is given as the name of an icon."""
    if not isinstance(call.node, nodes.Name):
        return
    if call.node.name == "icon":
        yield call.args[0]
    place = macros.get(call.node.name)
    if place is not None:
        yield from call.args[place : place + 1]
        yield from (pair.value for pair in call.kwargs if pair.key.startswith("icon"))


def literals(wanted: nodes.Expr, page: nodes.Template) -> Iterator[str]:
    if isinstance(wanted, nodes.CondExpr):
        yield from literals(wanted.expr1, page)
        if wanted.expr2 is not None:
            yield from literals(wanted.expr2, page)
    elif isinstance(wanted, nodes.Const):
        yield from filter(None, [wanted.value])
    elif isinstance(wanted, nodes.Name):
        yield from in_loops(wanted.name, page)
    elif isinstance(wanted, nodes.Getitem) and isinstance(wanted.node, nodes.Name):
        yield from in_dicts(wanted.node.name, page)


def in_loops(name: str, page: nodes.Template) -> Iterator[str]:
    """{% for format, NAME, words in [("bold", "bold", …), …] %}"""
    for loop in page.find_all(nodes.For):
        if not isinstance(loop.target, nodes.Tuple) or not isinstance(loop.iter, nodes.List):
            continue
        targets = [one.name for one in loop.target.items if isinstance(one, nodes.Name)]
        for row in loop.iter.items if name in targets else []:
            assert isinstance(row, nodes.Tuple)
            yield row.items[targets.index(name)].as_const()


def in_dicts(name: str, page: nodes.Template) -> Iterator[str]:
    """{% set NAME = {"captions": "captions", …} %}"""
    for given in page.find_all(nodes.Assign):
        if isinstance(given.target, nodes.Name) and given.target.name == name:
            assert isinstance(given.node, nodes.Dict)
            yield from given.node.as_const().values()


def said_in_code() -> Iterator[str]:
    """Menus, what a dict called ICONS leads to, and what a property called `icon` answers."""
    menus = [*frame.NAVIGATION, *frame.ACCOUNT, *frame.OFFICE, *frame.FOOTER]
    yield from filter(None, (item[3] for item in menus))
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign) and "ICONS" in ast.unparse(node.targets[0]):
                yield from values_of(node.value)
            elif isinstance(node, ast.FunctionDef) and node.name == "icon" and is_property(node):
                yield from texts_in(*(one for one in ast.walk(node) if isinstance(one, ast.Return)))


def is_property(node: ast.FunctionDef) -> bool:
    return "property" in map(ast.unparse, node.decorator_list)


def values_of(value: ast.expr) -> Iterator[str]:
    return texts_in(*value.values) if isinstance(value, ast.Dict) else iter(())


def texts_in(*trees: ast.AST) -> Iterator[str]:
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_icon_refers_to_the_file_of_all_that_browsers_keep(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        shown = icon("link")
    address = re.fullmatch(r'<svg aria-hidden="true"><use href="(.+)#link"/></svg>', shown)

    assert address is not None
    answer = client.get(address[1], headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    plain = client.get(address[1], headers={"Accept-Encoding": "identity"}).text
    assert re.findall(r'<symbol id="([^"]+)" viewBox="0 0 24 24"><', plain) == sorted(sheet_names())


def test_name_that_is_not_on_the_sheet_is_drawn_at_its_place(app: Flask) -> None:
    with app.test_request_context():
        shown = icon("accessibility")

    assert "accessibility" not in sheet_names()
    assert shown == drawing("accessibility")
    assert "<use" not in shown
    assert re.search(r"<(path|circle|line)", shown)


def test_name_that_nobody_knows_is_refused(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(KeyError):
        icon("no-such-drawing")


def test_drawings_ask_for_nothing_and_run_nothing() -> None:
    assert re.findall(r"<script|\son\w+=|\sstyle=|href=|url\(", sheet()) == []


def test_kept_part_is_made_again_when_the_sheet_has_another_address(
    app: Flask, tmp_path: Path
) -> None:
    statics = app.extensions["statics"]
    with app.test_request_context():
        before = fragment(("a part",), lambda: str(icon("link")))
        kept = fragment(("a part",), lambda: "not made again")
        app.extensions["statics"] = Statics(changed_static(tmp_path), tmp_path / "shelves")
        after = fragment(("a part",), lambda: str(icon("link")))
        address = asset("icons.svg")
        app.extensions["statics"] = statics

    assert (kept, before != after) == (before, True)
    assert f'"{address}#link"' in after


def changed_static(folder: Path) -> Path:
    """A static folder with other files, and so with another address for each."""
    static = folder / "static"
    (static / "css" / "components").mkdir(parents=True)
    for name in ("reset", "tokens", "base", "layout", "utilities", "print"):
        (static / "css" / f"{name}.css").write_text(f"/* another {name} */\n")
    return static
