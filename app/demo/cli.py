"""`flask demo …`: load the demonstration community, take it away again."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts.directory import anybody_is_here
from app.accounts.passwords import hashed
from app.core.db import write
from app.demo import renewing
from app.demo.crowd.gathering import steps as steps_of_crowd
from app.demo.crowd.size import Size
from app.demo.enclosing import prepare_enclosures
from app.demo.loading import PASSWORD, STEP_COUNT, steps
from app.demo.removing import remove_demo

demo = AppGroup("demo", help="The demonstration community.")


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database has people in it.")
def load(if_empty: bool) -> None:
    """Tell the story of the founding network: cities, threads, webinars, notes.

    With --if-empty, a demo that is here already gets its live hour back.
    """
    if anybody_is_here():
        if if_empty:
            _renew()
            return
        raise click.ClickException("The database is not empty. The demo is for an empty one.")
    password_hash = hashed(PASSWORD)
    domain, enclosures = current_app.config["INBOUND_DOMAIN"], prepare_enclosures()
    story = steps(password_hash, domain, enclosures)
    with write(), click.progressbar(story, STEP_COUNT, label="Demo community") as bar:
        for step in bar:
            step()


def _renew() -> None:
    if renewing.is_over():
        with write():
            renewing.renew_hour()


@demo.command("remove")
def remove() -> None:
    """Take the demo away. What real people wrote meanwhile stays."""
    with write():
        removed = remove_demo()
    click.echo("Removed: " + ", ".join(f"{count} {kind}" for kind, count in removed.items()))


bench = AppGroup("bench", help="Rows to measure with.")


@bench.command("load")
@click.option("--threads", default=20_000, show_default=True, type=click.IntRange(1, 2_000_000))
@click.option("--posts", default=200_000, show_default=True, type=click.IntRange(1, 20_000_000))
@click.option("--members", default=2_000, show_default=True, type=click.IntRange(1, 200_000))
@click.option("--longest", default=5_000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--webinars", default=200, show_default=True, type=click.IntRange(0, 5_000))
@click.option("--registrations", default=20_000, show_default=True, type=click.IntRange(0, 10**6))
@click.option("--notes", default=100, show_default=True, type=click.IntRange(0, 2_500))
def load_crowd(**counts: int) -> None:
    """Fill an empty database with a network to measure. Everybody has the demo password."""
    if anybody_is_here():
        raise click.ClickException("The database is not empty. Measure in one made for it.")
    size = Size(**{**counts, "posts": max(counts["posts"], counts["threads"])})
    password_hash, domain = hashed(PASSWORD), current_app.config["INBOUND_DOMAIN"]
    with click.progressbar(length=size.rows, label="Measured network") as bar:
        for step in steps_of_crowd(size, password_hash, domain):
            with write():
                for count in step():
                    bar.update(count)
