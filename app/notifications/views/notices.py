"""The page of what is new for one person, and the number at the bell."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import db, first_or_404, write
from app.core.i18n import _
from app.core.pagination import page_number
from app.core.undo import flash_with_undo
from app.notes.queries import one_summary
from app.notifications import marking
from app.notifications.enums import NoticeKind
from app.notifications.lining import Target, places_for, target_of
from app.notifications.queries import one_notice, unread_count

bp = Blueprint("notices", __name__)


@bp.get("/notifications")
@login_needed
def index() -> str:
    page = places_for(member(), page_number(request.args.get("page")))
    return render_template("notifications/index.html", page=page)


@bp.get("/notifications/count")
@login_needed
def count() -> Response:
    """The number at the bell, for pages that stay open; unchanged, it costs 304."""
    html = render_template("notifications/_bell_count.html", unread=unread_count(member()))
    response = Response(html, mimetype="text/html")
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/notifications/<int:notice_id>")
@login_needed
def show(notice_id: int) -> Response:
    """Go to what a notice is about; seen with that, unless a browser fetched it in advance."""
    notice = first_or_404(one_notice(member(), notice_id))
    target = target_of(member(), notice)
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "").lower():
        with write():
            marking.mark_notice(first_or_404(one_notice(member(), notice_id)))
    if notice.kind == NoticeKind.SUMMARY and _has_summary(target.webinar_id):
        return redirect(url_for("summaries.show", webinar_id=target.webinar_id))
    if notice.kind == NoticeKind.NOTE_TAKER:
        return redirect(url_for("notes.show", webinar_id=target.webinar_id))
    return redirect(_address(target))


@bp.post("/notifications/read")
@login_needed
def read_all() -> Response:
    with write():
        moment = marking.mark_all(member())
    back = url_for("notices.undo_read")
    flash_with_undo(_("All notices are marked as read."), back, moment=moment.isoformat())
    return redirect(url_for("notices.index"))


@bp.post("/notifications/unread")
@login_needed
def undo_read() -> Response:
    """Undo "Mark all as read"."""
    moment = _moment(request.form.get("moment", ""))
    if moment is not None:
        with write():
            marking.unmark(member(), moment)
        flash(_("They are new again."), "ok")
    return redirect(url_for("notices.index"))


def _address(target: Target) -> str:
    if target.conversation_id is not None:
        return url_for("messages.show", conversation_id=target.conversation_id)
    if target.webinar_id is not None:
        return url_for("webinars.show", webinar_id=target.webinar_id)
    if target.number is not None:
        return url_for("permalinks.show", thread_id=target.thread_id, number=target.number)
    return url_for("threads.show", thread_id=target.thread_id)


def _moment(read: str) -> datetime | None:
    """What the button carried; None for anything else."""
    try:
        moment = datetime.fromisoformat(read)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _has_summary(webinar_id: int | None) -> bool:
    """It may have been taken back; then the webinar's page is what there is."""
    found = one_summary(member(), webinar_id or 0)
    return db.session.scalars(found).first() is not None
