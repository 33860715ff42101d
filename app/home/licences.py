"""Whose work this installation runs on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NO_LICENCE_STATED = "?"


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    licence: str
    address: str


@cache
def packages(project_file: Path) -> tuple[Package, ...]:
    """Everything the product needs to run, and what that needs, by name."""
    wanted = tomllib.loads(project_file.read_text())["project"]["dependencies"]
    found: dict[str, Package] = {}
    waiting = [_name_in(requirement) for requirement in wanted]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            here = distribution(name)
        except PackageNotFoundError:  # asked for on another system only
            continue
        found[name] = _package(here)
        waiting += _needs(here)
    return tuple(found[name] for name in sorted(found))


@cache
def notices(vendor: Path) -> str:
    """The licence texts of the files browsers get from us; empty before they are built."""
    path = vendor / "NOTICES.txt"
    return path.read_text() if path.exists() else ""


def _needs(package: Distribution) -> Iterator[str]:
    for requirement in package.requires or []:
        if "extra ==" not in requirement:
            yield _name_in(requirement)


def _name_in(requirement: str) -> str:
    found = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def _package(here: Distribution) -> Package:
    licence = _said(here, "License-Expression") or _classified(here) or _said(here, "License")
    return Package(here.metadata["Name"], here.version, _short(licence), _address(here))


def _said(here: Distribution, field: str) -> str:
    return next(iter(here.metadata.get_all(field) or []), "")


def _classified(here: Distribution) -> str:
    kinds = here.metadata.get_all("Classifier") or []
    return ", ".join(kind.rpartition(" :: ")[2] for kind in kinds if kind.startswith("License ::"))


def _short(licence: str) -> str:
    return licence.strip().partition("\n")[0][:80] or NO_LICENCE_STATED


def _address(here: Distribution) -> str:
    urls = [url.partition(", ")[2] for url in here.metadata.get_all("Project-URL") or []]
    wanted = [_said(here, "Home-page"), *urls]
    return next((url for url in wanted if url.startswith("https://")), "")
