"""Two web processes as `make serve` starts them: one sum, lines for machines, one history."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families as parse

from tests.bench.server import Server, serving

pytestmark = pytest.mark.any_engine

NAME = "0123456789abcdef0123456789abcdef"
PAGE = "/robots.txt"  # `serving` asks for another, more than once when the start is slow


@pytest.fixture
def environment(whole_app: Flask, folder_of_run: Path, tmp_path: Path) -> dict[str, str]:
    url = f"sqlite:///{shutil.copy(folder_of_run / 'migrated.db', tmp_path / 'new.db')}"
    return {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "WORKERS": "2"}


def ask(server: Server, path: str, **headers: str) -> tuple[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers=named)
    with urllib.request.urlopen(asked, timeout=90) as answer:
        return answer.read().decode(), answer.headers


def counted(server: Server) -> dict[str, float]:
    found = {"page": 0.0, "web": 0.0}
    for family in parse(ask(server, "/metrics")[0]):
        for sample in family.samples:
            if sample.name == "interurban_requests_total" and sample.labels["route"] == PAGE:
                found["page"] += sample.value
            if sample.name == "interurban_processes" and sample.labels["role"] == "web":
                found["web"] = sample.value
    return found


def counted_pages(server: Server, wanted: float) -> float:
    """A request is counted when its answer is gone already: not always before our next one."""
    for _ in range(200):
        if (found := counted(server)["page"]) >= wanted:
            break
        time.sleep(0.05)
    return found


def until_both_answered(server: Server) -> int:
    """How often we had to ask."""
    for times in range(1, 400):
        ask(server, PAGE)
        if times % 20 == 0 and counted(server)["web"] == 2:
            return times
    raise AssertionError("one process never answered")


def kill_one(data_dir: Path) -> None:
    """Returns when it is gone: until then it may take a connection with it."""
    pid = int(next(data_dir.rglob("*.cells")).name.partition("-")[0])
    os.kill(pid, signal.SIGKILL)
    with suppress(FileNotFoundError, ProcessLookupError):
        while ") Z " not in Path(f"/proc/{pid}/stat").read_text():
            time.sleep(0.01)


def test_processes_are_one_sum_though_one_is_killed(
    environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with serving(environment, log) as server:
        asked = until_both_answered(server)
        first = counted_pages(server, asked)
        kill_one(tmp_path)
        _, headers = ask(server, PAGE, X_Request_ID=NAME, X_Forwarded_For="203.0.113.7")
        second = counted_pages(server, asked + 1)

    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert [first, second] == [asked, asked + 1]
    assert headers["X-Request-ID"] == NAME
    assert [line["route"] for line in lines if line.get("request_id") == NAME] == [PAGE]
