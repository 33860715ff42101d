"""The house rules of README, checked: the line of domains, the floors, no cycles."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_engine

APP = Path(__file__).parent.parent / "app"
DOMAINS = [
    "core", "network", "accounts", "topics", "files", "forum", "messages", "webinars",
    "datepolls", "mailbox", "live", "attendance", "questions", "polls", "materials", "feedback",
    "certificates", "notes", "statistics", "practices", "moderation", "search", "notifications",
    "api", "home", "demo", "exchange",
]  # fmt: skip
FLOORS = [
    {"enums", "signals", "errors"},
    {"models", "reader_models", "place_models"},
    {"permissions", "queries"},
    {"<activity>"},
    {"emails"},
    {"jobs", "receivers"},
    {"forms"},
    {"views", "cli"},
]
ACTIVITY, TOP = 3, 6


def floor(name: str) -> int:
    return next((rank for rank, names in enumerate(FLOORS) if name in names), ACTIVITY)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def modules() -> dict[str, ast.Module]:
    """Every module inside a domain, by dotted name."""
    found = {}
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(APP.parent).with_suffix("").parts
        if len(parts) >= 3 and parts[-1] != "__init__":
            found[".".join(parts)] = parsed(path)
    return found


@cache
def nodes(tree: ast.AST) -> list[ast.AST]:
    """All of it in one line, walked once."""
    return list(ast.walk(tree))


@cache
def imports(tree: ast.Module) -> list[tuple[str, str]]:
    """Each (module, name) this one takes from app."""
    return list(_imports(tree))


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in nodes(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("app."):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole, "") if whole in modules() else (node.module, alias.name)


def targets(tree: ast.Module) -> list[str]:
    return [module for module, _ in imports(tree) if module in modules()]


def allowed(importer: str, imported: str) -> bool:
    _, here, module = importer.split(".")[:3]
    _, there, target = imported.split(".")[:3]
    if there == "core":
        return True
    if here == "core":
        return False
    if here == there:
        same_floor = target == module or floor(target) == floor(module) == ACTIVITY
        return same_floor or floor(target) < floor(module)
    if floor(target) >= TOP:
        return False
    return floor(module) >= TOP or DOMAINS.index(there) < DOMAINS.index(here)


def test_every_package_has_its_place_in_the_line() -> None:
    packages = {path.parent.name for path in APP.glob("*/__init__.py")}

    assert packages - set(DOMAINS) == set()


def test_imports_point_down() -> None:
    broken = [
        f"{name} -> {target}"
        for name, tree in modules().items()
        for target in targets(tree)
        if not allowed(name, target)
    ]

    assert broken == []


def test_there_is_no_cycle() -> None:
    graph = {name: set(targets(tree)) for name, tree in modules().items()}

    order = list(TopologicalSorter(graph).static_order())

    assert len(order) == len(graph)


def test_domain_code_knows_no_request() -> None:
    broken = [
        name
        for name, tree in modules().items()
        if name.split(".")[1] != "core" and floor(name.split(".")[2]) <= ACTIVITY
        for node in nodes(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in {"flask", "flask_wtf"}
    ]

    assert broken == []


def test_nothing_is_imported_inside_a_function() -> None:
    broken = [
        f"{name}: {function.name}"
        for name, tree in modules().items()
        for function in nodes(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert broken == []


def test_views_forms_and_commands_import_no_model() -> None:
    """What they need comes from queries (what may be seen) and activities (what may be done)."""
    broken = [
        f"{name} -> {target}"
        for name, tree in modules().items()
        if floor(name.split(".")[2]) >= TOP and name.split(".")[1] != "core"
        for target in targets(tree)
        if target.split(".")[2] in FLOORS[1]
    ]

    assert broken == []


def test_rows_of_another_domain_come_from_its_queries() -> None:
    """Nobody selects, inserts, updates or deletes a model that belongs to another domain."""
    verbs = {"select", "insert", "update", "delete", "get"}
    broken = []
    for name, tree in modules().items():
        here = name.split(".")[1]
        foreign = {
            word
            for module, word in imports(tree)
            if module.split(".")[-1] in FLOORS[1] and module.split(".")[1] not in {here, "core"}
        }
        broken += [
            f"{name}:{node.lineno}"
            for node in nodes(tree)
            if isinstance(node, ast.Call) and _verb(node) in verbs and _first_name(node) in foreign
        ]

    assert broken == []


def _verb(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def _first_name(call: ast.Call) -> str:
    return call.args[0].id if call.args and isinstance(call.args[0], ast.Name) else ""


def test_only_views_commands_and_jobs_open_a_transaction() -> None:
    broken = [
        name
        for name, tree in modules().items()
        if name.split(".")[1] != "core" and floor(name.split(".")[2]) < TOP
        for module, word in imports(tree)
        if (module, word) == ("app.core.db", "write")
    ]

    assert broken == []


def test_rooms_are_not_too_large() -> None:
    """A file has room for 300 lines of code, a function for 40 (blank lines not counted)."""
    broken = []
    for path in sorted(APP.rglob("*.py")):
        text = path.read_text()
        if sum(1 for line in text.splitlines() if line.strip()) > 300:
            broken.append(str(path.relative_to(APP)))
        broken += [
            f"{path.relative_to(APP)}: {node.name}"
            for node in nodes(parsed(path))
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 40
        ]

    assert broken == []
