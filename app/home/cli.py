"""flask metrics …"""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.home.metrics import token

group = AppGroup("metrics", help="Numbers for a monitoring system.")


@group.command("token")
def show_token() -> None:
    """Print what a collector on another machine sends as "Authorization: Bearer …"."""
    click.echo(token(current_app.config["SECRET_KEY"]))
