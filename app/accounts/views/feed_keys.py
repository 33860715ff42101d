"""Feeds that are one's own: their addresses, when they were read, ending them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts import feed_keys
from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import may_take_part
from app.core import audit
from app.core.db import db, write
from app.core.i18n import _
from app.core.permissions import require
from app.topics.queries import topics_readable_by

bp = Blueprint("feed_keys", __name__)


@bp.get("/settings/feeds")
@login_needed
def show() -> str:
    require(may_take_part(viewer()))
    key = feed_keys.feed_key_of(member())
    token = feed_keys.feed_token(key) if key else None
    topics = db.session.scalars(topics_readable_by(member())).all()
    return render_template("accounts/feeds.html", key=key, token=token, topics=topics)


@bp.post("/settings/feeds/renew")
@login_needed
def renew() -> Response:
    require(may_take_part(viewer()))
    with write():
        feed_keys.renew(member())
        audit.record(member().id, "accounts.renew_feeds", f"user:{member().id}")
    flash(_("These are your feeds. Older addresses do not work any more."), "ok")
    return redirect(url_for("feed_keys.show"))


@bp.post("/settings/feeds/end")
@login_needed
def end() -> Response:
    with write():
        feed_keys.revoke(member())
        audit.record(member().id, "accounts.end_feeds", f"user:{member().id}")
    flash(_("Your feeds are ended. Their addresses do not work any more."), "ok")
    return redirect(url_for("feed_keys.show"))
