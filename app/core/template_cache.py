"""Templates in Python's own code, kept between starts: to make it of all of them takes seconds."""

from __future__ import annotations

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app.core.visitor_pages import RELEASE
from config import Settings


def init_template_cache(app: Flask, settings: Settings) -> None:
    """In a folder of ours, apart for each release: what a template becomes depends on our code."""
    folder = settings.data_dir / "cache" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    release = app.extensions[RELEASE]
    for kept in folder.iterdir():
        if not kept.name.startswith(release):
            kept.unlink(missing_ok=True)  # another process may have done it
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder), f"{release}-%s")
