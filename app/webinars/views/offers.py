"""A seat that is offered for a while: take it, or leave it to the next person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.webinars import offering
from app.webinars.views._own_page import Answer, linked, problem

bp = Blueprint("offers", __name__)


@bp.post("/registrations/<token>/offer/accept")
def accept(token: str) -> Answer:
    return _answer(offering.accept, token, _("The seat is yours. The invitation is on its way."))


@bp.post("/registrations/<token>/offer/decline")
def decline(token: str) -> Answer:
    return _answer(offering.decline, token, _("Thank you. The seat goes to the next person."))


def _answer(act: Any, token: str, words: str) -> Answer:
    registration = linked(token)
    try:
        with write():
            act(registration)
    except DomainError as error:
        return problem(error)
    flash(words)
    return redirect(url_for("registrations.show", token=token))
