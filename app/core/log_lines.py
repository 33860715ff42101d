"""Lines of the log: for people to read, or one JSON object each for machines."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from app.core.tally import request_id
from config import Settings

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
"""Nothing that somebody sent can begin a line of its own, or colour a terminal."""

encode = json.JSONEncoder(default=str, separators=(",", ":")).encode


def open_log(settings: Settings) -> None:
    """Everything this process says goes to standard error in the chosen form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLine() if settings.log_format == "json" else TextLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    _leave_out_what_no_line_shows()


def _leave_out_what_no_line_shows() -> None:
    """Half of the price of a line; so says the manual of `logging` under Optimization."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    setattr(logging, "_srcfile", None)  # noqa: B010 - file and line of the caller


class TextLine(logging.Formatter):
    """02:14:07 warning interurban.query: … [3f9c01ab77de]"""

    def format(self, record: logging.LogRecord) -> str:
        when = time.strftime("%H:%M:%S", time.gmtime(record.created))
        words, name = record.getMessage(), request_id()
        if isinstance(record.args, dict) and "statement" in record.args:
            words += f": {record.args['statement']}"
        words = words.translate(CONTROLS) + (f" [{name}]" if name else "")
        line = f"{when} {record.levelname.lower()} {record.name}: {words}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLine(logging.Formatter):
    """One object: time, level, logger, message, request_id, and the line's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{when}.{int(record.msecs):03d}Z",
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
        return encode(line)
