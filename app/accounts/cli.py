"""Accounts from the command line."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.accounts import approving
from app.accounts.errors import NoSuchAccount
from app.accounts.queries import person_by_email
from app.core.db import write
from app.core.errors import DomainError

group = AppGroup("accounts", help="People and their roles.")


@group.command("make-admin")
@click.argument("email")
def make_admin(email: str) -> None:
    """Give an account every right, also one that waits for approval."""
    try:
        with write():
            person = person_by_email(email.strip())
            if person is None:
                raise NoSuchAccount(email)
            approving.make_admin(person)
    except DomainError as error:
        print(f"interurban: {error.message}", file=sys.stderr)
        raise SystemExit(1) from None
    click.echo(f"{email} is an admin now.")
