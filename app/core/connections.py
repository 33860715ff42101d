"""How this process reaches its database: so many connections, so long waits, no endless ones."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import click
from sqlalchemy.engine import URL, Connection, make_url

from app.core.sides import SidedPool
from config import Settings

CONNECT_SECONDS = 5
WAIT_FOR_CONNECTION_SECONDS = 10
LONGEST_AGE_SECONDS = 1800  # firewalls forget quiet connections sooner or later

LIMITS = {
    "statement_timeout": "30s",  # lifted for commands and jobs, see `patient`
    "lock_timeout": "8s",
    "idle_in_transaction_session_timeout": "60s",
}
"""A page that needs longer is broken; whoever holds a lock so long must not stop the others."""

KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # ms; without it a vanished machine is waited for for minutes
}

WAITS = "waits_for_long_statements"

patient: ContextVar[bool] = ContextVar("patient", default=False)
"""Set by the worker: its statements may take as long as they need."""


def engine_options(settings: Settings) -> dict[str, Any]:
    """What `create_engine` is told.

    No `pool_pre_ping`: it asks the server once more for every request. A connection that broke
    while it was idle shows when it is used, empties the pool, and the request is done again
    (`app.core.second_tries`).
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": 10}, "poolclass": SidedPool}
    return {
        "connect_args": _connect_args(url),
        "pool_size": settings.database_connections,
        "max_overflow": 2,  # a command's second connection, a moment of more threads
        "pool_timeout": WAIT_FOR_CONNECTION_SECONDS,
        "pool_recycle": LONGEST_AGE_SECONDS,
        "pool_use_lifo": True,  # what a quiet hour does not need grows old and goes
    }


def _connect_args(url: URL) -> dict[str, Any]:
    """The address may say all of this otherwise: what stands there wins."""
    given = url.normalized_query
    limits = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
    ours: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "interurban",
        **KEEPALIVES,
    }
    kept = {name: value for name, value in ours.items() if name not in given}
    return kept | {"options": " ".join([limits, *given.get("options", ())])}


def lift_limits(connection: Connection) -> None:
    """Whoever types a command, and the worker, wait for a long statement to its end.

    Said once to a connection, before its transaction begins: not again until somebody else has it.
    """
    waits = patient.get() or click.get_current_context(silent=True) is not None
    if connection.info.get(WAITS, False) is waits:
        return
    driver: Any = connection.connection.driver_connection
    if driver.closed:
        return  # the statement that comes next tells of it
    driver.autocommit = True
    driver.execute("SET statement_timeout = 0" if waits else "RESET statement_timeout")
    driver.autocommit = False
    connection.info[WAITS] = waits
