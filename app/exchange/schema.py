"""The tables of a new database: made by the migrations, so that they are those of any other."""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from config import ROOT


@cache
def newest_version() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def make_schema(connection: Connection) -> None:
    """In the transaction of this connection: undone with it."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
