"""A rival behind gunicorn as its manual starts it: two processes, on a free port."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.bench.peers.places import NotHere
from tests.mail_server import free_port

WORKERS = 2
PATIENCE = 75  # seconds a rival may think about one page before gunicorn ends it: nobody waits then


@contextlib.contextmanager
def serving(
    programs: Path, target: str, environment: dict[str, str], folder: Path
) -> Iterator[tuple[int, int]]:
    """Port and process id."""
    port = free_port()
    command = [
        str(programs / "gunicorn"), target, "--workers", str(WORKERS),
        "--bind", f"127.0.0.1:{port}", "--timeout", str(PATIENCE), "--no-control-socket",
        "--log-level", "warning", "--access-logfile", "/dev/null",
    ]  # fmt: skip
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | environment, stdout=log, stderr=log
        )
        try:
            _wait_for(port, process, folder)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60).close()
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise NotHere(f"does not answer: {(folder / 'server.log').read_text()[-1500:]}")
