"""Asking for an account."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts import limits, passwords, signup
from app.accounts.errors import NotAnAddress, TooManyTries
from app.accounts.forms import SignUpForm
from app.accounts.login import viewer
from app.accounts.queries import person_by_email
from app.accounts.views._entry import too_many, visitor_address
from app.core.db import wait_turn, write
from app.core.errors import DomainError
from app.core.forms import tidy
from app.core.frame import front_page
from app.core.i18n import language

bp = Blueprint("signups", __name__)

Answer = Response | str | tuple[str, int]


@bp.route("/sign-up", methods=["GET", "POST"])
def new() -> Answer:
    if viewer() is not None:
        return redirect(front_page())
    form = SignUpForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _sign_up(form)
        except TooManyTries as error:
            return too_many(error)
        except DomainError as error:
            form.blame(error)
    return render_template("accounts/sign_up.html", form=form), status


@bp.get("/sign-up/sent")
def sent() -> str:
    """The same page for a new address and for a known one."""
    return render_template("accounts/mail_sent.html")


def _sign_up(form: SignUpForm) -> Response:
    email = address_of(form.email.data)
    passwords.check_new(form.password.data, email)
    password_hash = passwords.hashed(form.password.data)
    with write():
        count_sign_up()
        wait_turn(f"account of {email}")
        known = person_by_email(email)
        if known is not None:
            signup.tell_already_registered(known)
        else:
            signup.sign_up(
                email,
                form.display_name.data,
                password_hash,
                wishes=form.wishes.data,
                locale=signup.known_locale(language()),
                timezone=signup.known_zone(form.timezone.data),
            )
    return redirect(url_for("signups.sent"))


def count_sign_up() -> None:
    address = f"up {visitor_address()}"
    limits.check(limits.SIGN_UP_PER_ADDRESS, address=address)
    limits.count(address=address)


def address_of(text: str) -> str:
    """A mail address as we store it. Raise NotAnAddress."""
    try:
        found = validate_email(tidy(text), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise NotAnAddress from error
    return found.normalized.lower()
