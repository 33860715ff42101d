"""How an account is protected, and where it is signed in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.accounts.login import login_needed, member
from app.accounts.protection import passkeys_of, recovery_codes_left, sessions_of
from app.core import audit
from app.core.db import write
from app.core.i18n import _

bp = Blueprint("security_settings", __name__)


@bp.get("/settings/security")
@login_needed
def show() -> str:
    person = member()
    return render_template(
        "accounts/security.html",
        person=person,
        sessions=sessions_of(person),
        here_sid=session.get("sid"),
        passkeys=passkeys_of(person),
        codes_left=recovery_codes_left(person),
    )


@bp.post("/settings/security/sessions/<sid>/end")
@login_needed
def end(sid: str) -> Response:
    with write():
        person = member()
        sessions.revoke(sid, person.id)
        audit.record(person.id, "accounts.end_session", f"user:{person.id}")
    flash(_("That browser is signed out."), "ok")
    return redirect(url_for("security_settings.show"))


@bp.post("/settings/security/sessions/end-others")
@login_needed
def end_others() -> Response:
    with write():
        person = member()
        sessions.revoke_all(person, but=str(session.get("sid", "")))
        audit.record(person.id, "accounts.end_other_sessions", f"user:{person.id}")
    flash(_("All other browsers are signed out."), "ok")
    return redirect(url_for("security_settings.show"))
