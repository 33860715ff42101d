"""The chaos run of `tests.chaos.cluster` in short: what was accepted is there, nothing fails."""

from __future__ import annotations

import random

import pytest

from tests.chaos.cluster import run


@pytest.mark.chaos
@pytest.mark.any_engine
def test_killed_servers_lose_nothing_that_was_accepted() -> None:
    outcome = run(3.0, ["web", "Valkey", "worker"], random.Random(7))

    assert outcome.faults() == []
    assert all(outcome.load.accepted.values())
