"""A year of a topic in one file: what is in it, for whom, and how it is sent."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Visibility
from app.core.fragments import fragments
from app.notes import deciding
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet, SummaryVersion
from app.topics.models import Topic
from app.webinars.models import Webinar
from tests.factories import make_group, make_topic, make_user
from tests.factories_notes import make_summary, note_at, publish, save
from tests.factories_webinars import make_organiser, make_webinar
from tests.notes.test_summary_files import rows
from tests.notes.test_summary_pages import inside

SignIn = Callable[[User], FlaskClient]
SECRET = "Landlordwords"


def held(topic: Topic, days: int = 0, **changes: Any) -> SummaryVersion:
    """A summary of a webinar of this year, in its middle and some days later."""
    middle = utcnow().replace(month=6, day=15, hour=10, minute=0) - utcnow()
    return make_summary(topic_id=topic.id, starts_in=middle + timedelta(days=days), **changes)


def address(topic: Topic, year: int | None = None) -> str:
    return f"/topics/{topic.slug}/summaries-{year or utcnow().year}.zip"


def files(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_year_has_each_summary_and_a_page_that_leads_to_it(client: FlaskClient) -> None:
    topic = make_topic("housing")
    first, second = held(topic, title="Räte & Städte <1>"), held(topic, days=3)
    with write():
        deciding.decide(first.note_set, "Meet monthly", note_at(first.note_set, 1))
    publish(first.note_set, make_organiser("Other"), "A decision")

    answer = client.get(address(topic))

    year = utcnow().year
    found = files(answer.data)
    names = [f"{year}-06-15_rate-stadte-1_v1-1_en", f"{year}-06-18_counting-together_v1-0_en"]
    assert list(found) == [
        "index.html", "decisions.csv", "actions.csv",
        *(f"{name}.{form}" for name in names for form in ("pdf", "md")),
    ]  # fmt: skip
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="summaries_housing-{year}.zip"'
    )
    links = re.findall(r'href="([^"]+)"', found["index.html"].decode())
    assert set(links) == set(found) - {"index.html"}
    assert rows(found["decisions.csv"])[1][1] == "Meet monthly"
    assert second.note_set.webinar.title in inside(found[f"{names[1]}.pdf"], "pdf")


def test_each_reader_has_what_they_may_read(app: Flask, client_for: SignIn) -> None:
    topic, insider = make_topic("housing"), make_user("Practitioner")
    make_group(insider)
    held(topic, closed=f"{SECRET} were hard")
    hidden = held(topic, days=1, title="Behind doors")
    with write():
        hidden.note_set.webinar.visibility = Visibility.HIDDEN

    outside, own = (
        files(browser.get(address(topic)).data)
        for browser in (app.test_client(), client_for(insider))
    )

    def readable(found: dict[str, bytes]) -> str:
        return "".join(inside(data, name.rpartition(".")[2]) for name, data in found.items())

    assert (SECRET in readable(outside), SECRET in readable(own)) == (False, True)
    assert ("Behind doors" in readable(outside) + readable(own)) is False
    assert "do not pass it on" in own["index.html"].decode()


def test_webinars_of_one_name_and_day_are_two_files(client: FlaskClient) -> None:
    topic = make_topic("housing")
    held(topic)
    held(topic)

    assert len(files(client.get(address(topic)).data)) == 3 + 2 * 2


@pytest.mark.parametrize("year", [1800, 1999, 99999])
def test_year_without_summaries_is_no_file(client: FlaskClient, year: int) -> None:
    topic = make_topic("housing")
    held(topic)

    assert client.get(address(topic, year)).status_code == 404


def test_topic_that_is_hidden_is_no_file(client: FlaskClient) -> None:
    topic = make_topic("housing")
    held(topic)
    with write():
        topic.visibility = Visibility.HIDDEN

    codes = [client.get(one).status_code for one in (address(topic), "/topics/housing/summaries")]
    assert codes == [404, 404]


def test_unchanged_year_is_not_sent_again(client: FlaskClient) -> None:
    topic = make_topic("housing")
    version = held(topic)
    tag = client.get(address(topic)).headers["ETag"]

    again = client.get(address(topic), headers={"If-None-Match": tag})
    organiser = make_organiser("Other")
    save(note_at(version.note_set, 1), "New", organiser)
    publish(version.note_set, organiser, "New")
    later = client.get(address(topic), headers={"If-None-Match": tag})

    assert (again.status_code, again.data, later.status_code) == (304, b"", 200)


def test_head_says_what_get_would(client: FlaskClient) -> None:
    topic = make_topic("housing")
    held(topic)

    head, got = client.head(address(topic)), client.get(address(topic))

    same = ("Content-Type", "Content-Disposition", "ETag", "Content-Length")
    assert [head.headers.get(one) for one in same] == [got.headers.get(one) for one in same]
    assert (head.data, int(got.headers["Content-Length"])) == (b"", len(got.data))


def test_second_download_writes_no_file_again(client: FlaskClient) -> None:
    topic = make_topic("housing")
    held(topic)
    first = client.get(address(topic)).data
    misses = fragments().misses

    assert (client.get(address(topic)).data, fragments().misses) == (first, misses)


def test_who_asks_for_too_many_waits(app: Flask, client: FlaskClient) -> None:
    topic = make_topic("housing")
    held(topic)
    path = address(topic)
    app.config["REQUEST_LIMITS"] = True
    try:
        codes = [
            client.get(path, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code
            for _ in range(21)
        ]
    finally:
        app.config["REQUEST_LIMITS"] = False

    assert (codes[:20], codes[20]) == ([200] * 20, 429)


def test_page_of_years_leads_to_the_files(client: FlaskClient) -> None:
    topic, empty = make_topic("housing"), make_topic("water")
    held(topic)
    alone = client.get("/topics/housing/summaries").text
    held(topic, days=1)

    page = client.get("/topics/housing/summaries").text

    year = utcnow().year
    assert re.findall(r'href="([^"]+\.zip)"', page) == [address(topic)]
    assert f"{year}, one summary (ZIP)" in alone
    assert f"{year}, 2 summaries (ZIP)" in page
    assert "No summary is published yet." in client.get("/topics/water/summaries").text
    assert "/topics/housing/summaries" in client.get("/topics/housing").text
    assert empty.slug in client.get("/topics/water").text
    knowledge = client.get("/knowledge").text
    assert re.findall(r'href="(/topics/\w+/summaries)"', knowledge) == ["/topics/housing/summaries"]


@pytest.mark.parametrize("count", [1, 30])
def test_page_of_years_takes_the_same_few_statements(
    client: FlaskClient, count_statements: Any, count: int
) -> None:
    topic, organiser = make_topic("housing"), make_organiser()
    webinars = [make_webinar(organiser=organiser, topic_id=topic.id) for _ in range(count)]
    with write() as session:
        for webinar in webinars:
            session.add(published(webinar))
    client.get("/topics/housing/summaries")
    with count_statements() as found:
        page = client.get("/topics/housing/summaries").text

    assert len(found) == 2
    assert page.count(".zip") >= 1


def published(webinar: Webinar) -> SummaryVersion:
    """A version with nothing in it: lists do not look into it."""
    now = utcnow()
    status = NotesStatus.PUBLISHED
    note_set = NoteSet(webinar_id=webinar.id, language="en", status=status, created_at=now)
    return SummaryVersion(note_set=note_set, major=1, minor=0, document={}, public_document={},
                          published_at=now)  # fmt: skip
