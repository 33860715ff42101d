"""What is new, for feed readers: for anyone, and for one person by the key in the address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.feed_keys import (
    Reader,
    feed_key_of,
    feed_token,
    is_worth_noting,
    note_use,
    reader_of,
)
from app.accounts.login import login_needed, member, viewer
from app.core.atom import Feed, atom
from app.core.db import first_or_404, write
from app.core.forms import tidy
from app.core.links import absolute_url
from app.core.request_limits import count_feed, count_search
from app.core.visitor_pages import open_page
from app.forum.feeding import FedThread, fed_thread
from app.forum.filtering import NARROWS
from app.forum.queries import one_thread
from app.home.feeding import search_feed, thread_feed, topic_feed
from app.topics.queries import one_readable_topic

bp = Blueprint("feeds", __name__)
personal = Blueprint("personal_feeds", __name__, url_prefix="/feeds/<token>")

LONGEST_QUESTION = 300
SHOWN = ("forum", "people", "topics", "network")
SOUGHT = {"q", *NARROWS}


@bp.get("/topics/<slug>/feed.atom")
@open_page(*SHOWN)
def show(slug: str) -> Response:
    """Public threads only, whoever asks: a feed's address gets around."""
    topic = first_or_404(one_readable_topic(None, slug))
    return _answer(topic_feed(None, topic, absolute_url("feeds.show", slug=slug)))


@bp.get("/threads/<int:thread_id>/feed.atom")
@open_page(*SHOWN)
def thread(thread_id: int) -> Response:
    address = absolute_url("feeds.thread", thread_id=thread_id)
    return _answer(thread_feed(_fed_to(None, thread_id), address))


@bp.get("/search.atom")
def search() -> Response:
    count_search(None)
    sought = _sought()
    return _answer(search_feed(None, sought, absolute_url("feeds.search", **sought)))


@personal.get("/latest.atom")
def latest(token: str) -> Response:
    """All topics this person reads."""
    reader = _reader(token)
    return _answer(topic_feed(reader, None, _own("latest", token=token)))


@personal.get("/topics/<slug>.atom")
def topic(token: str, slug: str) -> Response:
    reader = _reader(token)
    found = first_or_404(one_readable_topic(reader, slug))
    return _answer(topic_feed(reader, found, _own("topic", token=token, slug=slug)))


@personal.get("/threads/<int:thread_id>.atom", endpoint="thread")
def thread_of(token: str, thread_id: int) -> Response:
    reader = _reader(token)
    address = _own("thread", token=token, thread_id=thread_id)
    return _answer(thread_feed(_fed_to(reader, thread_id), address))


@personal.get("/search.atom", endpoint="search")
def search_of(token: str) -> Response:
    reader = _reader(token)
    sought = _sought()
    return _answer(search_feed(reader, sought, _own("search", token=token, **sought)))


@bp.get("/threads/<int:thread_id>/own-feed")
@login_needed
def own_thread(thread_id: int) -> Response:
    """From the page of a thread to the reader's own feed of it."""
    first_or_404(one_thread(viewer(), thread_id))
    return _to_own("personal_feeds.thread", thread_id=thread_id)


@bp.get("/search/own-feed")
@login_needed
def own_search() -> Response:
    """From a search to the reader's own feed of it."""
    return _to_own("personal_feeds.search", **_sought())


def _to_own(endpoint: str, **values: Any) -> Response:
    """Who has no key yet is shown what one is."""
    key = feed_key_of(member())
    if key is None:
        return redirect(url_for("feed_keys.show"))
    return redirect(url_for(endpoint, token=feed_token(key), **values))


def _reader(token: str) -> Reader:
    """Whose key this is. A forged or ended one opens nothing: 404."""
    found = reader_of(token)
    if found is None:
        raise NotFound
    person, key = found
    count_feed(f"user:{person.id}")
    if is_worth_noting(key):
        user_id = person.id
        with write():
            note_use(user_id)
    return person


def _fed_to(reader: Reader | None, thread_id: int) -> FedThread:
    """What this reader does not see is not found."""
    found = fed_thread(reader, thread_id)
    if found is None:
        raise NotFound
    return found


def _sought() -> dict[str, str]:
    """What the page of a search has in its address: words and filters, nothing else."""
    asked = {"q": request.args.get("q", "")} | request.args.to_dict()
    return {name: tidy(value[:LONGEST_QUESTION]) for name, value in asked.items() if name in SOUGHT}


def _own(name: str, **values: str | int) -> str:
    return absolute_url(f"personal_feeds.{name}", **values)


def _answer(feed: Feed) -> Response:
    response = Response(atom(feed), mimetype="application/atom+xml")
    response.add_etag()
    return response.make_conditional(request)
