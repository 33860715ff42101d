"""Only what our own mail server says of a sender counts."""

from __future__ import annotations

import pytest

from app.mailbox.proving import passes

pytestmark = pytest.mark.any_engine

OUR_NAME, SENDER = "mx.forum.example.org", "official@stad.example"
GOOD = f"{OUR_NAME}; spf=pass; dmarc=pass (p=none dis=none) header.from=stad.example"


@pytest.mark.parametrize(
    "verdict",
    [
        GOOD,
        f"{OUR_NAME} 1; dmarc=PASS",
        " MX.Forum.Example.ORG ;\r\n dkim=fail; dmarc = pass header.from=STAD.example",
        f"(added by us) {OUR_NAME}; dmarc=pass",
        f'{OUR_NAME}; spf=fail reason="; dmarc=fail"; dmarc=pass',
    ],
)
def test_our_server_says_pass(verdict: str) -> None:
    assert passes([verdict], SENDER, OUR_NAME)


@pytest.mark.parametrize(
    "verdicts",
    [
        [],
        [""],
        [";"],
        ["none"],
        [f"{OUR_NAME}; none"],
        [f"{OUR_NAME}; dmarc=fail"],
        [f"{OUR_NAME}; dmarc=passed"],
        [f"{OUR_NAME}; x-dmarc=pass"],
        [f"{OUR_NAME}; dmarc=pass; dmarc=fail"],
        [f"{OUR_NAME}; dmarc=pass header.from=elsewhere.example"],
        [f"{OUR_NAME}.elsewhere.example; dmarc=pass"],
        [f"mx.elsewhere.example; dmarc=pass ({OUR_NAME}; dmarc=pass)"],
        [f"mx.elsewhere.example {OUR_NAME}; dmarc=pass"],
        [f"{OUR_NAME}; spf=fail (((; dmarc=pass"],
        [f"{OUR_NAME}; spf=fail (((", GOOD],
        [f"{OUR_NAME}; " + "x" * 5000, GOOD],
        [GOOD, f"{OUR_NAME}; dmarc=fail"],
        ["(" * 4000],
        ["\\" * 4000],
        ['"' * 3999],
    ],
)
def test_anything_else_is_no_proof(verdicts: list[str]) -> None:
    assert not passes(verdicts, SENDER, OUR_NAME)


@pytest.mark.parametrize("nobody", [None, ""])
def test_without_a_server_of_ours_nothing_is_proven(nobody: str | None) -> None:
    assert not passes([GOOD, "; dmarc=pass", " ; dmarc=pass"], SENDER, nobody)
