"""Unfinished texts: saved while somebody writes, listed, thrown away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.accounts import drafting
from app.accounts.drafting import Saved
from app.accounts.login import login_needed, member, viewer
from app.accounts.queries import drafts_of
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.forms import tidy
from app.core.i18n import _
from app.core.security import safe_target
from app.core.undo import flash_with_undo
from app.forum import unfinished
from app.forum.deleting import removed_posts_of, removed_threads_to_restore

bp = Blueprint("drafts", __name__)

Answer = Response | tuple[Response, int] | tuple[str, int]
NOT_FIELDS = {"csrf_token", "context", "sequence", "next"}


@bp.post("/drafts")
@login_needed
def save() -> Answer:
    """Save from a script (JSON) or by a button (form). 409 shows the newer text of another tab."""
    sent: dict[str, Any] = _json() if request.is_json else request.form.to_dict()
    context, sequence = _context(sent), _sequence(sent)
    fields = _fields(sent)
    try:
        with write():
            saved = drafting.save_draft(member(), context, fields, sequence)
    except DomainError as error:
        return _refused(error)
    if request.is_json:
        return jsonify(vars(saved)), 409 if saved.is_newer else 200
    return _answer_form(saved, fields)


@bp.get("/drafts")
@login_needed
def index() -> str:
    drafts = db.session.scalars(drafts_of(member())).all()
    lines = unfinished.lines(viewer(), [(one.context, one.fields) for one in drafts])
    return render_template(
        "accounts/drafts.html",
        drafts=list(zip(drafts, lines, strict=True)),
        removed_posts=removed_posts_of(member()),
        removed_threads=removed_threads_to_restore(member()),
    )


@bp.post("/drafts/delete")
@login_needed
def delete() -> Response:
    context = tidy(request.form.get("context", ""))[:80]
    with write():
        drafting.set_aside(member(), context)
    flash_with_undo(_("The draft is deleted."), url_for("drafts.restore"), context=context)
    return redirect(url_for("drafts.index"))


@bp.post("/drafts/restore")
@login_needed
def restore() -> Response:
    with write():
        is_back = drafting.bring_back(member(), tidy(request.form.get("context", ""))[:80])
    if is_back:
        flash(_("The draft is back."), "ok")
    else:
        flash(_("This draft cannot come back: it is gone, or you began another one."), "warn")
    return redirect(url_for("drafts.index"))


def _answer_form(saved: Saved, mine: dict[str, str]) -> Answer:
    if saved.is_newer:
        return render_template("accounts/draft_newer.html", mine=mine, newer=saved.fields), 409
    flash(_("Your draft is saved."), "ok")
    return redirect(safe_target(request.form.get("next"), url_for("drafts.index")))


def _refused(error: DomainError) -> Answer:
    if request.is_json:
        return jsonify(error=error.message), 413
    mine = _fields(request.form.to_dict())
    return render_template("accounts/draft_too_large.html", error=error, mine=mine), 413


def _json() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise BadRequest
    return sent


def _context(sent: dict[str, Any]) -> str:
    """For what the text is, like "reply:41"."""
    context = tidy(str(sent.get("context", "")))
    if not 0 < len(context) <= 80:
        raise BadRequest
    return context


def _sequence(sent: dict[str, Any]) -> int:
    read = str(sent.get("sequence") or 0)
    return int(read) if read.isascii() and read.isdecimal() and len(read) < 10 else 0


def _fields(sent: dict[str, Any]) -> dict[str, str]:
    """Every text of the form; a script may send them as {"fields": {…}}."""
    texts = sent["fields"] if isinstance(sent.get("fields"), dict) else sent
    return {
        tidy(str(name))[:60]: tidy(str(text))
        for name, text in texts.items()
        if name not in NOT_FIELDS
    }
