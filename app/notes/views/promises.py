"""What a mail about an action leads to: saying that it is done, without signing in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from app.core.bodies import checks_token_itself
from app.core.db import write
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.i18n import _
from app.core.personal_links import private
from app.core.tokens import LinkExpired, LinkUnknown
from app.notes import promising, reminding_owners
from app.notes.forms import Number
from app.notes.naming import owner_of
from app.notes.registers import is_late

bp = Blueprint("promises", __name__, url_prefix="/promises/<token>")

Answer = Response | Redirect


class VersionForm(Form):
    lock_version = Number()


@bp.get("")
def show(token: str) -> Response:
    """Mail scanners follow links: only the button says that it is done."""
    return _page(token)


@bp.post("")
def finish(token: str) -> Answer:
    return _turn(token, promising.finish, _("It is done. Thank you."))


@bp.post("/undo")
def undo(token: str) -> Answer:
    return _turn(token, promising.reopen, _("It is open again."))


@bp.get("/stop")
def stop(token: str) -> Response:
    return _mails_page(token)


@bp.post("/stop")
@checks_token_itself
def end_mails(token: str) -> Response:
    """From the page, or from a mail program that has no session: the link is the proof (RFC 8058).

    Never a redirect, which mail programs do not follow.
    """
    with write():
        reminding_owners.stop(_reader(token))
    return _mails_page(token)


@bp.post("/resume")
def resume(token: str) -> Response:
    with write():
        reminding_owners.resume(_reader(token))
    return _mails_page(token)


def _turn(token: str, verb: Any, said: str) -> Answer:
    version = VersionForm().lock_version.data
    try:
        with write():
            meant = promising.promise_meant(token)
            if not meant.is_current:
                return _page(token, 409)
            verb(meant.action, meant.person, version)
    except (LinkExpired, LinkUnknown):
        return _page(token)
    except DomainError as error:
        flash(error.message)
        return _page(token, 409)
    flash(said, "ok")
    return redirect(url_for("promises.show", token=token))


def _page(token: str, status: int = 200) -> Response:
    try:
        meant = promising.promise_meant(token)
    except LinkExpired:
        return private(render_template("notes/promise_gone.html"), 410)
    except LinkUnknown:
        abort(404)
    page = render_template(
        "notes/promise.html",
        action=meant.action,
        owner=owner_of(meant.action, public=True),
        is_current=meant.is_current,
        is_late=is_late(meant.action),
        webinar=meant.action.note_set.webinar,
        token=token,
    )
    return private(page, status)


def _mails_page(token: str) -> Response:
    person = _reader(token)
    page = render_template(
        "notes/action_mails.html", is_wanted=person.wants_action_mails, token=token
    )
    return private(page)


def _reader(token: str) -> Any:
    try:
        return promising.reader_stopping(token)
    except LinkUnknown:
        abort(404)
