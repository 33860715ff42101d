"""flask search rebuild: the same index again, whatever state it was in."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import delete, select

from app.core.db import db, write
from app.network.admitting import CityFacts, add_city
from app.search.documents import LONGEST_BODY, clean, documents_of_webinar
from app.search.finding import find
from app.search.indexing import put
from app.search.models import SearchDocument
from app.search.rebuilding import PORTION
from app.search.receivers import on_webinar_changed
from app.webinars.enums import Status
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import make_replies, make_thread
from tests.factories_webinars import make_webinar
from tests.search.test_finding import publish_summary

LUND = CityFacts({"en": "Lund"}, ["sv"], "SE", 55.7, 13.19, "Europe/Stockholm")


def keys() -> list[str]:
    return sorted(db.session.scalars(select(SearchDocument.key)))


def fill() -> None:
    author = make_user()
    make_group(author)
    with write():
        add_city(LUND)
    thread = make_thread(make_topic(), author, "Lund asks")
    make_replies(thread, author, PORTION + 1)
    webinar = make_webinar("Lund counts", description="In Lund.")
    make_webinar("Draft about Lund", published=False)
    with write():
        on_webinar_changed(webinar)
    publish_summary(webinar, ["Lund, open."], ["Lund, closed."])


def test_rebuilding_finds_the_same_again(app: Flask) -> None:
    fill()
    before = keys()
    db.session.rollback()

    for _ in range(2):
        result = app.test_cli_runner().invoke(args=["search", "rebuild"])

        assert (result.exit_code, result.output.strip().splitlines()[-1]) == (
            0,
            "The search index is complete.",
        )
        assert keys() == before
        assert find(None, "lund").counts["all"] == 4
        db.session.rollback()


def test_rebuilding_brings_back_what_was_lost_and_drops_what_is_gone(app: Flask) -> None:
    fill()
    before = keys()
    with write() as session:
        session.execute(delete(SearchDocument).where(SearchDocument.key.startswith("city:")))
        documents = documents_of_webinar(make_loose_webinar())
        put(documents)

    app.test_cli_runner().invoke(args=["search", "rebuild"])

    assert [key for key in keys() if not key.startswith("webinar:2")] == before


def make_loose_webinar() -> object:
    from app.webinars.models import Webinar

    webinar = db.session.scalars(select(Webinar).where(Webinar.status == Status.DRAFT)).one()
    webinar.status = Status.PUBLISHED
    return webinar


def test_a_webinar_that_is_a_draft_again_is_no_longer_found(app: Flask) -> None:
    webinar = make_webinar("Counting")
    with write():
        on_webinar_changed(webinar)
    with write():
        webinar.status = Status.DRAFT
        on_webinar_changed(webinar)

    assert keys() == []


def test_our_own_marks_and_controls_cannot_come_from_a_text(app: Flask) -> None:
    assert clean("a\x00b\x02c\x03d\x1fe\x7f") == "a b c d e "


def test_a_huge_text_is_cut_and_found(app: Flask) -> None:
    author = make_user()
    make_thread(make_topic(), author, "Long", "shelter " + "x" * (LONGEST_BODY + 10))

    assert find(author, "shelter").counts["all"] == 1
