"""Addresses in mails come from BASE_URL, whatever the request says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from app import create_app
from app.core.links import absolute_url
from config import Settings


@pytest.fixture(scope="module")
def below_a_path(settings: Settings) -> Flask:
    return create_app(replace(settings, base_url="https://city.example:8443/forum"))


def test_address_starts_with_the_base(app: Flask) -> None:
    assert absolute_url("topics.show", slug="housing") == "http://localhost/topics/housing"
    assert absolute_url("search.show", q="a b&c") == "http://localhost/search?q=a+b%26c"


def test_base_may_have_a_port_and_a_path(below_a_path: Flask) -> None:
    with below_a_path.app_context():
        assert absolute_url("home.show") == "https://city.example:8443/forum/"
        assert absolute_url("topics.index") == "https://city.example:8443/forum/topics"


def test_place_on_the_page_comes_last(app: Flask) -> None:
    url = absolute_url("threads.show", thread_id=4, page=2, _anchor="post-3")

    assert url == "http://localhost/threads/4?page=2#post-3"


def test_host_of_the_request_is_not_believed(app: Flask) -> None:
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert absolute_url("topics.index") == "http://localhost/topics"
