"""What is found, by whom; what is not yours to read is in no hit, no count, no excerpt."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.editing import edit_post, version_of
from app.forum.models import Post, Thread
from app.forum.posting import (
    Audience,
    NewThread,
    reply,
    start_thread,
    text_of,
)
from app.network.admitting import CityFacts, add_city
from app.notes.documents.blocks import Document, Paragraph, Run, to_json
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet, SummaryVersion
from app.search.finding import find
from app.search.receivers import on_summary_published, on_webinar_changed
from app.search.statement import backend
from app.topics.models import Topic
from app.webinars.models import Webinar
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_webinars import make_webinar

NURNBERG = CityFacts(
    names={"en": "Nuremberg", "de": "Nürnberg", "nl": "Neurenberg"},
    languages=["de"],
    country_code="DE",
    latitude=49.45,
    longitude=11.08,
    timezone="Europe/Berlin",
)


def make_thread(
    topic: Topic, author: User, title: str, body: str = "How do you do it?", **changes: Any
) -> Thread:
    with write():
        return start_thread(topic, author, NewThread(title, text_of(body), **changes))


def make_reply(thread: Thread, author: User, body: str) -> Post:
    with write():
        return reply(thread, author, text_of(body))


def titles(viewer: User | None, typed: str) -> list[str]:
    return [hit.title.replace("\x02", "").replace("\x03", "") for hit in find(viewer, typed).hits]


def test_a_word_in_the_title_comes_before_one_in_the_text(app: Flask) -> None:
    topic, author = make_topic(), make_user()
    make_thread(topic, author, "Counters", "A shelter for winter.")
    make_thread(topic, author, "Shelter for everyone", "How do you do it?")

    assert titles(author, "shelter") == ["Shelter for everyone", "Counters"]


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
def test_more_of_the_word_in_less_text_comes_first(app: Flask) -> None:
    """Without marks, too; what the text says far behind its beginning counts once."""
    topic, author = make_topic(), make_user()
    long = "Nothing of it is said here. " * 60
    for title, body in (
        ("Late", f"{long} Ünterkunft Ünterkunft Ünterkunft"),
        ("Once", f"Ünterkunft. {long[:700]}"),
        ("Short", "Ünterkunft."),
        ("Often", "Ünterkunft, ünterkunft, Ünterkunft."),
    ):
        make_thread(topic, author, title, body)

    if backend().__name__.endswith("sqlite"):
        assert titles(author, "ünterkunft") == ["Often", "Short", "Once", "Late"]
    assert titles(author, "ünterkunft")[0] == "Often"


def test_a_reply_is_found_with_the_title_of_its_thread(app: Flask) -> None:
    topic, author = make_topic(), make_user()
    thread = make_thread(topic, author, "Counters")
    post = make_reply(thread, author, "We opened a *telephone* line.")

    hit = find(author, "telephone").hits[0]

    assert (hit.title, hit.text, hit.post.id) == (
        "Counters",
        "We opened a \x02telephone\x03 line.",
        post.id,
    )


def test_phrase_exclusion_and_beginning(app: Flask) -> None:
    topic, author = make_topic(), make_user()
    make_thread(topic, author, "One", "Bed, bath and bread.")
    make_thread(topic, author, "Two", "Bread and a bath.")

    assert titles(author, '"bath and bread"') == ["One"]
    assert titles(author, "bread -bed") == ["Two"]
    assert sorted(titles(author, "brea*")) == ["One", "Two"]
    assert titles(author, "brea") == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Straße", "strasse"),
        ("Strasse", "straße"),
        ("Nürnberg", "nurnberg"),
        ("Nurnberg", "NÜRNBERG"),
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Διακήρυξη", "διακηρυξη"),
        ("Декларация", "декларация"),
    ],
)
def test_marks_and_capitals_do_not_matter(app: Flask, written: str, typed: str) -> None:
    topic, author = make_topic(), make_user()
    make_thread(topic, author, "A name", f"We write {written} here.")

    assert [hit.text for hit in find(author, typed).hits] == [f"We write \x02{written}\x03 here."]


def test_a_topic_is_found_by_its_name_in_every_language(app: Flask) -> None:
    topic = make_topic(
        "housing", names={"en": "Housing", "de": "Wohnen", "sv": "Bostad", "fr": "Logement"}
    )
    author = make_user()
    make_thread(topic, author, "Evictions")

    found = find(author, "bostad").hits

    assert [(hit.title, hit.text, hit.label) for hit in found] == [
        ("Evictions", "How do you do it?", "Housing / Wohnen / Bostad / Logement")
    ]


def test_a_city_is_found_by_its_name_in_every_language(app: Flask) -> None:
    with write():
        city = add_city(NURNBERG)

    for name in ("Nuremberg", "nurnberg", "Neurenberg"):
        assert [hit.city for hit in find(None, name).hits] == [city]


def test_an_edited_post_is_found_by_its_new_words_only(app: Flask) -> None:
    author = make_user()
    thread = make_thread(make_topic(), author, "Counters")
    post = make_reply(thread, author, "We used telephones.")
    with write():
        edit_post(post, author, text_of("We used radios."), version_of(post))

    assert titles(author, "telephones") == []
    assert titles(author, "radios") == ["Counters"]


def test_nothing_to_look_for_finds_nothing(app: Flask) -> None:
    make_thread(make_topic(), make_user(), "Counters")

    for typed in ("", "-counters", '"" *', "\x00"):
        found = find(None, typed)
        assert (list(found.hits), found.counts["all"]) == ([], 0)


def test_counts_stand_beside_the_chosen_tab(app: Flask) -> None:
    author = make_user()
    make_thread(make_topic(), author, "Counting people")
    webinar = make_webinar("Counting together")
    with write():
        on_webinar_changed(webinar)

    found = find(author, "counting", tab="webinars")

    assert [hit.webinar.id for hit in found.hits] == [webinar.id]
    assert found.counts == {"all": 2, "conversations": 1, "webinars": 1, "notes": 0, "cities": 0}


def test_a_page_beyond_the_last_still_counts(app: Flask) -> None:
    make_thread(make_topic(), make_user(), "Counters")

    found = find(None, "counters", page=7)

    assert (list(found.hits), found.counts["all"], found.page.count) == ([], 1, 1)


def test_fifty_hits_a_page(app: Flask) -> None:
    topic, author = make_topic(), make_user()
    thread = make_thread(topic, author, "Counters")
    for number in range(52):
        make_reply(thread, author, f"Answer number {number}.")

    pages = [find(author, "answer", page=number) for number in (1, 2)]

    assert [len(page.hits) for page in pages] == [50, 2]
    assert len({hit.post.id for page in pages for hit in page.hits}) == 52
    assert pages[0].page.count == 2


class Cast:
    """One viewer of each kind, and one text of each visibility with the same word in it."""

    def __init__(self) -> None:
        self.member = make_user("Member")
        self.practitioner = make_user("Practitioner")
        self.insider = make_user("Insider")
        self.applicant = make_user("Applicant", approved_at=None)
        self.visitor = None
        practitioners = make_group(self.practitioner)
        insiders = make_group(self.insider, slug="insiders")
        self._threads(practitioners.id, insiders.id)
        self._webinars(insiders.id)

    def _threads(self, practitioners: int, insiders: int) -> None:
        author = make_user("Author")
        make_group(author, slug="authors")
        public = make_topic("public")
        closed = _granted("closed", Visibility.CLOSED, practitioners, author)
        hidden = _granted("hidden", Visibility.HIDDEN, insiders, author)
        make_thread(public, author, "public", "zebra")
        make_thread(public, author, "network", "zebra", audience=Audience(Visibility.NETWORK))
        make_thread(closed, author, "closed", "zebra")
        make_thread(hidden, author, "hidden", "zebra")

    def _webinars(self, insiders: int) -> None:
        public = make_webinar("talk", description="zebra")
        draft = make_webinar("draft", description="zebra", published=False)
        hidden = make_webinar(
            "hidden talk", description="zebra", visibility=Visibility.HIDDEN, group_id=insiders
        )
        with write():
            for webinar in (public, draft, hidden):
                on_webinar_changed(webinar)
        publish_summary(public, ["zebra in public"], ["zebra among practitioners"])


def _granted(slug: str, visibility: Visibility, group_id: int, author: User) -> Topic:
    from app.accounts.models import Group

    group = db.session.get(Group, group_id)
    assert group
    authors = make_group(author, slug=f"authors-of-{slug}")
    return make_topic(slug, [group, authors], visibility=visibility)


def publish_summary(webinar: Webinar, public: list[str], closed: list[str]) -> SummaryVersion:
    with write() as session:
        note_set = NoteSet(webinar_id=webinar.id, language="en", created_at=utcnow())
        note_set.status = NotesStatus.PUBLISHED
        session.add(note_set)
        session.flush()
        version = SummaryVersion(
            note_set_id=note_set.id,
            major=1,
            minor=0,
            document=document([*public, *closed]),
            public_document=document(public),
            published_at=utcnow(),
        )
        session.add(version)
        session.flush()
        on_summary_published(version)
    return version


def document(texts: list[str]) -> dict[str, Any]:
    blocks = tuple(Paragraph((Run(text),)) for text in texts)
    shown: dict[str, Any] = to_json(Document("Notes", "en", "1.0", "", "notes", (), blocks))
    return shown


PUBLIC = ["public", "talk (notes)", "talk"]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("visitor", ["public", "talk", "talk: zebra in public"]),
        ("applicant", ["public", "talk", "talk: zebra in public"]),
        ("member", ["network", "public", "talk", "talk: zebra in public"]),
        (
            "practitioner",
            [
                "closed",
                "network",
                "public",
                "talk",
                "talk: zebra among practitioners",
                "talk: zebra in public",
            ],
        ),
        (
            "insider",
            ["hidden", "hidden talk", "network", "public", "talk", "talk: zebra in public"],
        ),
    ],
)
def test_each_finds_what_is_theirs_to_read(app: Flask, who: str, expected: list[str]) -> None:
    viewer = getattr(Cast(), who)

    found = find(viewer, "zebra")

    assert sorted(_said(hit) for hit in found.hits) == expected
    assert found.counts["all"] == len(expected)
    assert sum(found.counts.values()) == 2 * len(expected)


def _said(hit: Any) -> str:
    text = hit.text.replace("\x02", "").replace("\x03", "")
    return f"{hit.title}: {text}" if hit.is_notes else hit.title


def test_a_part_that_is_no_longer_closed_leaves_the_closed_index(app: Flask) -> None:
    practitioner = make_user()
    make_group(practitioner)
    version = publish_summary(make_webinar(), ["open words"], ["closed words"])
    with write():
        version.document = document(["open words"])
        on_summary_published(version)

    assert find(practitioner, "closed").counts["all"] == 0
    assert find(practitioner, "open").counts["all"] == 1


def test_a_post_without_attribution_is_found_without_its_author(app: Flask) -> None:
    author = make_user("Quiet adviser", make_city("Utrecht"))
    make_thread(make_topic(), author, "Winter", "A bed.", attribution=Attribution.CHATHAM_HOUSE)

    assert titles(None, "winter") == ["Winter"]
    assert titles(None, "adviser") == []
    assert titles(None, "utrecht") == []
