"""The rows behind Flask-Security."""

from __future__ import annotations

from flask_security import SQLAlchemyUserDatastore

from app.accounts.models import Role, User, WebAuthn
from app.core.db import db

datastore = SQLAlchemyUserDatastore(db, User, Role, WebAuthn)
