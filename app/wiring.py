"""The only file that knows everyone: who hears which signal, which pages and commands exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blinker import Signal
from click import Command
from flask import Blueprint, Flask

from app.accounts import models as accounts_models
from app.accounts.views import _security as accounts_security
from app.accounts.views import recovery_codes as recovery_code_views
from app.accounts.views import sessions as session_views
from app.core import models as core_models
from app.core.cli import jobs as jobs_commands
from app.core.serve import serve
from app.core.views import dev_mail, preferences
from app.forum import models as forum_models
from app.network import models as network_models
from app.notes import models as notes_models
from app.search import models as search_models
from app.topics import models as topics_models
from app.webinars import models as webinars_models
from config import Settings

SUBSCRIPTIONS: list[tuple[Signal, Callable[..., Any]]] = []

BLUEPRINTS: list[Blueprint] = [
    preferences.bp,
    dev_mail.bp,
    session_views.bp,
    recovery_code_views.bp,
]

COMMANDS: list[Command] = [serve, jobs_commands]

TEMPLATE_GLOBALS: dict[str, Callable[..., Any]] = {}

MODELS = [
    core_models,
    network_models,
    accounts_models,
    topics_models,
    forum_models,
    webinars_models,
    notes_models,
    search_models,
]
JOBS: list[Any] = []


def connect(app: Flask, settings: Settings) -> None:
    """Join the domains to one application."""
    for signal, receiver in SUBSCRIPTIONS:
        signal.connect(receiver)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    accounts_security.init_accounts(app)
    for group in COMMANDS:
        app.cli.add_command(group)
    app.jinja_env.globals.update(TEMPLATE_GLOBALS)
