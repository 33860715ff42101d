"""Posts with what hangs on each: its place in the search index, responses to it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from types import SimpleNamespace
from typing import Any

from app.core.stocking import PORTION, stock
from app.demo.crowd.size import RESPONSE_EVERY, Crowd
from app.demo.crowd.talks import KINDS, Talk, moment, names_of, topic_of
from app.demo.crowd.writing import Text, Writer
from app.forum.enums import ResponseKind, Standing
from app.forum.models import Post
from app.forum.reader_models import PostResponse
from app.search.documents import LABELS_BEGIN
from app.search.facts import facts_of_post
from app.search.models import FoundKind, SearchDocument

Row = dict[str, Any]
RESPONSES = list(ResponseKind)


def write_posts(
    crowd: Crowd, places: Iterator[tuple[Talk, int]], after: int, most: int, writer: Writer
) -> Iterator[int]:
    """The next `most` posts, the first of them with number `after` among all (0 for the first)."""
    left = most
    while left and (portion := list(islice(places, min(left, PORTION)))):
        rows = [
            (talk, number, crowd.post + after + index, writer.text(_language(talk, writer)))
            for index, (talk, number) in enumerate(portion)
        ]
        yield from stock(Post, (_post(crowd, *row) for row in rows))
        yield from stock(SearchDocument, (_document(crowd, *row) for row in rows))
        answered = [row for row in rows if has_response(row[2])]
        yield from stock(PostResponse, (_response(crowd, *row[:3]) for row in answered))
        after, left = after + len(portion), left - len(portion)


def has_response(post_id: int) -> bool:
    return post_id % RESPONSE_EVERY == 0


def _language(talk: Talk, writer: Writer) -> str:
    """Most answer in the language of the thread."""
    return talk.language if writer.chance.random() < 0.8 else "en"


def _post(crowd: Crowd, talk: Talk, number: int, post_id: int, text: Text) -> Row:
    author = crowd.author(talk.number, number)
    return {
        "id": post_id,
        "thread_id": crowd.thread + talk.number,
        "number": number,
        "author_id": crowd.user + author,
        "seat_id": crowd.seat + author,
        "standing": Standing.STAFF,
        "language": text.language,
        "body": text.body,
        "html": text.html,
        "renderer": text.renderer,
        "revision": 1,
        "reply_to": number - 1 if number > 2 and number % 5 == 0 else None,
        "is_wiki": False,
        "file_count": 0,
        "response_count": int(has_response(post_id)),
        "hidden_reason": "",
        "created_at": moment(crowd, talk, number),
    }


def _document(crowd: Crowd, talk: Talk, number: int, post_id: int, text: Text) -> Row:
    """What `search.documents.document_of_post` would say of it (a test compares them)."""
    labels = " / ".join(dict.fromkeys(names_of(topic_of(talk)).values()))
    return {
        "kind": FoundKind.POST,
        "key": f"{FoundKind.POST.value}:{post_id}",
        "thread_id": crowd.thread + talk.number,
        "post_id": post_id,
        "title": talk.title if number == 1 else "",
        "body": f"{text.plain}\n{LABELS_BEGIN}{labels}" if number == 1 else text.plain,
        "language": text.language,
        "happened_at": moment(crowd, talk, number),
        "facts": _facts(crowd, talk, number, text),
    }


def _facts(crowd: Crowd, talk: Talk, number: int, text: Text) -> str:
    row = SimpleNamespace(
        number=number,
        thread_id=crowd.thread + talk.number,
        author_id=crowd.user + crowd.author(talk.number, number),
        seat_id=crowd.seat + crowd.author(talk.number, number),
        language=text.language,
        created_at=moment(crowd, talk, number),
        title=talk.title,
        topic_id=crowd.topic + topic_of(talk),
        kind=KINDS[talk.number % len(KINDS)],
        accepted_number=talk.accepted,
        started_by=crowd.user + crowd.author(talk.number, 1),
    )
    return facts_of_post(row, ())


def _response(crowd: Crowd, talk: Talk, number: int, post_id: int) -> Row:
    reader = crowd.author(talk.number + 1, number + 1)
    return {
        "post_id": post_id,
        "user_id": crowd.user + reader,
        "kind": RESPONSES[post_id // RESPONSE_EVERY % len(RESPONSES)],
        "city_id": crowd.city_of(reader),
        "created_at": moment(crowd, talk, number),
    }
