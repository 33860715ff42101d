"""One command for a whole installation: schema, demo community, web server and worker."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import exists, select
from waitress.server import create_server

from app.core.db import Base, db
from app.core.jobs import work_waits
from app.core.worker import start_in_background
from config import WrongSetting

DEMO_SIGN_INS = (
    "organiser", "official", "official.york", "associate", "steward", "admin", "newcomer",
)  # fmt: skip
DEMO_PASSWORD = "interurban"  # noqa: S105 - printed on purpose: it opens the demo only
WEB_THREADS = 8


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Serve pages and do the waiting work in this one process, until Ctrl-C."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or "8000")
    door = _open_door(host, port)
    bring_schema_up_to_date()
    if app.config["DEMO"]:
        load_demo_if_empty(app)
    db.session.remove()
    with _working(app):
        server = create_server(app, sockets=[door], threads=WEB_THREADS, ident=None)  # type: ignore[no-untyped-call]
        _announce(app, host, port)
        _serve_until_asked(server)
    click.echo("Stopped.")


def _open_door(host: str, port: int) -> socket.socket:
    """The listening socket. A port in use or a wrong HOST ends the start with one line."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        door = socket.socket(family, kind, protocol)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
    except socket.gaierror:
        _give_up(str(WrongSetting("HOST", host, "an address of this machine, like 127.0.0.1")))
    except OSError as error:
        reason = error.strerror or str(error)
        _give_up(f"cannot listen on {host}, PORT={port}: {reason}. Try another PORT.")
    return door


def _give_up(line: str) -> None:
    click.echo(f"interurban: {line}", err=True)
    sys.exit(2)


def bring_schema_up_to_date() -> None:
    """Run the migrations that are missing; none are on a second start."""
    upgrade()


def load_demo_if_empty(app: Flask) -> None:
    """Tell the demo story in a database that has no people yet, or begin its live hour anew."""
    people = Base.metadata.tables["user"]
    group = app.cli.get_command(click.get_current_context(), "demo")
    load = group.commands.get("load") if isinstance(group, click.Group) else None
    if load is None:
        return
    if not db.session.scalar(select(exists().select_from(people))):
        click.echo("Loading the demo community, once ...")
    click.get_current_context().invoke(load, if_empty=True)


@contextlib.contextmanager
def _working(app: Flask) -> Iterator[None]:
    thread, stop = start_in_background(app)
    try:
        yield
    finally:
        stop.set()
        work_waits.set()
        thread.join(20)


def _announce(app: Flask, host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Interurban answers on http://{shown}:{port}  (Ctrl-C stops it)")
    if app.config["DEMO"]:
        click.echo(f"Demo sign-ins, password {DEMO_PASSWORD}:")
        for name in DEMO_SIGN_INS:
            click.echo(f"  {name}@demo.invalid")
        click.echo(f"Mail that would be sent: http://{shown}:{port}/dev/mail")
    sys.stdout.flush()


def _serve_until_asked(server: Any) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        # Both by hand: a shell that starts us in the background has Ctrl-C switched off.
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
    server.run()  # returns on KeyboardInterrupt, after the running answers
    server.close()
