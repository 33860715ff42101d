"""The webinar that the files in `replies` answer to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.factories_mailbox import NOW, Stage, make_stage


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    """Ten seconds after the answers in the files were given."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def stage(clock: time_machine.Traveller) -> Stage:
    return make_stage()
