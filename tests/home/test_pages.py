"""Pages about the site, signs of life, and what crawlers find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Visibility
from app.core.heartbeat import beat
from app.core.jobs import enqueue
from app.forum.posting import Audience
from app.home.licences import notices, packages
from app.home.metrics import token
from app.home.readiness import what_is_wrong
from config import ROOT
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_thread
from tests.factories_webinars import make_webinar

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/accessibility", "Chrome and Edge 123, Firefox 128, Safari 17.5"),
        ("/privacy", "There are no tracking cookies"),
        ("/licences", "SQLAlchemy"),
    ],
)
def test_pages_about_the_site(client: FlaskClient, address: str, words: str) -> None:
    page = client.get(address)

    assert (page.status_code, words in page.text, page.text.count("<h1")) == (200, True, 1)


def test_packages_are_listed_with_their_licences(app: Flask) -> None:
    listed = {package.name.lower(): package for package in packages(ROOT / "pyproject.toml")}

    assert listed["flask"].version == "3.1.3"
    assert "BSD" in listed["flask"].licence
    assert listed["jinja2"].address.startswith("https://")
    assert "pytest" not in listed


def test_notices_are_those_that_were_built(tmp_path: Path) -> None:
    assert notices(tmp_path / "none") == ""
    (tmp_path / "NOTICES.txt").write_text("Sofia Sans, OFL")
    assert notices(tmp_path) == "Sofia Sans, OFL"


def test_the_process_is_alive(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "alive\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_with_database_worker_and_disk(client: FlaskClient) -> None:
    beat("worker")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_not_ready_without_a_worker(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.text) == (503, "worker: none has been seen\n")


def test_not_ready_when_the_worker_fell_silent(client: FlaskClient) -> None:
    beat("worker")

    with time_machine.travel(utcnow() + timedelta(minutes=5), tick=False):
        answer = client.get("/readyz")

    assert (answer.status_code, answer.text) == (503, "worker: last seen 300 seconds ago\n")


def test_a_lost_data_folder_is_named(app: Flask, tmp_path: Path) -> None:
    beat("worker")

    assert what_is_wrong(tmp_path / "gone") == ["disk: the data folder cannot be read"]


def test_metrics_count(client: FlaskClient) -> None:
    make_thread(make_topic(), make_user())
    make_webinar()
    beat("worker")
    with write():
        enqueue("search.example", "one")

    lines = client.get("/metrics").text.splitlines()

    for line in (
        "interurban_users 2",
        "interurban_threads 1",
        "interurban_posts 1",
        "interurban_webinars 1",
        'interurban_outbox_mails{state="dead"} 0',
        'interurban_jobs{state="running"} 0',
        "# TYPE interurban_jobs gauge",
    ):
        assert line in lines
    ready = next(line for line in lines if line.startswith('interurban_jobs{state="ready"}'))
    assert int(ready.rpartition(" ")[2]) >= 1


def test_metrics_are_for_this_machine_or_the_token(app: Flask, client: FlaskClient) -> None:
    def asked(address: str, **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=named)
        return answer.status_code

    shown = app.test_cli_runner().invoke(args=["metrics", "token"]).output.strip()

    assert shown == token(app.config["SECRET_KEY"])
    assert asked("127.0.0.1") == 200
    assert asked("::1") == 200
    assert asked("203.0.113.7") == 404
    assert asked("") == 404
    assert asked("127.0.0.1", X_Forwarded_For="203.0.113.7") == 404
    assert asked("203.0.113.7", Authorization=f"Bearer {shown}") == 200
    assert asked("203.0.113.7", Authorization="Bearer é") == 404


def test_robots_are_led_to_the_sitemap(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text

    assert "Disallow: /search\n" in text
    assert text.endswith("Sitemap: http://localhost/sitemap.xml\n")


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_browsers_that_guess_are_led_to_the_icon(
    client: FlaskClient, client_for: Callable[[User], FlaskClient], who: str
) -> None:
    browser = client if who == "visitor" else client_for(make_user())

    answer = browser.get("/favicon.ico")
    icon = browser.get(answer.headers["Location"])

    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "public, max-age=604800")
    assert "Set-Cookie" not in answer.headers
    assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")
    assert icon.data == (ROOT / "app/static/img/icon.svg").read_bytes()
    assert browser.post("/favicon.ico").status_code == 405


def test_icon_of_a_site_under_a_path_is_found_there(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico", environ_overrides={"SCRIPT_NAME": "/forum"})

    assert answer.headers["Location"].startswith("/forum/static/v-")


def test_security_contact_does_not_run_out_soon(client: FlaskClient) -> None:
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False):
        lines = client.get("/.well-known/security.txt").text.splitlines()

    assert lines == [
        "Contact: mailto:events@forum.example.org",
        "Expires: 2026-06-30T12:00:00Z",
        "Preferred-Languages: en",
        "Canonical: http://localhost/.well-known/security.txt",
    ]


def test_the_sitemap_lists_public_things_only(client: FlaskClient) -> None:
    author, topic = make_user(), make_topic("open")
    make_topic("closed", visibility=Visibility.CLOSED)
    public = make_thread(topic, author, "For <anybody> & all")
    make_thread(topic, author, "For members", audience=Audience(Visibility.NETWORK))
    webinar = make_webinar("Talk")
    make_webinar("Draft", published=False)
    make_webinar("Hidden", visibility=Visibility.HIDDEN)
    make_city("Graz")

    tree = ET.fromstring(client.get("/sitemap.xml").data)
    found = [loc.text for loc in tree.iter(f"{NAMESPACE}loc")]

    things = [address for address in found if address and address.count("/") > 3]
    assert sorted(things) == [
        "http://localhost/cities/graz",
        f"http://localhost/threads/{public.id}-for-anybody-all",
        "http://localhost/topics/open",
        f"http://localhost/webinars/{webinar.id}-talk",
    ]
