"""The network to measure is what it would be had people written it: counts, index, sign-in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import Base, db
from app.core.markup import plain_text, render
from app.demo.crowd.size import Size
from app.demo.crowd.talks import lengths
from app.demo.crowd.writing import Writer, languages
from app.demo.loading import PASSWORD
from app.forum.models import Post, Thread
from app.network.models import City
from app.notes.models import NoteSet, SummaryVersion
from app.notifications.models import Notice
from app.search.models import SearchDocument
from app.search.rebuilding import portion, sources
from app.topics.models import Topic
from app.webinars.models import Registration, Webinar

SMALL = {
    "threads": 40, "posts": 300, "longest": 60, "members": 30,
    "webinars": 4, "registrations": 40, "notes": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer(Random(1))


def load(app: Flask, **counts: int) -> Any:
    options = [part for name, count in counts.items() for part in (f"--{name}", str(count))]
    return app.test_cli_runner().invoke(args=["bench", "load", *options])


def count(thing: type[Base]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(thing)) or 0


def found() -> Iterator[dict[str, Any]]:
    """What building the index anew would keep."""
    for source in sources():
        after, read = 0, 1
        while read:
            documents, read, after = portion(source, after)
            for document in documents:
                values = {**vars(document), **document.refers_to}
                yield {name: value for name, value in values.items() if name != "refers_to"}


def kept(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is kept under the same keys."""
    rows = {row.key: row for row in db.session.scalars(sa.select(SearchDocument))}
    return [
        {name: getattr(rows[document["key"]], name) for name in document} for document in documents
    ]


def test_measured_network_is_as_if_people_had_written_it(app: Flask, client: FlaskClient) -> None:
    assert load(app, **SMALL).exit_code == 0

    tables = [Topic, City, User, Thread, Post, Webinar, Registration, NoteSet, SummaryVersion]
    assert [count(table) for table in tables] == [20, 60, 30, 40, 300, 4, 40, 2, 2]
    recounted = app.test_cli_runner().invoke(args=["forum", "recount", "--check"])
    assert (recounted.exit_code, recounted.output.split("\n")[-2]) == (0, "0 numbers differ.")
    documents = list(found())
    assert kept(documents) == documents
    assert count(SearchDocument) == len(documents)
    assert count(Notice) == 30 * 10

    assert_newest_are_last()
    assert_official_reads_and_writes(client)
    assert load(app).output == ("Error: The database is not empty. Measure in one made for it.\n")


def assert_newest_are_last() -> None:
    """Numbers of rows follow time, as they do where people write."""
    moments = list(db.session.scalars(sa.select(Post.created_at).order_by(Post.id)))
    assert moments == sorted(moments)


def assert_official_reads_and_writes(client: FlaskClient) -> None:
    form = {"email": "official@demo.invalid", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 302
    longest = db.session.scalars(sa.select(Thread).where(Thread.last_number == 60)).one()
    thread = client.get(f"/threads/{longest.id}?page=2").location
    pages = ["/", "/topics", thread, "/search?q=housing", "/notifications"]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    answer = client.post(
        f"/threads/{longest.id}/posts", data={"body": "A reply.", "language": "en"}
    )
    assert (answer.status_code, count(Post)) == (302, 301)


@pytest.mark.any_engine
def test_html_and_words_of_texts_are_what_markdown_makes(writer: Writer) -> None:
    texts = [writer.text(language) for language in languages() for _ in range(12)]

    assert [text.html for text in texts] == [render(text.body).html for text in texts]
    assert [text.plain for text in texts] == [plain_text(text.body) for text in texts]


@pytest.mark.any_engine
def test_texts_are_as_long_as_people_write(writer: Writer) -> None:
    sizes = sorted(len(writer.text(writer.language()).body) for _ in range(2000))

    assert 700 < sum(sizes) / len(sizes) < 900
    assert 500 < sizes[1000] < 700
    assert sizes[-1] > 3_000


@pytest.mark.any_engine
def test_common_words_are_common_and_rare_ones_rare(writer: Writer) -> None:
    texts = [writer.text("en").plain for _ in range(1000)]
    spread = Counter(word for text in texts for word in set(text.casefold().split()))

    assert sum("housing" in text for text in texts) > 200
    assert sum(times == 1 for times in spread.values()) > 300


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "size",
    [Size(threads=40, posts=300, longest=60), Size(threads=1, posts=9), Size(threads=3, posts=3)],
)
def test_threads_hold_all_posts(size: Size) -> None:
    found = lengths(size, Random(1))

    assert (len(found), sum(found), min(found) >= 1) == (size.threads, size.posts, True)
