"""Calendar files: one webinar to download, feeds to subscribe to."""

from __future__ import annotations

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from app.accounts.login import viewer
from app.core.db import first_or_404
from app.core.i18n import speaking
from app.core.slugs import slugify
from app.topics.queries import one_readable_topic
from app.webinars import feeds
from app.webinars.events import event_seen
from app.webinars.feeds import CalendarFile

bp = Blueprint("calendars", __name__)

FEED_LANGUAGE = "en"  # one text for all, so that its ETag means something
FRESH = "private, max-age=900"


@bp.get("/webinars/<int:webinar_id>/calendar.ics")
def download(webinar_id: int) -> Response:
    seen = event_seen(viewer(), webinar_id)
    if seen is None:
        abort(404)
    name = f"{slugify(seen.title)}.ics"
    return _answer(feeds.download(viewer(), seen), f'attachment; filename="{name}"')


@bp.get("/calendars/public.ics")
def public_feed() -> Response:
    with speaking(FEED_LANGUAGE):
        return _answer(feeds.public_feed(), 'inline; filename="interurban.ics"')


@bp.get("/topics/<slug>/calendar.ics")
def topic_feed(slug: str) -> Response:
    if not slug.isprintable():
        abort(404)
    topic = first_or_404(one_readable_topic(None, slug))
    with speaking(FEED_LANGUAGE):
        return _answer(feeds.topic_feed(topic), f'inline; filename="{topic.slug}.ics"')


def _answer(file: CalendarFile, disposition: str) -> Response:
    """Never compressed: Outlook cannot read a compressed feed."""
    response = Response(file.content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = disposition
    response.headers["Cache-Control"] = FRESH
    response.set_etag(file.etag)
    response.last_modified = file.changed_at
    return response.make_conditional(request)
