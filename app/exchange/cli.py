"""`flask db-move`: the whole installation into another database."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.core.db import db
from app.exchange.errors import NotMoved
from app.exchange.moving import Move, move
from config import database_address


# `flask db` belongs to Flask-Migrate and is looked up before there is an application that
# could add to it: hence a name of its own.
@click.command("db-move")
@click.argument("target", envvar="TARGET_DATABASE_URL")
@click.option("--anyway", is_flag=True, help="Although web processes or workers run.")
@with_appcontext
def db_move(target: str, anyway: bool) -> None:
    """Copy everything from DATABASE_URL into the empty database TARGET.

    TARGET is sqlite:////whole/path or postgresql://user@host/name; the environment's
    TARGET_DATABASE_URL will do as well and keeps a password off the command line.
    """
    source = db.engine.url
    db.engine.dispose()
    try:
        with move(source, _url(target), anyway) as moved:
            click.echo(f"From {source}\n  to {_url(target)}")
            _carry(moved)
            moved.complete()
    except NotMoved as error:
        raise click.ClickException(f"nothing was moved. {error}") from error
    _report(moved)


def _carry(moved: Move) -> None:
    with click.progressbar(length=moved.rows, label="Copying ", update_min_steps=1000) as bar:
        moved.copy(bar.update)
    with click.progressbar(length=moved.rows, label="Checking", update_min_steps=1000) as bar:
        moved.check(bar.update)


def _report(moved: Move) -> None:
    click.echo(f"{moved.rows} rows in {len(moved.read)} tables, the same in both databases.")
    click.echo(f"Contents: {moved.fingerprint}")
    click.echo(f"What was written until {moved.began_at:%Y-%m-%d %H:%M:%S} UTC is in it.")
    click.echo("Now set DATABASE_URL to the new address. Keep SECRET_KEY and DATA_DIR.")


def _url(target: str) -> URL:
    try:
        return make_url(database_address("TARGET_DATABASE_URL", target))
    except (ArgumentError, ValueError) as error:
        raise click.ClickException(f"nothing was moved. {error}") from error
