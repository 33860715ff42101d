"""Nobody reaches the application between two tests, and whoever is inside leaves first."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

import pytest
from werkzeug.test import Client

from tests.browser.door import Door

pytestmark = pytest.mark.any_engine


def test_shut_door_waits_for_who_is_inside() -> None:
    inside, may_leave, is_shut = (threading.Event() for _ in range(3))

    def slow(_environ: object, start_response: object) -> Iterable[bytes]:
        start_response("200 OK", [])  # type: ignore[operator]
        return said()

    def said() -> Iterator[bytes]:
        inside.set()
        assert may_leave.wait(20)
        yield b"done"

    door = Door(slow)
    assert Client(door).get("/").status_code == 503
    door.open()
    answers: list[bytes] = []
    asking = threading.Thread(
        target=lambda: answers.append(Client(door).get("/", buffered=True).data)
    )
    asking.start()
    assert inside.wait(20)
    shutting = threading.Thread(target=lambda: (door.shut(), is_shut.set()))
    shutting.start()

    assert not is_shut.wait(0.2)
    assert Client(door).get("/").status_code == 503
    may_leave.set()
    assert is_shut.wait(20)
    asking.join()
    shutting.join()
    assert answers == [b"done"]


def test_who_fails_inside_has_left() -> None:
    def failing(_environ: object, _start_response: object) -> Iterable[bytes]:
        raise ZeroDivisionError

    door = Door(failing)
    door.open()
    with pytest.raises(ZeroDivisionError):
        Client(door).get("/")
    door.shut()
