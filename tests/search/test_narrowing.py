"""Filters of a search: fields and operators say the same, and count only what is yours to read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.accepting import accept
from app.forum.curating.tagging import make_tag, put_tags
from app.forum.deleting import delete_post, delete_thread, restore_post
from app.forum.enums import ThreadKind
from app.forum.models import Post, Thread
from app.forum.overviewing import save_overview
from app.forum.posting import Audience, text_of
from app.forum.signals import thread_changed
from app.search.facets import facets_of, hidden_by_each
from app.search.finding import asked_by, find, found_for
from app.search.parsing import Term, parse, read
from app.search.ranking import HITS_ON_A_PAGE
from app.search.receivers import on_webinar_changed
from app.search.statement import backend
from app.topics.models import Topic
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread
from tests.factories_webinars import make_webinar

SignIn = Callable[[User], FlaskClient]


def keys(viewer: User | None, typed: str, **fields: str) -> list[str]:
    """Thread title and post number of each hit."""
    db.session.rollback()
    found = found_for(asked_by(viewer, typed, fields))
    return sorted(f"{hit.post.title} {hit.post.number}" for hit in found.hits if hit.post)


@pytest.mark.parametrize(
    ("typed", "words", "fields", "unknown"),
    [
        ("shelter topic:housing", "shelter", {"topic": "housing"}, []),
        ('author:"Office, Graz" rent', "rent", {"author": "Office, Graz"}, []),
        ("status:solved lang:de", "", {"state": "solved", "language": "de"}, []),
        ("AFTER:2026-01-01 before:30d x", "x", {"since": "2026-01-01", "until": "30d"}, []),
        ("has:poll shelter", "has:poll shelter", {}, ["has:"]),
        ("-topic:housing", "-topic:housing", {}, ["-topic:"]),
        ("https://example.org 10:30 Re: it", "https://example.org 10:30 Re: it", {}, []),
        ("city:graz city:york", "", {"city": "york"}, []),
    ],
)
def test_operators_are_taken_out_of_the_words(
    typed: str, words: str, fields: dict[str, str], unknown: list[str]
) -> None:
    said = read(typed)

    assert (said.words, said.fields, said.unknown) == (words, fields, unknown)


def test_or_joins_its_neighbours() -> None:
    query = parse("rent OR housing shelter OR night -winter")

    groups = [[term.words[0] for term in group] for group in query.groups]
    assert groups == [["rent", "housing"], ["shelter", "night"]]
    assert parse("OR rent OR").terms == (Term(("rent",)),)
    assert parse("rent or housing").groups[1][0].words == ("or",)


@pytest.mark.parametrize(
    ("typed", "is_enough"),
    [("ab", False), ("abc", True), ("住", False), ("住房", True), ("a b c", True), ("-abc", False)],
)
def test_too_little_is_not_searched(typed: str, is_enough: bool) -> None:
    query = parse(typed)

    assert (bool(query.wanted) and query.is_long_enough) == is_enough


def test_one_or_the_other_is_found(app: Flask) -> None:
    topic, author = make_topic(), make_user()
    for title in ("About rent control", "About housing first", "About night buses"):
        make_thread(topic, author, title, "Text.")

    assert keys(author, "rent OR housing") == ["About housing first 1", "About rent control 1"]
    assert keys(author, "about rent OR buses") == ["About night buses 1", "About rent control 1"]
    assert keys(author, "rent OR housing -first") == ["About rent control 1"]


class Cast:
    """A network where the same word was written in many ways."""

    def __init__(self) -> None:
        self.graz, self.york = make_city("Graz"), make_city("York")
        self.asker = make_user("Housing officer", self.graz)
        self.other = make_user("Coordinator", self.york)
        self.topic, self.second = make_topic(), make_topic("housing")
        with time_machine.travel(datetime(2025, 1, 1, tzinfo=UTC), tick=False):
            self.old = make_thread(
                self.topic, self.asker, "Old shelter", kind=ThreadKind.QUESTION, language="de"
            )
        self.new = make_thread(self.second, self.other, "New shelter", is_locked=True)
        with write():
            thread = db.session.get_one(Thread, self.new.id)
            tag = make_tag(db.session.get_one(Topic, self.second.id), {"en": "Winter"}, self.other)
            put_tags(thread, [tag])
            thread_changed.send(thread)


def test_fields_and_operators_find_the_same(app: Flask) -> None:
    cast = Cast()
    reader = make_user()
    old, new = ["Old shelter 1"], ["New shelter 1"]

    expected = [
        ("topic", "topic", "housing", new),
        ("author", "author", "housing", old),
        ("city", "city", "york", new),
        ("kind", "kind", "question", old),
        ("state", "status", "locked", new),
        ("language", "lang", "de", old),
        ("since", "after", "2025-06-01", new),
        ("since", "after", "30d", new),
        ("until", "before", "2025-06-01", old),
        ("state", "status", "open", old),
        ("state", "status", "unanswered", [*new, *old]),
        ("state", "status", "unsolved", old),
        ("state", "status", "solved", []),
        ("state", "status", "pinned", []),
        ("tag", "tag", "winter", new),
        ("tag", "tag", "summer", []),
        ("topic", "topic", "no-such-topic", [*new, *old]),
    ]
    for name, operator, value, titles in expected:
        assert keys(reader, "shelter", **{name: value}) == titles, name
        assert keys(reader, f"shelter {operator}:{value}") == titles, operator
    assert keys(reader, "winter") == new
    assert keys(cast.asker, "shelter author:me") == old


def test_withheld_names_are_no_filter(app: Flask) -> None:
    author = make_user("Housing officer", make_city("Graz"))
    make_thread(make_topic(), author, "Shelter", attribution=Attribution.CHATHAM_HOUSE)
    reader = make_user()

    assert keys(reader, "shelter") == ["Shelter 1"]
    assert [keys(reader, "shelter author:housing"), keys(reader, "shelter city:graz")] == [[], []]
    assert keys(author, "shelter author:me") == []
    asked = asked_by(reader, "shelter author:housing")
    assert hidden_by_each(asked) == {"author": 1}


def test_counts_and_facets_hold_only_what_the_viewer_reads(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    group = make_group(author)
    hidden = make_topic("secret", [group], visibility=Visibility.HIDDEN)
    make_thread(topic, author, "Shelter for all", language="de")
    make_thread(topic, author, "Shelter inside", audience=Audience(Visibility.NETWORK))
    make_thread(hidden, author, "Shelter hidden", kind=ThreadKind.QUESTION, language="fr")
    make_thread(topic, author, "Shelter deleted", deleted_at=utcnow(), language="pl")
    viewers = (None, make_user("Waiting", approved_at=None), make_user(), author)

    facets = [facets_of(find(viewer, "shelter")) for viewer in viewers]
    counts = [find(viewer, "shelter").counts["conversations"] for viewer in viewers]

    assert counts == [1, 1, 2, 3]
    assert [sum(one.topic.values()) for one in facets] == counts
    assert [sum(one.kind.values()) for one in facets] == counts
    assert [sorted(one.language) for one in facets] == [
        ["de"],
        ["de"],
        ["de", "en"],
        ["de", "en", "fr"],
    ]
    assert facets[2].topic == {"covid-19-responses": 2}
    assert facets_of(find(None, "shelter kind:question")).topic == {}
    strict = asked_by(None, "shelter lang:fr")
    assert hidden_by_each(strict) == {"language": 1}


def test_filters_only_threads_have_leave_other_kinds_out(app: Flask) -> None:
    topic = make_topic()
    author = make_user()
    make_thread(topic, author, "Shelter")
    for slug in ("covid-19-responses", "housing"):
        webinar = make_webinar("Shelter counts", topic=topic if slug != "housing" else None)
        with write():
            on_webinar_changed(db.session.merge(webinar))

    def counted(typed: str) -> tuple[int, int]:
        counts = find(author, typed).counts
        return counts["conversations"], counts["webinars"]

    assert counted("shelter") == (1, 2)
    assert counted("shelter kind:discussion") == (1, 0)
    assert counted("shelter topic:covid-19-responses") == (1, 1)
    assert counted("shelter lang:de") == (0, 0)
    assert counted("shelter after:2020-01-01") == (1, 2)
    assert counted("shelter before:2020-01-01") == (0, 0)


def test_deleted_and_hidden_posts_vanish_at_once_and_come_back(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    thread = make_thread(topic, author, "Counters")
    reply = make_reply(thread, author, "We opened a shelter.")

    assert keys(author, "shelter") == ["Counters 2"]
    with write():
        delete_post(db.session.get_one(Post, reply.id), author)
    assert keys(author, "shelter") == []
    with write():
        restore_post(db.session.get_one(Post, reply.id))
    assert keys(author, "shelter") == ["Counters 2"]
    with write():  # without a signal: the statement itself asks
        db.session.get_one(Post, reply.id).hidden_at = utcnow()
    assert keys(author, "shelter") == []
    with write():
        delete_thread(db.session.get_one(Thread, thread.id))
    assert keys(author, "counters") == []


def test_where_a_conversation_stands_is_found(app: Flask) -> None:
    author = make_user()
    thread = make_thread(make_topic(), author, "Counters")
    for revision, body in enumerate(("Most cities kept a trolley.", "Most cities kept a bus.")):
        with write():
            save_overview(db.session.get_one(Thread, thread.id), author, text_of(body), revision)

    hit = find(None, "cities bus").hits[0]

    assert (hit.is_overview, hit.title, hit.post.number) == (True, "Counters", 1)
    assert find(None, "trolley").hits == []
    db.session.rollback()
    app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert [one.is_overview for one in find(None, "cities bus").hits] == [True]


def test_the_accepted_answer_and_the_new_come_first(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    with time_machine.travel(utcnow() - timedelta(days=800), tick=False):
        make_thread(topic, author, "Long ago", "We opened a shelter for the winter.")
    make_thread(topic, author, "Lately", "We opened a shelter for the winter.")
    thread = make_thread(topic, author, "Which one?", "Text.", kind=ThreadKind.QUESTION)
    answer = make_reply(thread, make_user(), "We opened a shelter for the winter.")
    make_reply(thread, make_user(), "We opened a shelter for the winter.")

    def order() -> list[str]:
        hits = find(author, "shelter winter").hits
        return [f"{hit.post.title} {hit.post.number}" for hit in hits if hit.post]

    assert order()[-1] == "Long ago 1"
    with write():
        accept(db.session.get_one(Post, answer.id), author)
    assert order() == ["Which one? 2", "Which one? 3", "Lately 1", "Long ago 1"]


def test_the_page_shows_chips_facets_and_what_hides(client_for: SignIn) -> None:
    Cast()
    browser = client_for(make_user())

    page = browser.get("/search?q=shelter city:york").text
    empty = browser.get("/search?q=shelter&city=york&language=de").text

    assert 'class="chip" href="/search?q=shelter"' in page
    assert 'name="q" value="shelter"' in page
    assert "Where the conversations are" in page
    assert "Without “Language: German”: 1 result" in empty
    assert "Without “City: York”: 1 result" in empty
    assert 'href="/threads/new?title=shelter&amp;kind=question"' in empty
    assert "Showing results for" not in page + empty


def test_hints_for_short_and_unknown_words(client: FlaskClient) -> None:
    make_topic()

    assert "Write at least three letters." in client.get("/search?q=ab").text
    assert "“has:” means nothing here" in client.get("/search?q=has:poll").text
    assert 'href="/threads?kind=question"' in client.get("/search?kind=question").text


@pytest.mark.parametrize(
    "query",
    [
        "?q=shelter&kind=x&since=y&city=%00&author=%ff&topic=%F0%9F%98%80",
        "?q=topic:%00+author:%22+city:%27",
        "?q=OR+OR+OR", "?q=" + "a:b+" * 70, "?q=-OR+-%22%22+OR",
        "?q=shelter&until=9999-12-31&since=0001-01-01&page=99999&type=x",
    ],
)  # fmt: skip
def test_odd_searches_show_a_page(client: FlaskClient, query: str) -> None:
    make_thread(make_topic(), make_user(), "Shelter")

    assert client.get(f"/search{query}").status_code == 200


def test_filters_follow_a_thread_that_changed(app: Flask) -> None:
    """Its replies too: they are found by what stands in the index, not only by the rows."""
    topic, second, author = make_topic(), make_topic("housing"), make_user()
    thread = make_thread(topic, author, "Which one?", "Text.", kind=ThreadKind.QUESTION)
    answer = make_reply(thread, make_user(), "We opened a shelter.")
    assert keys(author, "shelter topic:covid-19-responses") == ["Which one? 2"]
    with write():
        accept(db.session.get_one(Post, answer.id), author)
        moved = db.session.get_one(Thread, thread.id)
        moved.topic_id = second.id
        put_tags(moved, [make_tag(db.session.get_one(Topic, second.id), {"en": "Winter"}, author)])
        thread_changed.send(moved)

    for narrow in ("topic:housing", "tag:winter", "status:solved", "kind:question"):
        assert keys(author, f"shelter {narrow}") == ["Which one? 2"], narrow
    assert keys(author, "shelter topic:covid-19-responses") == []


def test_only_the_newest_are_compared_and_the_page_says_so(app: Flask, client: FlaskClient) -> None:
    """A filter, and what is no conversation, are found beyond them."""
    topic, author = make_topic(), make_user()
    make_thread(topic, author, "Old shelter", language="de")
    webinar = make_webinar("Shelter counts")
    with write():
        on_webinar_changed(db.session.merge(webinar))
    for number in range(3):
        make_thread(topic, author, f"Shelter {number}")

    found = found_for(asked_by(None, "shelter"), most=2)
    narrow = found_for(asked_by(None, "shelter lang:de"), most=2)

    assert (found.is_cut, found.counts["conversations"], found.counts["webinars"]) == (True, 2, 1)
    assert sorted(hit.title for hit in found.hits if hit.post) == [
        "\x02Shelter\x03 1",
        "\x02Shelter\x03 2",
    ]
    assert (narrow.is_cut, [hit.post.number for hit in narrow.hits if hit.post]) == (False, [1])
    app.config["SEARCH_NEWEST"] = 2
    try:
        page = client.get("/search?q=shelter").text
    finally:
        del app.config["SEARCH_NEWEST"]
    assert "Only the newest 2 texts with these words are compared and counted" in page
    assert 'Conversations <span class="num">2+</span>' in page
    assert "Only the newest" not in client.get("/search?q=shelter").text


def test_titles_are_found_behind_the_newest_texts(app: Flask) -> None:
    """PostgreSQL would have to gather all of them: it compares the newest texts alone."""
    topic, author = make_topic(), make_user()
    make_thread(topic, author, "Winter shelter", "Beds.")
    thread = make_thread(topic, author, "Beds", "A shelter.")
    for number in range(6):
        make_reply(thread, author, f"Shelter {number}")

    asked = [
        found_for(asked_by(None, typed), most=4)
        for typed in ("shelter", "shel*", '"winter shelter" OR shelter', "shelter kind:discussion")
    ]

    first = "Winter \x02shelter\x03" if backend().FINDS_TITLES else "Beds"
    assert [one.hits[0].title for one in asked[:2]] == [first] * 2
    assert [(one.compared, one.counts["all"]) for one in asked] == [(4, 4)] * 4


def test_a_filter_stops_where_it_fills_a_page(app: Flask, client: FlaskClient) -> None:
    """What else answers it may lie far back: not all is read for it, and the page says so."""
    topic, author = make_topic(), make_user()
    for _ in range(2):
        make_thread(topic, author, "Long ago", "A shelter.", kind=ThreadKind.QUESTION)
    answered = make_thread(topic, author, "Beds", kind=ThreadKind.QUESTION)
    make_reply(answered, make_user(), "We have one.")
    for number in range(30):
        make_reply(answered, author, f"Shelter {number}")
    for number in range(HITS_ON_A_PAGE):
        make_thread(topic, author, f"Shelter {number}", kind=ThreadKind.QUESTION)
    asked = asked_by(None, "shelter status:unanswered")

    found, whole = found_for(asked, most=51), found_for(asked, most=200)
    app.config["SEARCH_NEWEST"] = 51
    try:
        page = client.get("/search?q=shelter+status:unanswered").text
    finally:
        del app.config["SEARCH_NEWEST"]

    assert (found.counts["all"], found.compared) == (51, 51)
    assert (whole.counts["all"], whole.compared) == (HITS_ON_A_PAGE + 2, 0)
    assert "Only the newest 51 texts with these words are compared and counted" in page


@pytest.mark.parametrize("hidden", [0, 3, 25])
def test_newer_texts_that_are_hidden_displace_none_and_are_not_told_of(
    app: Flask, hidden: int
) -> None:
    author = make_user()
    make_thread(make_topic(), author, "Public shelter", "Open to all.")
    closed = make_topic("closed", visibility=Visibility.NETWORK)
    inside = make_thread(closed, author, "Inside")
    for number in range(hidden):
        make_reply(inside, author, f"Shelter {number}")

    for_all = found_for(asked_by(None, "shelter"), most=1)
    filtered = found_for(asked_by(None, "shelter lang:en"), most=1)
    for_members = found_for(asked_by(author, "shelter"), most=1)

    for found in (for_all, filtered):
        assert [hit.title for hit in found.hits] == ["Public \x02shelter\x03"]
        assert (found.counts["all"], found.is_cut) == (1, False)
    assert (for_members.counts["all"], for_members.is_cut) == (1, hidden > 0)


def test_a_range_that_ends_long_ago_finds_what_is_from_then(app: Flask) -> None:
    topic, author = make_topic(), make_user()
    for year in (1999, 2008, 2021):
        with time_machine.travel(datetime(year, 5, 1, tzinfo=UTC), tick=False):
            make_thread(topic, author, f"Shelter of {year}")
    make_thread(topic, author, "Shelter now")

    assert keys(author, "shelter before:2021-05-01") == [
        "Shelter of 1999 1",
        "Shelter of 2008 1",
        "Shelter of 2021 1",
    ]
    assert keys(author, "shelter after:2000-01-01 before:2021-04-30") == ["Shelter of 2008 1"]
    assert keys(None, "shelter before:1999-04-30") == []
