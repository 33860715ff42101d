"""However a member asks for a thread, the answer before the framework begins is the framework's."""

from __future__ import annotations

from typing import Any

import pytest

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.forum.models import Thread
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice
from tests.forum.early import LONG_WAY, Reader, address_of, browsers, people, reader, threads

__all__ = ["browsers", "people", "reader", "threads"]

PLAIN = [
    {},
    {"If-None-Match": "*"},
    {"If-None-Match": 'W/"0123456789abcdef"'},
    {"If-Modified-Since": "Sat, 21 Nov 2099 12:00:00 GMT"},
    {"Range": "bytes=0-99"},
    {"Accept": "application/json"},
    {"Accept-Encoding": "br, gzip"},
    {"Accept-Language": "de-AT, de;q=0.9"},
    {"Accept-Language": "xx, *;q=0.1"},
    {"Accept-Language": "\xff"},
    {"Cache-Control": "no-cache", "Pragma": "no-cache"},
    {"Sec-Purpose": "prefetch"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    {"Referer": "https://elsewhere.example/"},
    {"HX-Boosted": "true", "HX-Current-URL": "http://localhost/"},
    {"X-Request-ID": "0123456789abcdef"},
    {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"},
    {"X-CSRF-Token": "x"},
    {"X-Requested-With": "XMLHttpRequest"},
    {"Content-Type": "application/json"},
    {"User-Agent": ""},
]
UNUSUAL = [
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Target": "posts"},
    {"Content-Type": "multipart/form-data; boundary=x"},
]
PAGES = ["", "page=1", "page=01", "page=0", "page=00000000001", "page=9" + "9" * 40]
NO_PAGES = [
    *("page=999", "page=", "page=-1", "page=%31", "page=1&page=2", "page=1&", "&page=1", "PAGE=2"),
    *("page=%D9%A1", "page=1%00", "unknown=1", "unknown", "?", "quote=1", "reply_to=1"),
    *("page=1&quote=1", "page=1;quote=1", "page=<b>"),
]
COOKIES = [
    *("theme=dark", "theme=light", "theme=odd", "language=fr", "language=xx", "a=b; language=sv"),
    *("theme=dark; theme=light", "language=de; theme=dark", 'language="nl"', "session=x"),
]


@pytest.fixture
def address(threads: dict[str, Thread], reader: Reader) -> str:
    """Of a thread of which all parts are kept for this reader."""
    found = address_of(threads["public"])
    reader.sees(found)
    return found


def test_whatever_a_browser_says_beside_it(reader: Reader, address: str) -> None:
    for headers in [*PLAIN, *UNUSUAL]:
        language = {"Accept-Language": headers.get("Accept-Language", "en")}
        reader.ask(address, headers=language | LONG_WAY)
        was_early, answer = reader.both_ways(address, headers=headers)

        assert (headers, was_early) == (headers, headers in PLAIN)
        assert answer.status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "BREW"])
def test_whatever_is_done_but_reading(reader: Reader, address: str, method: str) -> None:
    was_early, answer = reader.both_ways(address, method=method)

    assert not was_early
    assert (answer.status_code == 200) is (method in {"HEAD", "OPTIONS"})


def test_whatever_stands_behind_the_address(reader: Reader, address: str) -> None:
    for query in (*PAGES, *NO_PAGES):
        wanted = f"{address}?{query}"
        reader.sees(wanted)
        was_early, _answer = reader.both_ways(wanted)

        assert (query, was_early) == (query, query in PAGES)


@pytest.mark.parametrize(("page", "is_early"), [(1, True), (2, True), (3, False)])
def test_each_page_of_a_long_thread(
    reader: Reader, threads: dict[str, Thread], page: int, is_early: bool
) -> None:
    wanted = f"{address_of(threads['long'])}?page={page}"
    reader.sees(f"{address_of(threads['long'])}?page=2")  # to its end: nothing is new then
    reader.sees(wanted)
    was_early, answer = reader.both_ways(wanted)

    assert was_early is is_early
    assert ("Reply 30." in answer.text) is (page > 1)


@pytest.mark.parametrize("change", ["-x", "", "/", "%20"])
def test_slugs_that_are_wrong_lead_on(reader: Reader, address: str, change: str) -> None:
    wanted = address + change if change else address.rsplit("-", 1)[0]
    was_early, answer = reader.both_ways(wanted)

    assert (was_early, answer.status_code) == (False, 404 if change == "/" else 301)


@pytest.mark.parametrize(
    "environ",
    [
        {"wsgi.url_scheme": "https"},
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_HOST": "localhost:8080"},
        {"REMOTE_ADDR": "203.0.113.7"},
        {"SCRIPT_NAME": "/under"},
        {"CONTENT_LENGTH": "0"},
        {"CONTENT_LENGTH": "3", "CONTENT_TYPE": "text/plain"},
    ],
)
def test_wherever_it_is_served(reader: Reader, address: str, environ: dict[str, Any]) -> None:
    long_way = {"HTTP_AUTHORIZATION": "Basic x"}
    reader.ask(address, environ_overrides=environ | long_way)
    was_early, answer = reader.both_ways(address, environ_overrides=environ)
    is_odd = "SCRIPT_NAME" in environ or environ.get("CONTENT_LENGTH") == "3"

    assert (was_early, answer.status_code) == (not is_odd, 200)


@pytest.mark.parametrize("locale", [None, "ca"])
def test_colours_and_languages(
    reader: Reader, address: str, people: dict[str, User], locale: str | None
) -> None:
    with write() as session:
        session.get_one(User, people["late"].id).locale = locale
    for cookies in COOKIES:
        given = f"session={reader.signed(reader.session)}; {cookies}"
        reader.ask(address, given, headers=LONG_WAY)
        was_early, answer = reader.both_ways(address, given)

        assert (cookies, was_early) == (cookies, True)
        assert ('<html lang="ca"' in answer.text) is (locale == "ca")


@pytest.mark.parametrize("count", [0, 1, 3, 120])
def test_number_at_the_bell(
    reader: Reader, address: str, people: dict[str, User], threads: dict[str, Thread], count: int
) -> None:
    reader.both_ways(address)
    now = utcnow()
    told = {"kind": NoticeKind.MENTION, "thread_id": threads["network"].id}
    with write() as session:
        session.add_all(
            Notice(user_id=people["late"].id, key=f"m{n}", created_at=now, updated_at=now, **told)
            for n in range(count)
        )
    unseen, _answer = reader.both_ways(address)
    seen, answer = reader.both_ways(address)
    asked = db.session.scalar(db.select(db.func.count()).select_from(Notice))

    assert (unseen, seen, asked) == (not count, True, count)
    assert answer.text == reader.ask(address, headers=LONG_WAY).text
