"""Numbers in addresses."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter

LARGEST_ID = 2**31 - 1


class RowNumber(IntegerConverter):
    """A number that can be an id; a larger one is no address of ours (404, no database error)."""

    def __init__(self, *arguments: Any, **limits: Any) -> None:
        super().__init__(*arguments, **{"max": LARGEST_ID, **limits})


def refuse_nul() -> None:
    """No address of ours has a NUL in it, and PostgreSQL has no text with one."""
    if "\x00" in request.path:
        raise NotFound


def init_addresses(app: Flask) -> None:
    app.before_request(refuse_nul)
    app.url_map.converters["int"] = RowNumber
