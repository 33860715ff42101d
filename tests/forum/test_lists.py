"""The list of all conversations: filters are addresses, and tell nothing that is not yours."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.choosing import chosen
from app.forum.enums import FollowLevel, ThreadKind
from app.forum.following import follow_topic
from app.forum.listing import thread_list
from app.forum.models import Tag, ThreadTag
from app.forum.posting import Audience
from app.forum.reach import reach_of
from app.forum.rows import Line, ThreadRow, lines_of, rows_of
from app.forum.wording import answers_wanted, news_count, row_sentence
from app.topics.models import Topic
from app.topics.queries import topics_readable_by
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
Counter = Callable[[], AbstractContextManager[list[str]]]


def rows(viewer: User | None, **asked: str) -> list[Line]:
    topics = db.session.scalars(topics_readable_by(viewer)).all()
    listed = thread_list(viewer, chosen(viewer, asked, topics), 1)
    return lines_of(listed.reach, [row.id for row in listed.page.rows])


def written(viewer: User | None) -> ThreadRow:
    """What the first row says."""
    first = rows(viewer)[0].id
    return rows_of(reach_of(viewer), [first])[first]


def titles(viewer: User | None, **asked: str) -> list[str]:
    return [row.title for row in rows(viewer, **asked)]


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
@pytest.mark.parametrize("count", [1, 31])
def test_statements_do_not_grow_with_rows(
    client: FlaskClient, client_for: SignIn, count_statements: Counter, count: int
) -> None:
    topic = make_topic()
    for number in range(count):
        author = make_user(f"Officer {number}", make_city(f"City{number}"))
        make_reply(make_thread(topic, author, f"Thread number {number}"), make_user())
    browser, found = client_for(make_user()), []
    narrow = "/threads?topic=covid-19-responses&city=city0&state=open&author=officer"

    for who, address in ((client, "/threads"), (browser, "/threads"), (browser, narrow)):
        for _time in ("first", "again"):
            with count_statements() as made:
                who.get(address)
            found.append(len(made))

    assert [*found[:4], found[5]] == [7, 1, 7, 4, 7]


def test_more_rows_are_loaded_into_the_same_list(client: FlaskClient) -> None:
    topic, author = make_topic(), make_user()
    for number in range(31):
        make_thread(topic, author, f"Thread number {number:02}")

    first = client.get("/threads?sort=newest").text
    second = client.get("/threads?sort=newest&page=2").text

    assert (first.count('<article class="row'), second.count('<article class="row')) == (30, 1)
    assert (
        'href="/threads?sort=newest&amp;page=2" hx-get="/threads?sort=newest&amp;page=2"' in first
    )
    assert ("Load more" in second, 'rel="prev"' in second) == (False, True)


def test_orders(app: Flask) -> None:
    topic, author = make_topic(), make_user()
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        old = make_thread(topic, author, "Asked long ago")
    with time_machine.travel(datetime(2026, 1, 2, tzinfo=UTC), tick=False):
        make_thread(topic, author, "Asked yesterday")
    make_reply(old, author)

    found = {
        sort: titles(author, sort=sort)[0] for sort in ("latest", "newest", "oldest", "replies")
    }

    assert found == {
        "latest": "Asked long ago",
        "newest": "Asked yesterday",
        "oldest": "Asked long ago",
        "replies": "Asked long ago",
    }


def test_every_filter_finds_its_own(app: Flask) -> None:
    graz, york = make_city("Graz"), make_city("York", timezone="Europe/London")
    author, other = make_user("Housing officer", graz), make_user("Coordinator", york)
    topic, second = make_topic(), make_topic("housing")
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        make_thread(topic, author, "An old question", kind=ThreadKind.QUESTION, language="de")
    solved = make_thread(second, other, "A solved one", kind=ThreadKind.QUESTION, is_locked=True)
    make_thread(second, other, "A pinned one", is_pinned=True, kind=ThreadKind.PRACTICE)
    with write() as session:
        session.merge(solved).accepted_number = 1
        tag = Tag(topic_id=second.id, slug="rent", names={"en": "Rent"})
        session.add(tag)
        session.flush()
        session.add(ThreadTag(thread_id=solved.id, tag_id=tag.id))
    reader = make_user()

    def only(**asked: str) -> list[str]:
        return sorted(titles(reader, **asked))

    assert only(topic="covid-19-responses") == ["An old question"]
    assert only(author="housing") == ["An old question"]
    assert only(city="Graz") == only(city="graz") == ["An old question"]
    assert only(kind="practice") == only(state="pinned") == ["A pinned one"]
    assert only(language="de") == only(until="2026-01-01") == ["An old question"]
    assert only(state="solved") == only(show="solved") == only(state="locked") == ["A solved one"]
    assert only(state="unsolved") == only(show="unanswered", kind="question", city="graz")
    assert only(tag="rent") == ["A solved one"]
    assert only(since="2026-02-01") == ["A pinned one", "A solved one"]
    assert titles(author, author="me") == ["An old question"]


def test_author_and_city_find_nothing_where_names_are_withheld(app: Flask) -> None:
    author = make_user("Housing officer", make_city("Graz"))
    make_thread(make_topic(), author, "Said in confidence", attribution=Attribution.CHATHAM_HOUSE)
    reader = make_user()

    assert titles(reader) == ["Said in confidence"]
    assert [titles(reader, author="housing"), titles(reader, city="graz")] == [[], []]
    assert titles(author, author="me") == []


def test_names_for_the_network_are_no_filter_for_visitors(app: Flask) -> None:
    author = make_user("Housing officer", make_city("Graz"))
    make_thread(make_topic(), author, "For colleagues", attribution=Attribution.NETWORK)

    assert titles(None) == ["For colleagues"]
    assert [titles(None, author="housing"), titles(None, city="graz")] == [[], []]
    assert titles(make_user(), city="graz") == ["For colleagues"]


def test_a_hidden_topic_is_as_unknown_as_one_that_is_not(client_for: SignIn) -> None:
    insider = make_user()
    hidden = make_topic("secret", [make_group(insider)], visibility=Visibility.HIDDEN)
    make_thread(hidden, insider, "Nobody else knows")
    make_thread(make_topic(), insider, "Everybody knows")

    browser = client_for(make_user())
    pages = [browser.get(f"/threads?topic={slug}").text for slug in ("secret", "no-such")]

    assert pages[0].replace("secret", "no-such").count("no-such") == pages[1].count("no-such")
    assert [("Everybody knows" in page, "Nobody else" in page) for page in pages] == [
        (True, False),
        (True, False),
    ]


def test_counts_and_pages_are_of_what_the_viewer_reads(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    group = make_group(author)
    make_thread(topic, author, "Open to all")
    make_thread(topic, author, "Members", audience=Audience(Visibility.NETWORK))
    make_thread(topic, author, "Group", audience=Audience(Visibility.CLOSED, group.id))
    gone = make_thread(topic, author, "Deleted", deleted_at=utcnow())
    make_thread(topic, author, "Merged", merged_into_id=gone.id)

    choice = chosen(None, {}, [])
    counts = [thread_list(viewer, choice, 1).count for viewer in (None, make_user(), author)]

    assert counts == [1, 2, 3]


def test_a_chip_takes_its_filter_away(client_for: SignIn) -> None:
    make_topic()
    make_city("Graz")
    page = (
        client_for(make_user())
        .get("/threads?topic=covid-19-responses&city=graz&kind=question&show=unanswered")
        .text
    )

    assert 'href="/threads?show=unanswered&amp;city=graz&amp;kind=question"' in page
    assert page.count('class="chip"') == 3
    assert "Nothing matches all of this." in page


@pytest.mark.parametrize(
    "query",
    [
        "?show=x&sort=y&kind=z&state=q&language=xx&since=soon&until=0001-01-01",
        "?city=%00&author=%00%ff&topic=%F0%9F%98%80&tag=%00",
        "?author=%25_%5C&city=" + "x" * 5000,
        "?show=new&show=all&kind=question&kind=practice&page=0&page=x",
        "?since=9999-12-31&until=0000",
        "?author=me&page=99999",
        "?author=%E2%80%AE%D7%A9",
    ],
)
def test_odd_addresses_show_something(client: FlaskClient, client_for: SignIn, query: str) -> None:
    make_thread(make_topic(), make_user())

    assert client.get(f"/threads{query}").status_code == 200
    assert client_for(make_user()).get(f"/threads{query}").status_code == 200


def test_what_is_left_out_is_said(client: FlaskClient) -> None:
    page = client.get("/threads?kind=gossip&city=Atlantis").text

    assert "“gossip” is nothing to choose here and was left out." in page
    assert "No city is called “Atlantis”, so it was left out." in page


def test_muted_topics_are_not_among_all_but_where_they_are_asked_for(app: Flask) -> None:
    author, reader, topic = make_user(), make_user(), make_topic()
    make_thread(topic, author, "Muted")
    make_thread(make_topic("housing"), author, "Heard")
    with write():
        follow_topic(topic.id, reader, FollowLevel.MUTED)

    assert [titles(reader), titles(reader, show="new")] == [["Heard"], ["Heard"]]
    assert titles(reader, topic="covid-19-responses") == ["Muted"]
    assert titles(author) == ["Heard", "Muted"]


def test_a_reply_of_the_asker_is_no_answer(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    asked = make_thread(topic, author, "Does nobody know?", kind=ThreadKind.QUESTION)
    make_thread(topic, author, "Read this", kind=ThreadKind.ANNOUNCEMENT)
    make_reply(asked, author)

    assert titles(author, show="unanswered") == ["Does nobody know?"]
    make_reply(asked, make_user())
    assert titles(author, show="unanswered") == []
    make_reply(asked, author)
    assert titles(author, show="unanswered") == []


def test_a_row_says_who_asked_and_who_replied_last(app: Flask) -> None:
    asker = make_user("Housing officer", make_city("Bremen"))
    thread = make_thread(make_topic(), asker, kind=ThreadKind.QUESTION)
    said = [row_sentence(written(None))]
    make_reply(thread, make_user("Coordinator", make_city("York")))
    said.append(row_sentence(written(None)))
    make_reply(thread, make_user("Office", None))
    said.append(row_sentence(written(None)))

    assert [words.partition(" ")[2][:30] for words in said] == [
        "asked. No reply yet, 1 second ",
        "asked. York replied 1 second a",
        "asked. 2 replies, the last fro",
    ]
    assert said[2].startswith("Bremen asked. 2 replies, the last from Office ")


def test_a_row_without_names_says_so(app: Flask) -> None:
    author = make_user("Housing officer", make_city("Bremen"))
    thread = make_thread(make_topic(), author, attribution=Attribution.CHATHAM_HOUSE)
    make_reply(thread, author)

    words = row_sentence(written(author))

    assert words.startswith("Names withheld. 1 reply,")
    assert "Bremen" not in words


def test_a_row_says_how_long_answers_are_wanted(app: Flask) -> None:
    reader = make_user(timezone="Europe/Brussels")
    with time_machine.travel(datetime(2026, 12, 8, 22, 0, tzinfo=UTC), tick=False):
        ends = datetime(2026, 12, 11, 23, 30, tzinfo=UTC)
        make_thread(make_topic(), reader, kind=ThreadKind.QUESTION, answers_by=ends)
        said = [answers_wanted(written(reader), reader.timezone)]
    with time_machine.travel(ends - timedelta(hours=2), tick=False):
        said.append(answers_wanted(written(reader), reader.timezone))
    with time_machine.travel(ends, tick=False):
        said.append(answers_wanted(written(reader), reader.timezone))

    assert said == [
        "Answers wanted until 12 December, 3 days left.",
        "Answers wanted until 12 December, less than a day left.",
        "",
    ]


def test_news_are_counted_up_to_500(app: Flask) -> None:
    assert [news_count(7), news_count(500), news_count(501)] == ["7", "500", "500+"]


@pytest.mark.parametrize("show", ["all", "new", "following", "unanswered", "solved", "mine"])
def test_an_empty_list_leads_on(client_for: SignIn, show: str) -> None:
    page = client_for(make_user()).get(f"/threads?show={show}").text

    assert page.count('class="empty"') == 1
    assert "Ask a question" in page


def test_topic_page_narrows_its_own_threads(client: FlaskClient) -> None:
    topic: Topic = make_topic()
    make_thread(topic, make_user(), "Something that works", kind=ThreadKind.PRACTICE)
    make_thread(topic, make_user(), "Something to ask", kind=ThreadKind.QUESTION)

    page = client.get("/topics/covid-19-responses?kind=practice").text

    assert ("Something that works" in page, "Something to ask" in page) == (True, False)
    assert 'class="chip" href="/topics/covid-19-responses"' in page
