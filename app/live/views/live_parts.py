"""What goes on in the live hour, asked by every open join page every ten seconds."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from app.accounts.login import viewer
from app.core.db import first_or_404
from app.core.personal_links import private, token_read
from app.core.request_limits import count_link, count_visitor, counts_visitors
from app.live import looking
from app.live.looking import Look
from app.live.views._parts import Visit, parts_of, tag_of
from app.webinars.attending import webinar_to_join

bp = Blueprint("live_parts", __name__)


@bp.get("/webinars/<int:webinar_id>/live")
@counts_visitors
def show(webinar_id: int) -> Response:
    """304 while nothing happened: then nothing is rendered, and at most three statements asked."""
    token = token_read(request.args.get("t"))
    seen = looking.look(webinar_id, viewer(), token)
    _count(seen, token)
    visit = _visit(seen, webinar_id, token)
    tag = tag_of(visit)
    if request.if_none_match.contains_weak(tag):
        answer = private("", 304)
    else:
        answer = private(parts_of(visit))
    answer.set_etag(tag)
    if not token:
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _visit(seen: Look | None, webinar_id: int, token: str) -> Visit:
    """404 for whoever does not see the webinar, 403 for whoever does not belong there."""
    person = viewer()
    by_link = seen is not None and seen.came_by_link
    if not by_link and not looking.is_visible(webinar_id, person):
        first_or_404(webinar_to_join(person, webinar_id, token))
    if seen is None:
        abort(404)
    entrance = seen.entrance(person)
    if entrance.is_stranger:
        abort(403)
    return Visit(seen, entrance, token)


def _count(seen: Look | None, token: str) -> None:
    if viewer() is not None:
        return
    if seen is not None and (seen.came_by_link or seen.speaks):
        count_link(token)
    else:
        count_visitor(request.environ)
