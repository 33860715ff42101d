"""Ending the reminders of one webinar, by a button or by the mail program itself (RFC 8058)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template

from app.core.bodies import checks_token_itself
from app.core.db import first_or_404, write
from app.core.personal_links import private, token_read
from app.webinars import reminding
from app.webinars.attending import one_registration
from app.webinars.presenting import one_speaker

bp = Blueprint("reminders", __name__)

PEOPLE = "/registrations/<token>/reminders"
SPEAKERS = "/speakers/<token>/reminders"
OF_PEOPLE, OF_SPEAKERS = {"whose": "registrations"}, {"whose": "speakers"}
KINDS: Any = {"registrations": one_registration, "speakers": one_speaker}


@bp.get(f"{PEOPLE}/stop", defaults=OF_PEOPLE)
@bp.get(f"{SPEAKERS}/stop", defaults=OF_SPEAKERS)
def show(whose: str, token: str) -> Response:
    """Mail scanners follow links: only the button ends anything."""
    return _page(whose, token)


@bp.post(f"{PEOPLE}/stop", defaults=OF_PEOPLE)
@bp.post(f"{SPEAKERS}/stop", defaults=OF_SPEAKERS)
@checks_token_itself
def stop(whose: str, token: str) -> Response:
    """From the page, or from a mail program that has no session: the link is the proof.

    Never a redirect, which mail programs do not follow.
    """
    with write():
        reminding.stop(_found(whose, token))
    return _page(whose, token)


@bp.post(f"{PEOPLE}/resume", defaults=OF_PEOPLE)
@bp.post(f"{SPEAKERS}/resume", defaults=OF_SPEAKERS)
def resume(whose: str, token: str) -> Response:
    with write():
        reminding.resume(_found(whose, token))
    return _page(whose, token)


def _found(whose: str, token: str) -> Any:
    return first_or_404(KINDS[whose](token_read(token)))


def _page(whose: str, token: str) -> Response:
    person = _found(whose, token)
    page = render_template(
        "webinars/reminders.html",
        person=person,
        webinar=person.webinar,
        whose=whose,
        token=token,
    )
    return private(page)
