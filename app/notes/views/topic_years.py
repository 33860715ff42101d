"""The summaries of a topic, a year in one file."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from werkzeug.wsgi import wrap_file

from app.accounts.login import viewer
from app.core.db import first_or_404
from app.core.request_limits import count_archive
from app.notes import topic_years
from app.topics.queries import one_readable_topic

bp = Blueprint("topic_years", __name__)

FIRST, LAST = 1900, 2999
IN_MEMORY = 1 << 20  # bytes; larger files wait on the disk


@bp.get("/topics/<slug>/summaries")
def index(slug: str) -> str:
    topic = _topic(slug)
    years = topic_years.years_by_topic(viewer()).get(topic.id, [])
    return render_template(
        "notes/topic_years.html", topic=topic, years=years, most=topic_years.MOST
    )


@bp.get("/topics/<slug>/summaries-<int:year>.zip")
def download(slug: str, year: int) -> Response:
    if not FIRST <= year <= LAST:
        abort(404)
    found = topic_years.year_of(viewer(), _topic(slug), year)
    if not found.entries:
        abort(404)
    answer = make_response()
    answer.set_etag(found.etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    if request.if_none_match.contains(found.etag):
        answer.status_code = 304
        return answer
    return _sent(answer, found)


def _sent(answer: Response, found: topic_years.Year) -> Response:
    """Packed whole before the first byte goes out: what fails is an error, not half a file, and
    no slow reader keeps the database waiting."""
    reader = viewer()
    count_archive(reader.id if reader else None)
    archive = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed after the answer
    topic_years.pack(found, archive)
    answer.content_length = archive.tell()
    archive.seek(0)
    answer.response = wrap_file(request.environ, archive)
    answer.direct_passthrough = True
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="summaries_{found.folder}.zip"'
    return answer


def _topic(slug: str) -> Any:
    return first_or_404(one_readable_topic(viewer(), slug))
