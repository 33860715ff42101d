"""No address disappears unnoticed: people keep links, mails carry them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

pytestmark = pytest.mark.any_engine

KNOWN = Path(__file__).parent / "golden" / "routes.txt"


def test_addresses_are_those_of_the_list(whole_app: Flask) -> None:
    """A new address is added to the list; one that goes needs a redirect, and a line less."""
    assert addresses(whole_app) == KNOWN.read_text().splitlines()


def addresses(app: Flask) -> list[str]:
    return sorted(
        f"{rule.rule} {' '.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}"
        for rule in app.url_map.iter_rules()
    )


def test_each_address_is_one_page(whole_app: Flask) -> None:
    """Two views for one address and verb: which of them answers would be chance."""
    seen = [
        (line.split()[0], verb)
        for line in addresses(whole_app)
        for verb in line.split()[1:]
        if line.split()[0] not in OURS_BEFORE_FLASK_SECURITYS
    ]

    assert sorted({pair for pair in seen if seen.count(pair) > 1}) == []


OURS_BEFORE_FLASK_SECURITYS = {"/sign-in", "/sign-out", "/sign-in/again", "/sign-in/recovery"}
