"""Flask extensions that need an application."""

from __future__ import annotations

from typing import Any

from werkzeug.local import LocalProxy
from werkzeug.utils import import_string

from app.core.forgery import Forgery

csrf: Any = Forgery()
migrate: Any = LocalProxy(lambda: import_string("app.core.migrating:setting"))
