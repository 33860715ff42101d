"""A small application for the server: it says which process answers, and takes its time."""

from __future__ import annotations

import os
import time
from pathlib import Path

from flask import Flask, request


def make() -> Flask:
    app = Flask(__name__)

    @app.route("/", methods=["GET", "POST"])
    def who() -> str:
        if "begun" in request.args:
            Path(request.args["begun"]).touch()
        time.sleep(float(request.args.get("seconds", 0)))
        return f"{os.getpid()} {os.environ.get('VERSION_FILE') and version()} {len(request.data)}"

    @app.get("/page")
    def page() -> str:
        return "x" * 2_000_000

    @app.get("/kept")
    def keep() -> str:
        app.extensions["kept"] = b"x" * (int(request.args["megabytes"]) << 20)
        return str(os.getpid())

    return app


def version() -> str:
    with open(os.environ["VERSION_FILE"]) as file:
        return file.read()


def broken_at_times() -> Flask:
    """Cannot be loaded while the version says so."""
    if version() == "broken":
        raise SystemExit("this version does not start")
    return make()


def loaded_when_told() -> Flask:
    """Says that it is being loaded, and is when there is a version."""
    Path(os.environ["BEGUN_FILE"]).touch()
    while not Path(os.environ["VERSION_FILE"]).exists():
        time.sleep(0.02)
    return make()
