"""What a WSGI server loads: `wsgi:app`."""

from __future__ import annotations

import gc
import os
import sys

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app
from config import WrongSetting, read_settings

try:
    app = create_app(read_settings(os.environ))
except WrongSetting as error:
    print(f"interurban: {error}", file=sys.stderr)
    raise SystemExit(2) from None


def behind_proxy() -> Flask:
    """The application as `make serve` runs it: the proxy in front tells who asks, and how."""
    hops = app.extensions["settings"].proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    make_ready()
    return app


def make_ready() -> None:
    """Before the first request: nobody waits for templates, nor again and again for the collector,
    which need not look at what stays for good."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    gc.collect()
    gc.freeze()
