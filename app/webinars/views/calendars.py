"""Calendar files: one webinar to download, feeds to subscribe to."""

from __future__ import annotations

from flask import Blueprint, abort, request
from werkzeug.http import http_date, quote_etag
from werkzeug.wrappers import Response

from app.accounts.login import viewer
from app.core.db import first_or_404, write
from app.core.early_members import Asked, Told, told_early
from app.core.i18n import _, speaking
from app.core.request_limits import count_feed
from app.core.slugs import slugify
from app.core.visitor_pages import is_for_everybody, open_page
from app.notes.action_calendar import action_feed, task_feed
from app.topics.queries import one_readable_topic
from app.webinars import feeds
from app.webinars.calendar_keys import Reader, is_worth_noting, note_use, reader_of
from app.webinars.enums import FeedKind
from app.webinars.errors import CalendarEnded
from app.webinars.events import EventSeen, event_seen
from app.webinars.feeds import SHOWS, CalendarFile, personal_feed

bp = Blueprint("calendars", __name__)

FEED_LANGUAGE = "en"  # one text for all, so that its ETag means something
FRESH = "private, max-age=900"


def kept_download(asked: Asked, webinar_id: int) -> Told | None:
    """The file, if somebody who sees the same had it before and has not got it yet."""
    seen = None if asked.environ.get("HTTP_IF_NONE_MATCH") else event_seen(asked.person, webinar_id)
    file = feeds.kept_download(seen) if seen else None
    if seen is None or file is None:
        return None
    heads = _heads(file, _name(seen)) | {"Vary": "Cookie"}
    return heads, file.content.decode()


@bp.get("/webinars/<int:webinar_id>/calendar.ics")
@open_page(*SHOWS)
@told_early(kept_download, to_anybody=True)
def download(webinar_id: int) -> Response:
    seen = event_seen(viewer(), webinar_id)
    if seen is None:
        abort(404)
    file = feeds.download(viewer(), seen)
    if is_for_everybody():
        return Response(file.content, headers=_kind(_name(seen)))
    return _answer(file, _name(seen))


def _name(seen: EventSeen) -> str:
    return f'attachment; filename="{slugify(seen.title)}.ics"'


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


@bp.get("/series/<int:series_id>-<slug>/calendar.ics")
def series_feed(series_id: int, slug: str) -> Response:
    """No redirect for a wrong slug: programs that subscribe do not all follow one."""
    with speaking(FEED_LANGUAGE):
        file = feeds.series_feed(series_id) or abort(404)
    return _answer(file, f'inline; filename="series-{series_id}.ics"')


@bp.get("/calendars/<token>.ics")
def personal(token: str) -> Response:
    """One person's own calendar. The key in the address is all that it asks for.

    Actions come as tasks where the address says `todo=1`.
    """
    try:
        found = reader_of(token)
    except CalendarEnded as error:
        return _refusal(str(error), 410)
    if found is None:
        return _refusal(_("There is no calendar at this address."), 404)
    person, key = found
    count_feed(f"user:{person.id}")
    reader_id, kind, name = person.id, key.kind, f'inline; filename="{key.kind}.ics"'
    if is_worth_noting(key):
        with write():
            note_use(reader_id, kind)
    with speaking(person.locale or FEED_LANGUAGE):
        made = _actions(person) if kind is FeedKind.ACTIONS else personal_feed(person, kind)
    return _answer(made, name)


def _actions(person: Reader) -> CalendarFile:
    return task_feed(person) if request.args.get("todo") == "1" else action_feed(person)


def _refusal(words: str, status: int) -> Response:
    """For a program, not for a browser: no page, no cookie."""
    return Response(f"{words}\n", status, content_type="text/plain; charset=utf-8")


def _answer(file: CalendarFile, disposition: str) -> Response:
    """Never compressed: Outlook cannot read a compressed feed.

    A moment alone does not say that a feed is the same: what was taken out of it left none.
    """
    response = Response(file.content, headers=_heads(file, disposition))
    return response.make_conditional(request) if request.if_none_match else response


def _heads(file: CalendarFile, disposition: str) -> dict[str, str]:
    changed = {"Last-Modified": http_date(file.changed_at)} if file.changed_at else {}
    validators = {"Cache-Control": FRESH, "ETag": quote_etag(file.etag)}
    return _kind(disposition) | changed | validators


def _kind(disposition: str) -> dict[str, str]:
    return {"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": disposition}
