"""Flask-Security on our tables: its settings, whom a cookie stands for, and what it may write."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, abort, redirect, request, session, url_for
from flask_security import Security, user_authenticated
from flask_security.tf_plugin import tf_check_state
from flask_security.utils import set_request_attr
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.datastore import datastore
from app.accounts.errors import TooManyTries
from app.accounts.login import viewer
from app.accounts.views._entry import count_sign_in_try, forgive_tries, too_many
from app.accounts.views._overrides import (
    AnyPasskey,
    OutboxMail,
    PasskeyAnswer,
    PasskeyWish,
    ReplaySafeTotp,
)
from app.accounts.views._words import WORDS
from app.core.clock import utcnow
from app.core.db import write
from app.core.security import safe_target

View = Callable[..., Any]

OURS = {
    "security.login": "sessions.new",
    "security.logout": "sessions.end",
    "security.verify": "sessions.again",
    "security.two_factor_rescue": "recovery_codes.use",
}
"""Flask-Security's own pages that ours replace; its redirects to them still work."""


def init_accounts(app: Flask) -> None:
    """Call after our blueprints are registered."""
    for name, value in _settings(app).items():
        app.config.setdefault(name, value)
    for name, words in WORDS.items():
        app.config[f"SECURITY_MSG_{name}"] = words
    security = Security(
        app,
        datastore,
        mail_util_cls=OutboxMail,
        totp_cls=ReplaySafeTotp,
        webauthn_util_cls=AnyPasskey,
        wan_register_form=PasskeyWish,
        wan_signin_response_form=PasskeyAnswer,
    )
    security.want_json(lambda _request: False)
    security.unauthn_handler(ask_to_sign_in)
    security.reauthn_handler(ask_again)
    security.principal.identity_loaders.clear()  # it would load a person even for a picture
    manager: Any = security.login_manager
    manager.unauthorized_handler(ask_to_sign_in)
    manager.user_loader(load_user)
    manager.request_loader(lambda _request: None)
    manager._session_identifier_generator = str  # a hash at each request, for a protection unused
    user_authenticated.connect(start_session, app)
    app.context_processor(lambda: {"viewer": viewer()})
    _take_over(app)


def _settings(app: Flask) -> dict[str, Any]:
    secret = app.config["SECRET_KEY"]
    return (
        {
            "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
            "SESSION_PROTECTION": None,  # our session rows do more
            "SECURITY_DATETIME_FACTORY": utcnow,
            "SECURITY_API_ENABLED_METHODS": ["session"],
            "SECURITY_JOIN_USER_ROLES": False,
            "SECURITY_CLI_USERS_NAME": False,
            "SECURITY_CLI_ROLES_NAME": False,
            "SECURITY_I18N_DOMAIN": "messages",
            "SECURITY_I18N_DIRNAME": app.config["BABEL_TRANSLATION_DIRECTORIES"],
            "SECURITY_RETURN_GENERIC_RESPONSES": True,
            "SECURITY_AUTO_LOGIN_AFTER_CONFIRM": False,
            "SECURITY_FRESHNESS": timedelta(minutes=15),
            "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
            "SECURITY_LOGIN_URL": "/sign-in",
            "SECURITY_LOGOUT_URL": "/sign-out",
            "SECURITY_LOGOUT_METHODS": ["POST"],
            "SECURITY_VERIFY_URL": "/sign-in/again",
            "SECURITY_POST_LOGIN_VIEW": "/",
            "SECURITY_POST_LOGOUT_VIEW": "/",
            "SECURITY_POST_VERIFY_VIEW": "/settings/security",
        }
        | _passwords(secret)
        | _codes(secret)
        | PASSKEYS
    )


def _passwords(secret: str) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": True,  # a new SECRET_KEY must not lock everybody out
        "SECURITY_PASSWORD_SALT": _derived(secret, "password"),
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_HASHING_SCHEMES": ["hex_sha256"],  # inside of signed tokens; fast on purpose
        "SECURITY_DEPRECATED_HASHING_SCHEMES": [],
        "SECURITY_CONFIRM_EMAIL_WITHIN": timedelta(days=2),
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=1),
    }


