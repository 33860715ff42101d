"""How Flask-Migrate finds our tables. Loaded by its commands only: Alembic is large."""

from __future__ import annotations

from flask_migrate import Migrate, _MigrateConfig

from app.core.db import db
from config import ROOT

migrate = Migrate(db=db, directory=str(ROOT / "migrations"))
setting = _MigrateConfig(migrate, db, **migrate.alembic_ctx_kwargs)
