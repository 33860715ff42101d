from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from app.webinars.add_links import links_for
from tests.factories_registrations import at, make_registration
from tests.factories_webinars import ROOM, make_webinar

TITLE = "Housing & rights: 100 % – Łódź"


def test_each_product_gets_the_hours_in_utc(app: Flask) -> None:
    webinar = make_webinar(
        TITLE,
        starts_at=at("2026-03-25T09:00:00+00:00"),
        ends_at=at("2026-03-25T10:00:00+00:00"),
    )
    links = {link.name: urlsplit(link.url) for link in links_for(webinar)}
    asked = {name: {k: v[0] for k, v in parse_qs(url.query).items()} for name, url in links.items()}

    assert {name: url.netloc + url.path for name, url in links.items()} == {
        "Google Calendar": "calendar.google.com/calendar/render",
        "Outlook.com": "outlook.live.com/calendar/deeplink/compose",
        "Microsoft 365": "outlook.office.com/calendar/deeplink/compose",
        "Yahoo": "calendar.yahoo.com/",
    }
    google, yahoo = asked["Google Calendar"], asked["Yahoo"]
    assert google["dates"] == "20260325T090000Z/20260325T100000Z"
    assert (google["action"], google["ctz"]) == ("TEMPLATE", "Europe/Brussels")
    for name in ("Outlook.com", "Microsoft 365"):
        outlook = asked[name]
        assert outlook["startdt"] == "2026-03-25T09:00:00Z"
        assert outlook["enddt"] == "2026-03-25T10:00:00Z"
        assert (outlook["rru"], outlook["path"]) == ("addevent", "/calendar/action/compose")
    assert (yahoo["ST"], yahoo["ET"]) == ("20260325T090000Z", "20260325T100000Z")
    assert google["text"] == asked["Outlook.com"]["subject"] == yahoo["TITLE"] == TITLE


def test_place_is_the_join_page_and_the_room_is_nowhere(app: Flask) -> None:
    webinar = make_webinar(description="x" * 5000)
    join = f"http://localhost/webinars/{webinar.id}/join"

    for link in links_for(webinar):
        asked = parse_qs(urlsplit(link.url).query)
        assert [join] in (asked.get("location"), asked.get("in_loc"))
        assert ROOM not in str(asked)
        assert len(link.url) < 2000


def test_webinar_without_an_hour_has_none(app: Flask) -> None:
    assert links_for(make_webinar(starts_at=None, ends_at=None, year=2020)) == []


def test_own_page_offers_the_file_first_and_copies_second(client: FlaskClient) -> None:
    webinar = make_webinar()
    row = make_registration(webinar)

    page = client.get(f"/registrations/{row.token}").text
    file = page.index(f"/webinars/{webinar.id}/calendar.ics")
    assert file < page.index("Put it into my calendar by hand") < page.index("Google Calendar")
