"""What is done before web processes are forked, so that they share it and nobody waits for it."""

from __future__ import annotations

import os

from flask import Flask
from sqlalchemy.orm import configure_mappers

from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import LANGUAGES, _, speaking
from app.core.templating import moment, number


def prepare(app: Flask) -> None:
    """Ask no database: a connection must not go through a fork."""
    configure_mappers()
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    for code in LANGUAGES:
        with app.test_request_context(), speaking(code):
            _("Home")
            moment(utcnow())
            number(1.5)
    with app.app_context():
        engine = db.engine
    os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))
