"""Flask extensions that need an application."""

from __future__ import annotations

from flask_migrate import Migrate
from flask_wtf import CSRFProtect

csrf = CSRFProtect()
migrate = Migrate()
