"""`flask demo …`: load the demonstration community, take it away again."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts.directory import anybody_is_here
from app.accounts.passwords import hashed
from app.core.db import write
from app.demo.crowd.gathering import Size, gather_crowd
from app.demo.enclosing import prepare_enclosures
from app.demo.loading import PASSWORD, STEP_COUNT, steps
from app.demo.removing import remove_demo

demo = AppGroup("demo", help="The demonstration community.")


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database has people in it.")
def load(if_empty: bool) -> None:
    """Tell the story of the founding network: cities, threads, webinars, notes."""
    if anybody_is_here():
        if if_empty:
            return
        raise click.ClickException("The database is not empty. The demo is for an empty one.")
    password_hash = hashed(PASSWORD)
    domain, enclosures = current_app.config["INBOUND_DOMAIN"], prepare_enclosures()
    story = steps(password_hash, domain, enclosures)
    with write(), click.progressbar(story, STEP_COUNT, label="Demo community") as bar:
        for step in bar:
            step()


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
def load_crowd(threads: int, posts: int, members: int, longest: int) -> None:
    """Add members, threads and posts in bulk. For an installation made for measuring."""
    size = Size(threads, max(posts, threads), members, longest)
    with write(), click.progressbar(length=size.rows, label="Measured network") as bar:
        for count in gather_crowd(size):
            bar.update(count)
