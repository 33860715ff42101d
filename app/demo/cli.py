"""`flask demo …`: load the demonstration community, take it away again."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts.passwords import hashed
from app.accounts.queries import anybody_is_here
from app.core.db import write
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
    story = steps(password_hash, current_app.config["INBOUND_DOMAIN"])
    with write(), click.progressbar(story, STEP_COUNT, label="Demo community") as bar:
        for step in bar:
            step()


@demo.command("remove")
def remove() -> None:
    """Take the demo away. What real people wrote meanwhile stays."""
    with write():
        removed = remove_demo()
    click.echo("Removed: " + ", ".join(f"{count} {kind}" for kind, count in removed.items()))
