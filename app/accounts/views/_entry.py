"""The door: counting tries, letting people in, telling them how long to wait."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, session
from flask_babel import format_timedelta
from flask_security import login_user
from flask_security.proxies import _security
from werkzeug.wrappers import Response

from app.accounts import limits
from app.accounts.errors import TooManyTries
from app.accounts.queries import one_user
from app.core import audit
from app.core.db import first_or_404, write

PASSWORD, DEMO = "password", "demo"


def visitor_address() -> str:
    return request.remote_addr or ""


def count_sign_in_try(email: str) -> None:
    """Count before the password is looked at, so that tries at once are counted too."""
    with write():
        limits.check(limits.SIGN_IN_PER_ADDRESS, address=f"in {visitor_address()}")
        limits.check(limits.SIGN_IN_PER_ACCOUNT, identity=f"in {email}")
        limits.count(address=f"in {visitor_address()}")
        limits.count(identity=f"in {email}")
        limits.forget_old()


def forgive_tries(email: str) -> None:
    """Inside write(), once somebody has shown who they are."""
    limits.forgive(f"in {email}")
    limits.forgive_last(f"in {visitor_address()}")


def let_in(user_id: int, via: str, target: str) -> Response:
    """Open a session, or ask for the second factor first. Tries that led here are forgiven."""
    session.clear()
    with write():
        person: Any = first_or_404(one_user(user_id))
        second = _security.two_factor_plugins.tf_enter(person, False, via, next_loc=target)
        if second is not None:
            return make_response(second)
        forgive_tries(person.email)
        login_user(person, remember=False, authn_via=[via])
        audit.record(person.id, "accounts.sign_in", f"user:{person.id}", via=via)
    return redirect(target)


def too_many(error: TooManyTries) -> Response:
    """The page of a limit: how long to wait, in words and for machines."""
    wait = format_timedelta(error.seconds, threshold=1.5)
    answer = make_response(render_template("accounts/too_many.html", wait=wait), 429)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def count_mail(email: str) -> None:
    """Count a wish for a mail, per account and per visitor, known address or not."""
    limits.check(limits.MAIL_PER_ACCOUNT, identity=f"mail {email}")
    limits.check(limits.MAIL_PER_ADDRESS, address=f"mail {visitor_address()}")
    limits.count(identity=f"mail {email}")
    limits.count(address=f"mail {visitor_address()}")
