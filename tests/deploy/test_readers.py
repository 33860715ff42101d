"""Behind the caching proxy nobody ever gets a page that was made for somebody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from config import Settings
from tests.deploy.proxy import needs
from tests.deploy.readers import LANGUAGES, PATHS, PEOPLE, SECRET, THEMES, Town, beside_slow, town
from tests.deploy.slow import KINDS

pytestmark = [pytest.mark.any_engine, needs("nginx")]

READERS = len(LANGUAGES) * len(THEMES) + len(PEOPLE)
STEPS = st.lists(
    st.tuples(st.integers(0, READERS - 1), st.integers(0, len(PATHS) - 1)),
    min_size=60, max_size=120,
)  # fmt: skip


@pytest.fixture(scope="module")
def environment(whole_app: Flask, settings: Settings) -> dict[str, str]:
    """The database of this test run, for processes of their own."""
    return {
        "DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url, "DEMO": "1",
        "LOG_LEVEL": "error", "SECRET_KEY": SECRET,
    }  # fmt: skip


@pytest.fixture
def living(demo: Flask, environment: dict[str, str], tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path, environment) as found:
        yield found


def test_pages_reach_only_those_they_were_made_for(living: Town) -> None:
    came_from: Counter[str] = Counter()

    @tried(
        max_examples=4, deadline=None, database=None, suppress_health_check=[*HealthCheck]
    )  # each example asks about ninety pages
    @given(STEPS)
    def walked(steps: list[tuple[int, int]]) -> None:
        came_from.update(living.walk(steps))

    walked()
    visitors = range(READERS - len(PEOPLE))
    came_from.update(living.walk([(reader, 1) for reader in [*visitors] * 3]))

    assert came_from["HIT"] > 0
    assert came_from["personal"] > 0

    for kind in KINDS:  # the same processes, which take seconds to start
        assert int(beside_slow(living, kind, clients=60, requests=12).split()[0]) >= 0
