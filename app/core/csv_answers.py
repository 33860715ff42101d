"""Tables that people download."""

from __future__ import annotations

from collections.abc import Callable
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import TextIO

from flask import Response, request
from werkzeug.wsgi import wrap_file

IN_MEMORY = 1 << 20  # bytes; longer tables wait on the disk


def csv_answer(name: str, write: Callable[[TextIO], object]) -> Response:
    """What `write` writes, as a file of this name. Kept by no cache: it is about people."""
    table = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed after the answer
    lines = TextIOWrapper(table, encoding="utf-8", newline="", write_through=True)
    write(lines)
    lines.detach()
    table.seek(0)
    return Response(
        wrap_file(request.environ, table),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
