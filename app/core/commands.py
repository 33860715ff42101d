"""Commands by name: their modules are loaded when one of them is asked for.

Web processes and workers need none of what they need (Alembic, the demo's story): that is memory
and time to start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import click
from flask.cli import AppGroup
from werkzeug.utils import import_string


class Commands(AppGroup):
    """`places` says where each command is: {"serve": "app.core.serve:serve"}."""

    def __init__(self, places: Mapping[str, str]) -> None:
        super().__init__()
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self._places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        return cast(click.Command, import_string(place))
