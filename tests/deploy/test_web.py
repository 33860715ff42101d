"""`make serve`: processes come and go, and nobody who asks notices."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from app.core.minutes import memory_of
from config import ROOT
from tests.deploy.proxy import needs, proxying
from tests.deploy.web import LocalConnection, children, load, serving, starting, until
from tests.mail_server import free_port

pytestmark = pytest.mark.any_engine

LITTLE = "tests.deploy.little:make()"


@needs("nginx")
def test_reloads_of_web_processes_and_proxy_lose_no_request(tmp_path: Path) -> None:
    version = tmp_path / "version"
    version.write_text("one")
    with (
        serving(tmp_path, LITTLE, {"VERSION_FILE": str(version)}) as web,
        proxying(tmp_path, web.place) as proxy,
        load(proxy.port, "/?seconds=0.01") as seen,
    ):
        until(lambda: len(seen.said) > 2)
        proxy.reload()
        web.reload()
        proxy.reload()
        count = sum(seen.answers.values())
        until(lambda: sum(seen.answers.values()) > count + 50)
        until(lambda: len(seen.processes()) > 3)  # one of the new may have answered all 50

    assert {*seen.answers} == {200}
    assert len(seen.processes()) == 4  # two before, two after


def test_killed_process_is_replaced_and_the_other_goes_on(tmp_path: Path) -> None:
    with serving(tmp_path, LITTLE) as web:
        victim, survivor = web.processes()
        os.kill(victim, signal.SIGKILL)
        assert asked(web.place) == survivor
        until(lambda: web.is_whole() and victim not in web.processes())

        (crew,) = children(web.process.pid)
        os.kill(crew, signal.SIGKILL)
        until(lambda: {*children(web.process.pid)} - {crew} and len(web.processes()) == 2)
        assert asked(web.place) in web.processes()


def test_process_that_is_too_large_makes_room_for_others(tmp_path: Path) -> None:
    with serving(tmp_path, LITTLE) as web:
        (keeper,) = children(web.process.pid)
        connection = LocalConnection(web.place)
        connection.request("GET", "/kept?megabytes=701")
        large = int(connection.getresponse().read())
        os.kill(keeper, signal.SIGCHLD)  # it looks after all now, not only in half a minute
        until(lambda: web.is_whole() and large not in web.processes())

        assert asked(web.place) in web.processes()
        connection.close()


def test_parent_of_web_processes_holds_no_application(tmp_path: Path) -> None:
    with serving(tmp_path, LITTLE) as web:
        (keeper,) = children(web.process.pid)
        until(lambda: b"keeper.py" in Path(f"/proc/{keeper}/cmdline").read_bytes())

        assert all(memory_of(keeper) < memory_of(process) for process in web.processes())


def test_version_that_does_not_start_changes_nothing(tmp_path: Path) -> None:
    version = tmp_path / "version"
    version.write_text("good")
    target = "tests.deploy.little:broken_at_times()"
    with serving(tmp_path, target, {"VERSION_FILE": str(version)}) as web:
        before = web.processes()
        version.write_text("broken")
        web.process.send_signal(signal.SIGHUP)
        until(lambda: "the old ones go on" in web.log.read_text())

        assert web.processes() == before
        assert asked(web.place) in before


def test_asked_to_stop_it_finishes_what_it_answers(tmp_path: Path) -> None:
    with serving(tmp_path, LITTLE) as web:
        connection = LocalConnection(web.place)
        begun = tmp_path / "begun"
        connection.request("GET", f"/?seconds=0.5&begun={quote(str(begun))}")
        until(begun.exists)
        web.process.send_signal(signal.SIGTERM)

        answer = connection.getresponse()
        assert (answer.status, int(answer.read().split()[0]) > 0) == (200, True)
        assert web.process.wait(90) == 0
        assert not web.place.exists()
        connection.close()


def test_who_comes_before_it_is_loaded_waits(tmp_path: Path) -> None:
    with loading(tmp_path) as loaded:
        early = LocalConnection(tmp_path / "web.sock")
        early.request("GET", "/")
        loaded()

        assert early.getresponse().status == 200
        early.close()


def test_beside_other_servers_nobody_waits_until_it_is_loaded(tmp_path: Path) -> None:
    """The proxy asks the others."""
    with loading(tmp_path, {"SEVERAL_SERVERS": "1"}) as loaded:
        with pytest.raises(ConnectionRefusedError):
            LocalConnection(tmp_path / "web.sock").connect()
        loaded()

        assert asked(tmp_path / "web.sock") > 0


@contextmanager
def loading(
    folder: Path, environment: dict[str, str] | None = None
) -> Iterator[Callable[[], None]]:
    """A server whose application is being loaded; what is given ends that and waits for it."""
    begun, version = folder / "begun", folder / "version"
    given = {"BEGUN_FILE": str(begun), "VERSION_FILE": str(version), **(environment or {})}

    def load_now() -> None:
        version.write_text("one")
        until(lambda: len(web.processes()) == 2)

    with starting(folder, "tests.deploy.little:loaded_when_told()", given) as web:
        until(begun.exists)
        yield load_now


@pytest.mark.parametrize("_time", range(4))
def test_asked_to_stop_the_moment_it_began_it_ends(tmp_path: Path, _time: int) -> None:
    """While the parent gives its place to the keeper nobody else would hear it."""
    with starting(tmp_path, LITTLE) as web:
        until(lambda: len(web.processes()) == 2)
        web.process.send_signal(signal.SIGTERM)

        assert web.process.wait(90) in {0, 2}


def test_socket_is_for_this_account_and_its_group(tmp_path: Path) -> None:
    with serving(tmp_path, LITTLE) as web:
        assert stat.S_IMODE(web.place.stat().st_mode) == 0o660


def test_port_in_use_is_one_line(tmp_path: Path) -> None:
    with serving(tmp_path, LITTLE, {"BIND": "", "PORT": str(port := free_port())}):
        again = subprocess.run(
            [sys.executable, "-m", "deploy.web", LITTLE],
            cwd=ROOT, env=os.environ | {"PORT": str(port)}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    assert again.returncode == 2
    assert again.stderr.startswith("interurban: cannot listen: Address already in use")
    assert again.stderr.count("\n") == 1


def test_address_held_a_moment_longer_is_waited_for(tmp_path: Path) -> None:
    """Processes of a server that was killed leave one after another."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        given = {"BIND": "", "PORT": str(held.getsockname()[1])}
        with starting(tmp_path, LITTLE, given) as web:
            time.sleep(1)
            assert web.process.poll() is None
            held.close()

            until(lambda: len(web.processes()) == 2)


def asked(place: Path) -> int:
    """The number of the process that answers."""
    connection = LocalConnection(place)
    connection.request("GET", "/")
    with connection.getresponse() as answer:
        number = int(answer.read().split()[0])
    connection.close()
    return number
