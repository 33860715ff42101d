"""`flask mail …`: mail that comes in."""

from __future__ import annotations

import os
import sys

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import write
from app.core.settings import settings
from app.mailbox import fetching, receiving
from app.mailbox.errors import Unusable
from app.mailbox.fetching import NotReachable

BAD_DATA, TRY_AGAIN = 65, 75  # EX_DATAERR and EX_TEMPFAIL of sysexits.h

group = AppGroup("mail", help="Mail that comes in: answers of calendars, and of people.")


@group.command("receive")
@click.option("--from", "sender", default="", help="Who sent it, by the envelope.")
@click.option("--to", "recipient", default="", help="Whom it is to, by the envelope.")
def receive(sender: str, recipient: str) -> None:
    """Take one message from standard input.

    Ends with 0 when it is kept, 65 when it is empty or too large, 75 when the mail server should
    try again. Without options the envelope is that of SENDER and RECIPIENT in the environment.
    """
    sender = sender or os.environ.get("SENDER", "")
    recipient = recipient or os.environ.get("RECIPIENT", "")
    raw = sys.stdin.buffer.read(receiving.MOST_BYTES + 1)
    try:
        with write():
            receiving.receive(raw, sender=sender, recipient=recipient)
    except Unusable as error:
        _end(str(error), BAD_DATA)
    except (SQLAlchemyError, OSError) as error:
        _end(f"It cannot be kept now: {type(error).__name__}", TRY_AGAIN)


@group.command("fetch")
def fetch() -> None:
    """Look into the mailbox of IMAP_URL now, and take out what is in it."""
    url = settings().imap_url
    if url is None:
        _end("IMAP_URL is not set: there is no mailbox to look into.", 1)
    try:
        count = _fetched(str(url))
    except NotReachable as error:
        _end(f"The mailbox cannot be read: {error}", TRY_AGAIN)
    click.echo(f"{count} taken in.")


def _fetched(url: str) -> int:
    count = 0
    while batch := fetching.fetch(url):
        with write():
            fetching.keep(batch)
        fetching.put_away(url, batch.validity, batch.uids)
        count += len(batch.uids)
        if not batch.has_more or not batch.uids:
            break
    return count


def _end(sentence: str, status: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(status)
