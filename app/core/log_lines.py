"""Lines of the log: for people to read, or one JSON object each for machines."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from app.core.tally import request_id
from config import Settings

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
"""Nothing that somebody sent can begin a line of its own, or colour a terminal."""


def open_log(settings: Settings) -> None:
    """Everything this process says goes to standard error in the chosen form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLine() if settings.log_format == "json" else TextLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())


class TextLine(logging.Formatter):
    """02:14:07 warning interurban.query: … [3f9c01ab77de]"""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        words, name = record.getMessage(), request_id()
        if isinstance(record.args, dict) and "statement" in record.args:
            words += f": {record.args['statement']}"
        words = words.translate(CONTROLS) + (f" [{name}]" if name else "")
        line = f"{when} {record.levelname.lower()} {record.name}: {words}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLine(logging.Formatter):
    """One object: time, level, logger, message, request_id, and the line's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": when,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        name = request_id()
        if name:
            line["request_id"] = name
        if isinstance(record.args, dict):
            line.update(record.args)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, separators=(",", ":"))
