"""Passwords that were forgotten or shall be another."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_security import login_user
from flask_security.recoverable import reset_password_token_status
from werkzeug.wrappers import Response

from app.accounts import passwords, resetting
from app.accounts.errors import TooManyTries, WrongPassword
from app.accounts.forms import ChangePasswordForm, EmailForm, NewPasswordForm
from app.accounts.login import login_needed, member
from app.accounts.queries import person_by_email
from app.accounts.views._entry import count_mail, count_sign_in_try, forgive_tries, too_many
from app.core.db import write
from app.core.errors import DomainError
from app.core.forms import tidy
from app.core.i18n import _

bp = Blueprint("passwords", __name__)

Answer = Response | str | tuple[str, int]


@bp.route("/reset", methods=["GET", "POST"])
def forgotten() -> Answer:
    """Send a link; the answer is the same for every address."""
    form = EmailForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/forgotten.html", form=form), status
    email = tidy(form.email.data).lower()
    try:
        with write():
            count_mail(email)
            person = person_by_email(email)
            if person is not None and person.active:
                resetting.ask_for_reset(person)
    except TooManyTries as error:
        return too_many(error)
    return redirect(url_for("signups.sent"))


@bp.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> Answer:
    person = _owner(token)
    if person is None:
        return render_template("accounts/link_dead.html", again="passwords.forgotten"), 410
    form = NewPasswordForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _reset(token, person.email, form.password.data)
        except DomainError as error:
            form.blame(error)
    return render_template("accounts/reset.html", form=form, token=token), status


def _reset(token: str, email: str, password: str) -> Response:
    passwords.check_new(password, email)
    password_hash = passwords.hashed(password)
    with write():
        person = _owner(token)
        if person is not None:
            resetting.set_password(person, password_hash, "reset")
            forgive_tries(email)
    flash(_("Your new password is set. Sign in with it."), "ok")
    return redirect(url_for("sessions.new"))


@bp.route("/settings/password", methods=["GET", "POST"])
@login_needed
def change() -> Answer:
    form = ChangePasswordForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _change(form.current.data, form.password.data)
        except TooManyTries as error:
            return too_many(error)
        except DomainError as error:
            form.blame(error)
    return render_template("accounts/change_password.html", form=form), status


def _change(current: str, password: str) -> Response:
    person: Any = member()
    count_sign_in_try(person.email)
    if not passwords.is_right(current, person.password):
        raise WrongPassword
    passwords.check_new(password, person.email)
    password_hash = passwords.hashed(password)
    with write():
        resetting.set_password(person, password_hash, "change")
        forgive_tries(person.email)
        login_user(person, remember=False, authn_via=["change"])
    flash(_("Your password is changed. Every other browser was signed out."), "ok")
    return redirect(url_for("security_settings.show"))


def _owner(token: str) -> Any:
    """Whose password the token resets; None when it is old, broken or was used."""
    expired, invalid, person = reset_password_token_status(token)
    return None if expired or invalid or person is None or not person.active else person
