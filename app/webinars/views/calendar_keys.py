"""One's own calendars: their addresses, when they were read, ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import may_take_part
from app.core import audit
from app.core.db import write
from app.core.i18n import _
from app.core.permissions import require
from app.webinars import calendar_keys
from app.webinars.add_links import FeedAddress, feed_address
from app.webinars.enums import FeedKind

bp = Blueprint("calendar_keys", __name__, url_prefix="/settings/calendars")


@dataclass(frozen=True)
class Shown:
    """One calendar on the page. Without an address it was not made yet, or was ended.

    `tasks`: where the same comes as tasks.
    """

    kind: FeedKind
    name: str
    text: str
    address: FeedAddress | None = None
    made_at: datetime | None = None
    read_at: datetime | None = None
    tasks: FeedAddress | None = None


@bp.get("")
@login_needed
def show() -> str:
    require(may_take_part(viewer()))
    keys = calendar_keys.keys_of(member())
    shown = [_shown(kind, keys.get(kind)) for kind in calendar_keys.KINDS]
    public = feed_address("calendars.public_feed")
    return render_template("webinars/calendars.html", calendars=shown, public=public)


@bp.post("/<kind>/renew")
@login_needed
def renew(kind: str) -> Response:
    require(may_take_part(viewer()))
    chosen = _kind(kind)
    with write():
        calendar_keys.renew(member(), chosen)
        audit.record(
            member().id, "webinars.renew_calendar", f"user:{member().id}", kind=chosen.value
        )
    flash(_("This is the address of your calendar. An older one does not work any more."), "ok")
    return redirect(url_for("calendar_keys.show", _anchor=chosen))


@bp.post("/<kind>/end")
@login_needed
def end(kind: str) -> Response:
    chosen = _kind(kind)
    with write():
        calendar_keys.revoke(member(), chosen)
        audit.record(member().id, "webinars.end_calendar", f"user:{member().id}", kind=chosen.value)
    flash(_("This calendar is ended. Its address does not work any more."), "ok")
    return redirect(url_for("calendar_keys.show", _anchor=chosen))


def _kind(read: str) -> FeedKind:
    kind = next((kind for kind in FeedKind if kind == read), None)
    return kind or abort(404)


def _shown(kind: FeedKind, key: calendar_keys.Key | None) -> Shown:
    name, text = _words(kind)
    if key is None:
        return Shown(kind, name, text)
    token = calendar_keys.calendar_token(key)
    address = feed_address("calendars.personal", token=token)
    is_to_do = kind is FeedKind.ACTIONS
    tasks = feed_address("calendars.personal", token=token, todo=1) if is_to_do else None
    return Shown(kind, name, text, address, key.created_at, key.last_used_at, tasks)


def _words(kind: FeedKind) -> tuple[str, str]:
    return {
        FeedKind.MINE: (_("My webinars"), _("Those in which you have a seat.")),
        FeedKind.ORGANISED: (_("Webinars I organise"), _("Those that you are an organiser of.")),
        FeedKind.ACTIONS: (
            _("My actions"),
            _("What you or your city promised, each on the day it is due."),
        ),
    }[kind]
