"""The clock of the acceptance tests: two weeks before the webinar, and it goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

NOW = "2026-03-10T08:15:00+00:00"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller
