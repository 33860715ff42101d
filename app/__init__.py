"""The application factory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from app import wiring
from app.core.addresses import init_addresses
from app.core.bodies import init_bodies
from app.core.connections import engine_options
from app.core.db import db, prepare_engine
from app.core.early_answers import init_early_answers
from app.core.early_members import init_early_members
from app.core.error_pages import init_error_pages
from app.core.extensions import csrf, migrate
from app.core.fragments import init_fragments
from app.core.generations import watch
from app.core.i18n import babel, choose_locale
from app.core.request_limits import init_request_limits
from app.core.second_tries import init_second_tries
from app.core.security import init_security
from app.core.shared_memory import init_shared_memory
from app.core.static_files import init_static_files
from app.core.template_cache import init_template_cache
from app.core.templating import TemplateEnvironment, init_templating
from app.core.visitor_pages import init_visitor_pages
from app.core.watching import init_watching
from config import ROOT, Settings

MOST_BODY_BYTES = 12 * 1024 * 1024


class Application(Flask):
    """Views and hooks here are plain functions; Flask would look twenty times a request."""

    # There are more templates than the 400 that are held usually; some pushed the others out.
    jinja_options = {"cache_size": -1}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings, **changes: Any) -> Flask:
    """Build the application. `changes` are Flask settings that tests need to differ."""
    app = Application(__name__, template_folder=str(ROOT / "templates"))
    app.jinja_environment = TemplateEnvironment
    app.config.update(_flask_settings(settings), **changes)
    app.extensions["settings"] = settings
    init_addresses(app)
    init_request_limits(app)
    init_bodies(app)
    init_security(app)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        watch(db.engine, wiring.DOMAINS_SHOWN, wiring.NEVER_SHOWN, wiring.LASTING)
    init_fragments(app)
    init_shared_memory(app, settings)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=choose_locale)
    app.extensions["migrate"] = migrate
    init_static_files(app)
    init_templating(app)
    wiring.connect(app, settings)
    init_visitor_pages(app)
    init_template_cache(app, settings)
    init_early_answers(app)
    init_early_members(app)
    init_error_pages(app)
    init_second_tries(app)
    init_watching(app, settings)
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    secure = settings.base_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "BASE_URL": settings.base_url,
        "INBOUND_DOMAIN": settings.inbound_domain,
        "INBOUND_MAIL": settings.inbound_mail,
        "MAIL_FROM": settings.mail_from,
        "DEMO": settings.demo,
        "POLL_SECONDS": 60,  # how often an open page asks what is new
        "MAX_CONTENT_LENGTH": MOST_BODY_BYTES,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 500,
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,  # who is signed in gets a new cookie once a day
        "WTF_CSRF_TIME_LIMIT": 24 * 3600,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_DEFAULT_TIMEZONE": "UTC",
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).parent / "translations"),
    }
