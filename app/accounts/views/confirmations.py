"""Showing that a mail address works. Only the button acts: mail scanners open every link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_security.confirmable import confirm_email_token_status
from werkzeug.wrappers import Response

from app.accounts import signup
from app.accounts.errors import TooManyTries
from app.accounts.forms import EmailForm
from app.accounts.queries import person_by_email
from app.accounts.views._entry import count_mail, too_many
from app.core.db import write
from app.core.forms import tidy
from app.core.i18n import _

bp = Blueprint("confirmations", __name__)

Answer = Response | str | tuple[str, int]


@bp.get("/confirm/<token>")
def show(token: str) -> Answer:
    if _owner(token) is None:
        return render_template("accounts/link_dead.html", again="confirmations.new"), 410
    return render_template("accounts/confirm.html", token=token)


@bp.post("/confirm/<token>")
def create(token: str) -> Answer:
    with write():
        person = _owner(token)
        if person is None:
            return render_template("accounts/link_dead.html", again="confirmations.new"), 410
        signup.confirm(person)
        waits = person.approved_at is None
    if waits:
        return render_template("accounts/waiting.html")
    flash(_("Your mail address is confirmed. You can sign in."), "ok")
    return redirect(url_for("sessions.new"))


@bp.route("/confirm", methods=["GET", "POST"])
def new() -> Answer:
    """Ask for the mail once more; the answer is the same for every address."""
    form = EmailForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/confirm_again.html", form=form), status
    email = tidy(form.email.data).lower()
    try:
        with write():
            count_mail(email)
            person = person_by_email(email)
            if person is not None and person.confirmed_at is None:
                signup.send_confirmation(person)
    except TooManyTries as error:
        return too_many(error)
    return redirect(url_for("signups.sent"))


def _owner(token: str) -> Any:
    """Whose address the token confirms; None when it is old, broken or of another address."""
    expired, invalid, person = confirm_email_token_status(token)
    return None if expired or invalid or person is None or not person.active else person
