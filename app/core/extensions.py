"""Flask extensions that need an application."""

from __future__ import annotations

from flask_migrate import Migrate

from app.core.forgery import Forgery

csrf = Forgery()
migrate = Migrate()
