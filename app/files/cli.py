"""`flask files …`: where uploaded files lie."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.files.carrying import Carried, carry, file_count, place
from app.files.errors import StoreAway
from config import WrongSetting

group = AppGroup("files", help="Uploaded files.")


@group.command("copy")
@click.argument("to")
def copy(to: str) -> None:
    """Copy every file to another place, and read it back.

    TO is s3://bucket/prefix?endpoint=… or the whole path of a folder. Run it again after the last
    upload: what is there already is only compared. Afterwards set FILES_URL.
    """
    result = Carried(0, 0, [])
    try:
        with click.progressbar(carry(place(to), result), file_count(), label="Files") as bar:
            for _ in bar:
                pass
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error
    except StoreAway as error:
        raise click.ClickException(
            f"a store does not answer: {error.__cause__ or error}"
        ) from error
    click.echo(f"{result.copied} copied and read back, {result.there} were there.")
    for name in result.lost:
        click.echo(f"{name} is missing or damaged where it lies now.", err=True)
    sys.exit(1 if result.lost else 0)
