"""`flask jobs …`: doing, watching and reviving what waits."""

from __future__ import annotations

import sys
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from werkzeug.local import LocalProxy

from app.core.db import write
from app.core.queue import Stuck, retry, retry_all, waiting
from app.core.shared_memory import Unreachable, shared_memory
from app.core.worker import run_due_jobs, work_until_stopped

jobs = AppGroup("jobs", help="Work that waits: mails, reminders, everything outward.")


@jobs.command("work")
def work() -> None:
    """Work until stopped (Ctrl-C, SIGTERM); what was begun is finished first."""
    work_until_stopped(cast(LocalProxy[Flask], current_app)._get_current_object())


@jobs.command("once")
def once() -> None:
    """Do everything that is due now, mails included, then end."""
    count = run_due_jobs(mails=True)
    click.echo(f"{count} done or tried.")


@jobs.command("list")
@click.option("--all", "every", is_flag=True, help="Also what was done and sent.")
def show(every: bool) -> None:
    """Show what waits and what was given up, with the last error."""
    for item in waiting(every):
        when = f"{item.run_at:%Y-%m-%d %H:%M:%S}Z"
        error = f"  {item.error}" if item.error else ""
        click.echo(f"{item.ref:<12} {item.state:<8} {when}  tries {item.tries}  {item.what}{error}")


@jobs.command("retry")
@click.argument("refs", nargs=-1, metavar="[job:1 mail:2 …]")
@click.option("--dead", is_flag=True, help="Everything that was given up.")
def revive(refs: tuple[str, ...], dead: bool) -> None:
    """Try again now what was given up or waits for its next try."""
    try:
        with write():
            count = retry_all() if dead else sum(retry(ref) for ref in refs)
    except Stuck as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    if not count:
        click.echo("Nothing to retry: name what `flask jobs list` shows, or use --dead.", err=True)
        sys.exit(1)
    click.echo(f"{count} will be tried again now.")


memory = AppGroup("shared-memory", help="What the processes share in Valkey or Redis.")


@memory.command("clear")
def clear() -> None:
    """Forget all of it, after the database was put back to an earlier state."""
    try:
        count = shared_memory().clear()
    except Unreachable as error:
        click.echo(f"The shared memory does not answer: {error}", err=True)
        sys.exit(1)
    click.echo(f"{count} things forgotten.")
