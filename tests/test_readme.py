"""What the README promises exists."""

from __future__ import annotations

import re
import tomllib
from itertools import chain

import pytest
import sqlalchemy as sa
from click import Context, Group
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.core.serve import DEMO_PASSWORD, DEMO_SIGN_INS
from config import ROOT

pytestmark = pytest.mark.any_engine

README = (ROOT / "README.md").read_text()
DEPENDENCIES = (ROOT / "docs" / "dependencies.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
OUTSIDE_OF_CONFIG = {"BIND", "HOST", "PORT"}


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_column(text: str) -> list[str]:
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row)]


def test_every_target_named_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)", README))
    there = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))

    assert sorted(named - there) == []


def test_every_setting_named_is_read_and_every_setting_read_is_named() -> None:
    read = set(re.findall(r'environment\.get\(\s*"([A-Z_]+)"', (ROOT / "config.py").read_text()))
    internal = {name for name in read if name.startswith("WORKER_")}

    named = set(first_column(section("Settings")))
    assert named == read - internal | OUTSIDE_OF_CONFIG


def test_internal_settings_are_described_for_operators() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text()

    assert re.findall(r"`(WORKER_[A-Z_]+)` \|", operations) == [
        "WORKER_LEASE_SECONDS",
        "WORKER_RETRY_SECONDS",
    ]


def test_every_command_named_exists(whole_app: Flask) -> None:
    inside = next(line for line in README.splitlines() if line.startswith("Inside the environment"))
    for words in re.findall(r"`([a-z]+ [a-z|-]+)", inside):
        group, verbs = words.split()
        commands = whole_app.cli.get_command(Context(whole_app.cli), group)
        assert isinstance(commands, Group)
        assert [verb for verb in verbs.split("|") if verb not in commands.commands] == []


def test_every_address_named_exists(whole_app: Flask) -> None:
    rules = [plain(rule.rule) for rule in whole_app.url_map.iter_rules()]
    named = [plain(word) for word in re.findall(r"`(/[^`]*)`", section("Addresses"))]

    assert [word for word in named if word not in rules] == []


def plain(address: str) -> str:
    """The address with nothing but the places of what varies."""
    shape = address.partition("?")[0]
    shape = re.sub(r"summary\.[a-z|]+$", "summary.<form>", shape)
    return re.sub(r"<[^>]+>", "<>", shape)


@pytest.mark.usefixtures("demo")
def test_demo_accounts_exist_and_can_be_used(client: FlaskClient) -> None:
    named = sorted(first_column(section("Try it")))
    there = db.session.scalars(sa.select(User.email).where(User.email.in_(named)))
    assert sorted(there) == named

    first = named[0]
    answer = client.post("/sign-in", data={"email": first, "password": "interurban"})
    assert answer.status_code == 302


def test_files_named_exist() -> None:
    tree = re.findall(r"^(\w[\w.]*/?) {2,}", section("How the code is shaped"), re.MULTILINE)

    assert [name for name in tree if not (ROOT / name).exists()] == []
    assert len(tree) >= 7


def test_start_prints_the_same_accounts() -> None:
    named = first_column(section("Try it"))
    assert sorted(f"{name}@demo.invalid" for name in DEMO_SIGN_INS) == sorted(named)
    assert f"password `{DEMO_PASSWORD}`" in section("Try it")


def test_every_dependency_says_why() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    needed = {re.split(r"[\[=<>]", pin)[0] for pin in pins} - {"interurban"}
    rows = re.findall(r"^\| ([a-z0-9, -]+) \|", DEPENDENCIES, re.MULTILINE)
    told = {name for row in rows for name in row.split(", ")} - {"package"}

    assert told - needed == {"django-htmx", "fontpkg-sofia-sans"}
    assert needed - told == set()
