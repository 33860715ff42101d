"""Signing in, signing out, and proving once more who you are."""

from __future__ import annotations

import time

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_security import logout_user
from werkzeug.wrappers import Response

from app.accounts import passwords, sessions
from app.accounts.directory import demo_people
from app.accounts.errors import TooManyTries, WrongSignIn
from app.accounts.forms import AgainForm, SignInForm
from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import check_may_come_in
from app.accounts.protection import passkeys_of
from app.accounts.queries import person_by_email
from app.accounts.views._entry import count_sign_in_try, let_in, too_many
from app.core.db import write
from app.core.errors import DomainError
from app.core.forms import tidy
from app.core.frame import front_page
from app.core.security import safe_target

bp = Blueprint("sessions", __name__)

DEMO_ADDRESSES = [
    f"{name}@demo.invalid"
    for name in (
        "organiser", "official", "official.york", "associate", "steward", "admin", "newcomer",
    )
]  # fmt: skip

Answer = Response | str | tuple[str, int]


@bp.route("/sign-in", methods=["GET", "POST"])
def new() -> Answer:
    target = _target()
    if viewer() is not None:
        return redirect(target)
    form = SignInForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return _page(form, 422 if form.is_submitted() else 200)
    try:
        return _sign_in(tidy(form.email.data).lower(), form.password.data, target)
    except TooManyTries as error:
        return too_many(error)
    except DomainError as error:
        form.blame(error)
        return _page(form, 422)


def _sign_in(email: str, password: str, target: str) -> Response:
    count_sign_in_try(email)
    person = person_by_email(email)
    if not passwords.is_right(password, person.password if person else None) or person is None:
        raise WrongSignIn
    check_may_come_in(person)
    return let_in(person.id, "password", target)


@bp.post("/sign-in/demo")
def demo() -> Answer:
    """One click into a demonstration account; exists in demo mode only."""
    person = person_by_email(tidy(request.form.get("email", "")))
    if not current_app.config["DEMO"] or person is None or not person.is_demo:
        abort(404)
    try:
        check_may_come_in(person)
    except DomainError as error:
        form = SignInForm(formdata=None, email=person.email)
        form.blame(error)
        return _page(form, 422)
    return let_in(person.id, "demo", _target())


@bp.post("/sign-out")
def end() -> Response:
    """End this session for good: a copy of its cookie is worth nothing afterwards."""
    person = viewer()
    if person is not None:
        with write():
            sessions.revoke(str(session.get("sid", "")), person.id)
        logout_user()
    session.clear()
    answer = redirect(front_page())
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.route("/sign-in/again", methods=["GET", "POST"])
@login_needed
def again() -> Answer:
    """Ask for the password once more before something important is changed."""
    person = member()
    form = AgainForm(next=request.args.get("next", ""))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _prove_again(person.email, person.password, form.password.data)
        except TooManyTries as error:
            return too_many(error)
        except DomainError as error:
            form.blame(error)
    has_passkey = bool(passkeys_of(member()))
    return render_template("accounts/again.html", form=form, has_passkey=has_passkey), status


def _prove_again(email: str, password_hash: str | None, password: str) -> Response:
    count_sign_in_try(email)
    if not passwords.is_right(password, password_hash):
        raise WrongSignIn
    session["fs_paa"] = time.time()
    return redirect(_target(url_for("security_settings.show")))


def _target(fallback: str | None = None) -> str:
    wanted = request.form.get("next") or request.args.get("next")
    return safe_target(wanted, fallback or front_page())


def _page(form: SignInForm, status: int) -> tuple[str, int]:
    people = demo_people(DEMO_ADDRESSES) if current_app.config["DEMO"] else []
    return render_template("accounts/sign_in.html", form=form, demo_people=people), status
