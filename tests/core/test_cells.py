"""Numbers of several processes are one sum, whoever ended, however."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.cells import Cells, add, held, load_json, read_machine, save_json, subtract

pytestmark = [
    pytest.mark.any_engine,
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),  # from Python 3.12 on
]

LAYOUT = [("route:a", 2), ("level:size", 1)]


def in_child(work: Callable[[], object]) -> int:
    """Do it in a forked process; the signal or status it ended with."""
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitpid(child, 0)[1]


def count(cells: Cells, *values: float) -> Cells:
    for place, value in enumerate(values):
        cells.values[place] += value
    return cells


def test_what_a_process_counts_others_see_at_once(tmp_path: Path) -> None:
    cells = count(Cells(tmp_path, LAYOUT, "1"), 3, 0.5, 7)

    totals, living = read_machine(tmp_path)

    assert totals == {"route:a": [3.0, 0.5], "level:size": [7.0]} == cells.totals()
    assert [(process.pid, process.version) for process in living] == [(os.getpid(), "1")]


def test_ended_processes_leave_their_totals_and_no_levels(tmp_path: Path) -> None:
    def work() -> None:
        count(Cells(tmp_path, LAYOUT, "1"), 1, 2, 3)

    def die() -> None:
        count(Cells(tmp_path, LAYOUT, "1"), 1, 2, 3)
        os.kill(os.getpid(), signal.SIGKILL)

    assert [in_child(work), in_child(die)] == [0, signal.SIGKILL]
    mine = count(Cells(tmp_path, LAYOUT, "1"), 1)

    seen = [read_machine(tmp_path)[0] for _ in range(2)]

    assert seen == [{"route:a": [3.0, 4.0]}] * 2
    assert list(tmp_path.glob("*.cells")) == [mine.path]


def test_fold_that_was_cut_short_adds_nothing_twice(tmp_path: Path) -> None:
    in_child(lambda: count(Cells(tmp_path, LAYOUT, "1"), 5))
    (left,) = tmp_path.glob("*.cells")
    content = left.read_bytes()
    first = read_machine(tmp_path)[0]

    left.write_bytes(content)  # as if it had been killed before the file went

    assert read_machine(tmp_path)[0] == first == {"route:a": [5.0, 0.0]}
    assert not left.exists()


def test_files_that_are_not_whole_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "1-x.cells").write_bytes(b"")
    (tmp_path / "2-x.cells").write_bytes(b"\xff" * 64)
    (tmp_path / "3-x.cells").write_bytes((4).to_bytes(8, "little") + b"[1]  ")
    (tmp_path / "past.json").write_text("{")

    assert read_machine(tmp_path) == ({}, [])
    assert load_json(tmp_path / "past.json")["totals"] == {}


def test_without_a_folder_a_process_counts_for_itself(tmp_path: Path) -> None:
    wall = tmp_path / "file"
    wall.touch()

    cells = count(Cells(wall / "in", LAYOUT, "1"), 1)

    assert cells.totals() == {"route:a": [1.0, 0.0]}
    assert read_machine(wall / "in") == ({}, [])


def test_sums_of_releases_that_count_differently() -> None:
    assert add({"a": [1, 2]}, {"a": [1], "b": [1]}) == {"a": [2], "b": [1]}


def test_what_came_since() -> None:
    before = {"same": [1.0], "more": [1.0, 5.0], "anew": [9.0], "wider": [1.0]}
    now = {"same": [1.0], "more": [2.0, 5.0], "anew": [2.0], "wider": [1.0, 1.0], "new": [4.0]}

    assert subtract(now, before) == {
        "more": [1.0, 0.0],
        "anew": [2.0],
        "wider": [1.0, 1.0],
        "new": [4.0],
    }


def test_one_of_two_holds_the_lock(tmp_path: Path) -> None:
    with held(tmp_path / "lock") as first, held(tmp_path / "lock", wait=False) as second:
        assert (first, second) == (True, False)
    with held(tmp_path / "lock", wait=False) as third:
        assert third


def test_json_is_written_whole(tmp_path: Path) -> None:
    save_json(tmp_path / "x.json", {"a": 1})
    (tmp_path / "list.json").write_text(json.dumps([1]))

    assert load_json(tmp_path / "x.json") == {"a": 1}
    assert load_json(tmp_path / "list.json") == load_json(tmp_path / "none.json") == {}
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["list.json", "x.json"]
