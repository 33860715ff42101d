"""Worker processes whose clock goes with that of the test: days pass in a moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import time_machine

from config import Settings
from tests.chaos.crew import Crew, forking, work

LOOK_SECONDS = 0.02
real = time_machine.escape_hatch


def real_now() -> datetime:
    """While one travels; otherwise any clock will do."""
    return datetime.fromtimestamp(real.time.time(), UTC)


class Clock:
    """The moment of the story. Workers read from the file how far it is from the real one."""

    def __init__(self, file: Path, traveller: time_machine.Traveller) -> None:
        self.file, self.traveller = file, traveller

    def turn_to(self, moment: datetime) -> None:
        half = self.file.with_suffix(".new")
        half.write_text(str((moment - real_now()).total_seconds()))
        half.rename(self.file)
        self.traveller.move_to(moment)


@contextmanager
def clock_at(moment: datetime, folder: Path) -> Iterator[Clock]:
    with time_machine.travel(moment) as traveller:
        clock = Clock(folder / "clock", traveller)
        clock.turn_to(moment)
        yield clock


class TimedCrew(Crew):
    """Hands that live in the time of the story."""

    def __init__(self, settings: Settings, mail_port: int, log: Path, clock: Clock) -> None:
        super().__init__(settings, mail_port, log)
        self.clock = clock

    def _start(self) -> ForkServerProcess:
        hand = forking.Process(target=work_in_time, args=(self.settings, self.log, self.clock.file))
        hand.start()
        return hand


def work_in_time(settings: Settings, log: Path, clock_file: Path) -> None:
    far = _far(clock_file)
    traveller = time_machine.travel(datetime.now(UTC) + far).start()
    threading.Thread(target=_follow, args=(clock_file, traveller, far), daemon=True).start()
    work(settings, log)


def _follow(clock_file: Path, traveller: time_machine.Traveller, far: timedelta) -> None:
    stop = threading.Event()
    while not stop.wait(LOOK_SECONDS):
        now_far = _far(clock_file)
        if now_far != far:
            far = now_far
            traveller.move_to(real_now() + far)


def _far(clock_file: Path) -> timedelta:
    return timedelta(seconds=float(clock_file.read_text()))
