"""Flask extensions that need an application."""

from __future__ import annotations

from typing import Any

from flask_migrate import Migrate

from app.core.forgery import Forgery

csrf: Any = Forgery()
migrate = Migrate()
