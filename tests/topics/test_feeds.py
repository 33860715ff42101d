"""The Atom feed of a topic."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.enums import Attribution, Visibility
from app.forum.posting import Audience
from tests.factories import make_topic, make_user
from tests.factories_forum import make_thread

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = "/topics/covid-19-responses/feed.atom"


def entries(client: FlaskClient) -> list[ET.Element]:
    answer = client.get(ADDRESS)
    assert answer.content_type.startswith("application/atom+xml")
    return ET.fromstring(answer.data).findall(f"{ATOM}entry")


def test_threads_with_any_characters_are_read_back(client: FlaskClient) -> None:
    topic = make_topic()
    make_thread(topic, make_user("Office <&> Graz"), 'Who says "<no>" & why?', "a < b\n\n]]> **c**")

    (entry,) = entries(client)

    assert entry.findtext(f"{ATOM}title") == 'Who says "<no>" & why?'
    assert entry.findtext(f"{ATOM}content") == "<p>a &lt; b</p>\n<p>]]&gt; <strong>c</strong></p>\n"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Office <&> Graz"
    assert entry.findtext(f"{ATOM}id") == "http://localhost/threads/1-who-says-no-why"


def test_only_public_threads_whoever_asks(
    client: FlaskClient, client_for: Callable[[User], FlaskClient]
) -> None:
    topic, author = make_topic(), make_user()
    make_thread(topic, author, "For everybody here")
    make_thread(topic, author, "For members only", audience=Audience(Visibility.NETWORK))

    for browser in (client, client_for(author)):
        titles = [entry.findtext(f"{ATOM}title") for entry in entries(browser)]
        assert titles == ["For everybody here"]


def test_withheld_names_stay_out(client: FlaskClient) -> None:
    make_thread(make_topic(), make_user("Officer"), attribution=Attribution.CHATHAM_HOUSE)

    assert b"Officer" not in client.get(ADDRESS).data


def test_closed_topics_have_no_feed(
    client_for: Callable[[User], FlaskClient],
) -> None:
    make_topic(visibility=Visibility.NETWORK)

    assert client_for(make_user()).get(ADDRESS).status_code == 404


def test_unchanged_feed_is_not_sent_again(client: FlaskClient) -> None:
    make_thread(make_topic(), make_user())
    tag = client.get(ADDRESS).headers["ETag"]

    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304


def test_empty_topic_has_an_empty_feed(client: FlaskClient) -> None:
    make_topic()

    assert entries(client) == []