def _codes(secret: str) -> dict[str, Any]:
    return {
        "SECURITY_TOTP_SECRETS": {"1": _derived(secret, "totp")},
        "SECURITY_TOTP_ISSUER": "Interurban",
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_SETUP_URL": "/settings/security/app",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/settings/security",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/sign-in/recovery",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/sign-in/choose",
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "accounts/app_setup.html",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "accounts/code.html",
        "SECURITY_TWO_FACTOR_SELECT_TEMPLATE": "accounts/code.html",
    }


PASSKEYS = {
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_RP_NAME": "Interurban",
    "SECURITY_WAN_ALLOW_USER_HINTS": False,  # a hint tells who has an account
    "SECURITY_WAN_ALLOW_AS_VERIFY": ["first"],
    "SECURITY_WAN_REGISTER_URL": "/settings/security/passkeys",
    "SECURITY_WAN_POST_REGISTER_VIEW": "/settings/security",
    "SECURITY_WAN_DELETE_URL": "/settings/security/passkeys/delete",
    "SECURITY_WAN_SIGNIN_URL": "/sign-in/passkey",
    "SECURITY_WAN_VERIFY_URL": "/sign-in/again/passkey",
    "SECURITY_WAN_REGISTER_TEMPLATE": "accounts/passkeys.html",
    "SECURITY_WAN_SIGNIN_TEMPLATE": "accounts/passkey_sign_in.html",
    "SECURITY_WAN_VERIFY_TEMPLATE": "accounts/passkey_again.html",
}


def _derived(secret: str, purpose: str) -> str:
    return hashlib.sha256(f"interurban.{purpose}.{secret}".encode()).hexdigest()


def load_user(uniquifier: str) -> Any:
    """The person of this cookie, unless its session was ended."""
    person = sessions.user_of(str(session.get("sid", "")), uniquifier)
    if person is not None:
        _keep_signed_in()
        set_request_attr("fs_authn_via", "session")
        set_request_attr("fs_paa", session.get("fs_paa", 0))
    return person


def _keep_signed_in() -> None:
    """The cookie lives for a month after the last visit: it is written anew once a day."""
    today = utcnow().date().isoformat()
    if session.get("day") != today:
        session["day"] = today


def start_session(_app: Flask, user: Any, **_: Any) -> None:
    """Every way of signing in ends here: a new session id, and the old one is dead."""
    if old := session.pop("sid", None):
        sessions.revoke(old, user.id)
    session["sid"] = sessions.open_session(
        user, address=request.remote_addr or "", user_agent=request.user_agent.string
    )
    session.permanent = True


def ask_to_sign_in(*_: Any, **__: Any) -> Response:
    """Back to where the visitor wanted to go, if that is a page that can be read again."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=401, headers={"HX-Redirect": url_for("sessions.new")})
    target = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    return redirect(url_for("sessions.new", next=target))


def ask_again(*_: Any, **__: Any) -> Response:
    """Something important: prove once more who you are, then come back."""
    target = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    return redirect(url_for("sessions.again", next=target))


def _take_over(app: Flask) -> None:
    for name in [name for name in app.view_functions if name.startswith("security.")]:
        ours = OURS.get(name)  # ours win at the shared address as well as by name
        shipped = app.view_functions[name]
        app.view_functions[name] = app.view_functions[ours] if ours else _writing(shipped)
    name = "security.two_factor_token_validation"
    app.view_functions[name] = _counted(app.view_functions[name])


def _writing(view: View) -> View:
    """Flask-Security's views change rows when they answer POST, and lead on to `next`."""

    @wraps(view)
    def in_write(**values: Any) -> Any:
        wanted = request.values.get("next")
        if wanted and safe_target(wanted, "") != wanted:
            abort(400)
        if request.method != "POST":
            return view(**values)
        with write():
            return view(**values)

    return in_write


def _counted(view: View) -> View:
    """Six digits can be guessed: wrong ones count like wrong passwords.

    Whoever is in already goes on: Flask-Security would sign them out for asking.
    """

    @wraps(view)
    def counting(**values: Any) -> Any:
        if viewer() is not None:
            return redirect(safe_target(request.args.get("next"), url_for("home.show")))
        person: Any = tf_check_state(["ready"])
        if request.method != "POST" or person is None:
            return view(**values)
        email = person.email
        try:
            count_sign_in_try(email)
        except TooManyTries as error:
            return too_many(error)
        answer = view(**values)
        if viewer() is not None:
            with write():
                forgive_tries(email)
        return answer

    return counting
