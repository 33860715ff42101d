"""What a WSGI server loads: `wsgi:app`."""

from __future__ import annotations

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
    """The application as `make serve` runs it: one proxy in front tells who asks, and how."""
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    return app
