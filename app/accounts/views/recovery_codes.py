"""Recovery codes: made and shown once, used when the phone is lost."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_security import auth_required
from flask_security.proxies import _datastore, _security
from flask_security.tf_plugin import tf_check_state
from werkzeug.wrappers import Response

from app.accounts import recovery
from app.accounts.errors import TooManyTries
from app.accounts.forms import RecoveryForm
from app.accounts.login import member
from app.accounts.views._entry import count_sign_in_try, too_many
from app.core import audit
from app.core.db import write
from app.core.errors import DomainError
from app.core.frame import front_page
from app.core.i18n import _

bp = Blueprint("recovery_codes", __name__)


@bp.post("/settings/security/recovery-codes")
@auth_required("session", within=15, grace=0)
def create() -> str:
    with write():
        person = member()
        codes = recovery.make_codes(person)
        audit.record(person.id, "accounts.make_recovery_codes", f"user:{person.id}")
    return render_template("accounts/recovery_codes.html", codes=codes)


@bp.route("/sign-in/recovery", methods=["GET", "POST"])
def use() -> Response | str | tuple[str, int]:
    """In place of the six digits, after the right password."""
    person: Any = tf_check_state(["ready"])
    if person is None:
        flash(_("Sign in with your password first."), "warning")
        return redirect(url_for("sessions.new"))
    form = RecoveryForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/recovery.html", form=form), status
    try:
        return _spend(person.email, form.code.data)
    except TooManyTries as error:
        return too_many(error)
    except DomainError as error:
        form.blame(error)
        return render_template("accounts/recovery.html", form=form), 422


def _spend(email: str, code: str) -> Response:
    count_sign_in_try(email)
    with write():
        person: Any = _datastore.find_user(fs_uniquifier=session["tf_user_id"])
        recovery.use_code(person, code)
        _security.two_factor_plugins.tf_complete(person, True)
        audit.record(person.id, "accounts.use_recovery_code", f"user:{person.id}")
    flash(_("One recovery code is used up."), "warning")
    return redirect(front_page())
