"""Templates in Python's own code, kept between starts: to make it of all of them takes seconds."""

from __future__ import annotations

import logging

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from app.core.visitor_pages import RELEASE
from config import Settings

log = logging.getLogger("interurban.templates")


class TemplateCache(FileSystemBytecodeCache):
    """One that may be lost at any time: a page does not wait for a disk with room."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next start, or say in the log why not."""
        try:
            super().dump_bytecode(bucket)
        except OSError as error:
            log.warning("a template is not kept for the next start: %s", error)


def init_template_cache(app: Flask, settings: Settings) -> None:
    """In a folder of ours, apart for each release: what a template becomes depends on our code."""
    folder = settings.data_dir / "cache" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    release = app.extensions[RELEASE]
    for kept in folder.iterdir():
        if not kept.name.startswith(release):
            kept.unlink(missing_ok=True)  # another process may have done it
    app.jinja_env.bytecode_cache = TemplateCache(str(folder), f"{release}-%s")
