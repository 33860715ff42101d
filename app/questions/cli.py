"""flask questions …"""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.core.db import write
from app.questions.recounting import differences, mend

group = AppGroup("questions", help="Questions of audiences.")


@group.command()
@click.option("--check", is_flag=True, help="Only say what differs; exit 1 if anything does.")
def recount(check: bool) -> None:
    """Count the votes of every question anew, and mend the numbers that differ."""
    found = differences()
    for one in found:
        if not check:
            with write():
                mend(one)
        click.echo(str(one))
    click.echo(f"{len(found)} numbers {'differ' if check else 'mended'}.")
    sys.exit(1 if check and found else 0)
