"""Several web processes behind a proxy: `python -m deploy.web`, which is `make serve`.

HUP: new processes with the code as it lies there now, then the old ones finish what they answer.
TERM, INT: finish what is being answered, then end.

What others wrote is loaded here, once, and shared by all processes. What we wrote is not: each
process loads it by itself. So a fork never carries a thread or a connection to the database with
it, and a reload is enough to change our code.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import os
import sys
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

APPLICATION = "wsgi:behind_proxy()"
THREADS = 8  # of one process: most of what they wait for is the database
WAITING = 2  # for each thread, requests that a process takes in; the others find another process
MOST_MEGABYTES = 700  # a process that holds more is replaced, gracefully
SECONDS_TO_FINISH = 30
FOR_THE_PROXY = 0o660  # the socket: this account, and its group

SHARED = (
    "PIL.Image", "alembic.context", "argon2", "authlib", "babel.support", "brotli", "docx",
    "email.parser", "fasttext", "filetype", "flask_babel", "flask_login", "flask_mail",
    "flask_migrate", "flask_security", "flask_sqlalchemy", "flask_wtf", "http.client",
    "icalendar", "linkify_it", "lucide.jinja", "markdown_it", "mdit_py_plugins.footnote", "merge3",
    "nh3", "odfdo", "psycopg", "redis", "smtplib", "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite", "sqlite3", "typst", "webauthn", "wtforms", "zoneinfo",
)  # fmt: skip
"""What the application loads from others. One that is missing here costs memory, nothing else."""


def main(arguments: list[str]) -> None:
    """Serve what this function makes, until asked to stop."""
    load_shared()
    target = arguments[0] if arguments else APPLICATION
    bind, workers = os.environ.get("BIND", ""), int(os.environ.get("WORKERS") or "2")
    server(target.removesuffix("()"), bind, workers).serve()


def load_shared() -> None:
    """Frozen: the collector never touches these objects, so their memory stays shared."""
    for name in SHARED:
        if importlib.util.find_spec(name.partition(".")[0]) is not None:
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


def server(target: str, bind: str, workers: int) -> Granian:
    """`bind` is unix:/path/of/a.socket, or empty: then HOST and PORT say where."""
    return Granian(
        target,
        factory=True,
        interface=Interfaces.WSGI,
        address=os.environ.get("HOST") or "127.0.0.1",
        port=int(os.environ.get("PORT") or "8000"),
        uds=Path(bind.removeprefix("unix:")) if bind else None,
        uds_permissions=FOR_THE_PROXY if bind else None,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=THREADS * WAITING,
        backlog=2048,
        respawn_failed_workers=True,
        workers_max_rss=MOST_MEGABYTES,
        workers_kill_timeout=SECONDS_TO_FINISH,
        websockets=False,
        log_level=LogLevels.warning,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
