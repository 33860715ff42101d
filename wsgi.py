"""What a WSGI server loads: `wsgi:app`."""

from __future__ import annotations

import os
import sys
from functools import partial

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app
from app.accounts.reader import passer_by
from app.core.log_lines import open_log
from app.core.minutes import keep_minutes_in_background
from app.core.preparing import prepare
from app.core.warming import warm
from app.home.first_pages import first_pages
from config import WrongSetting, read_settings

try:
    settings = read_settings(os.environ)
    open_log(settings)
    app = create_app(settings)
    if settings.has_traces:
        # Packages of the extra `trace`, which nobody else has to install or to hold in memory.
        from app.core.tracing import trace_everything

        trace_everything(app)
except WrongSetting as error:
    print(f"interurban: {error}", file=sys.stderr)
    raise SystemExit(2) from None


def behind_proxy() -> Flask:
    """The application as `make serve` runs it: the proxy in front tells who asks, and how."""
    hops = app.extensions["settings"].proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    prepare(app)
    warm(app, first_pages, [None, passer_by()])
    # A thread: begun by the first request of each process, never before a fork.
    app.extensions["watch"].on_first = partial(keep_minutes_in_background, app)
    return app
