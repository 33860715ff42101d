"""flask forum …"""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.core.db import write
from app.forum.counting import differences_in, mend, next_threads, thread_count
from app.forum.curating.holding import hold

group = AppGroup("forum", help="Conversations.")


@group.command()
@click.option("--check", is_flag=True, help="Only say what differs; exit 1 if anything does.")
def recount(check: bool) -> None:
    """Count every thread and post anew, and mend the numbers that differ."""
    found = []
    with click.progressbar(length=thread_count(), label="Counting") as bar:
        ids = next_threads(0)
        while ids:
            found += _check(ids) if check else _mend(ids)
            bar.update(len(ids))
            ids = next_threads(ids[-1])
    for words in found:
        click.echo(words)
    click.echo(f"{len(found)} numbers {'differ' if check else 'mended'}.")
    sys.exit(1 if check and found else 0)


def _check(ids: list[int]) -> list[str]:
    return [str(one) for one in differences_in(ids)]


def _mend(ids: list[int]) -> list[str]:
    with write():
        hold(*ids)
        differences = differences_in(ids)
        words = [str(one) for one in differences]
        mend(differences)
    return words
