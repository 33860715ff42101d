"""One command starts everything and stops it again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.core.db import db
from config import ROOT
from tests.mail_server import free_port

pytestmark = pytest.mark.any_engine


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[int], subprocess.Popen[str]]]:
    """Start a real process on a database of its own; returns once it answers."""
    started: list[subprocess.Popen[str]] = []

    def run(port: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(tmp_path), "PORT": str(port), "DEMO": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        assert process.stdout
        said = process.stdout.readline()
        assert said == f"Interurban answers on http://127.0.0.1:{port}  (Ctrl-C stops it)\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def children(pid: int) -> list[str]:
    return [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def test_signals_end_it_cleanly_and_it_starts_again(
    start: Callable[[int], subprocess.Popen[str]],
) -> None:
    port = free_port()
    for how in (signal.SIGINT, signal.SIGTERM):
        process = start(port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=90) as answer:
            assert answer.status == 200
        assert children(process.pid) == []  # web server and worker are threads of one process

        process.send_signal(how)

        assert process.wait(90) == 0
        assert process.communicate()[0] == "Stopped.\n"
        with socket.socket() as free:
            assert free.connect_ex(("127.0.0.1", port)) != 0


def test_port_in_use_is_one_line(app: Flask) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        answer = serve(app, PORT=str(port))

    assert answer == (
        2,
        f"interurban: cannot listen on 127.0.0.1, PORT={port}: Address already in use."
        " Try another PORT.\n",
    )


def test_wrong_host_is_one_line(app: Flask) -> None:
    assert serve(app, HOST="no such host", PORT=str(free_port())) == (
        2,
        "interurban: HOST='no such host' is not allowed here: "
        "an address of this machine, like 127.0.0.1\n",
    )


def test_address_of_another_machine_is_one_line(app: Flask) -> None:
    code, line = serve(app, HOST="192.0.2.1", PORT=(port := str(free_port())))

    assert code == 2
    assert line.startswith(f"interurban: cannot listen on 192.0.2.1, PORT={port}: ")
    assert line.count("\n") == 1


def serve(app: Flask, **environment: str) -> tuple[int, str]:
    db.session.rollback()
    answer = app.test_cli_runner().invoke(args=["serve"], env=environment)
    return answer.exit_code, answer.output
