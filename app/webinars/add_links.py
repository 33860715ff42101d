"""Links that put a copy of a webinar into a calendar on the web (spec/calendar 2.9).

A copy never changes by itself; so pages offer the invitation and the file first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit

from app.core.links import absolute_url
from app.webinars.entries import join_url, page_url
from app.webinars.models import Webinar

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/deeplink/compose"
MICROSOFT_365 = "https://outlook.office.com/calendar/deeplink/compose"
YAHOO = "https://calendar.yahoo.com/"
LONGEST = 500  # of the description: addresses that are too long are cut off on their way


@dataclass(frozen=True)
class AddLink:
    """`name` is that of the product, the same in all languages."""

    name: str
    url: str


@dataclass(frozen=True)
class FeedAddress:
    """The same feed twice: Outlook on the web wants https, phones want webcal."""

    https: str
    webcal: str


def feed_address(endpoint: str, **values: str | int) -> FeedAddress:
    address = absolute_url(endpoint, **values)
    return FeedAddress(address, urlsplit(address)._replace(scheme="webcal").geturl())


def links_for(webinar: Webinar) -> list[AddLink]:
    """One for each product; none for a webinar whose hour is not known. Times are UTC with Z."""
    if webinar.starts_at is None or webinar.ends_at is None:
        return []
    start, end = webinar.starts_at, webinar.ends_at
    return [
        AddLink("Google Calendar", _google(webinar, start, end)),
        AddLink("Outlook.com", _outlook(OUTLOOK, webinar, start, end)),
        AddLink("Microsoft 365", _outlook(MICROSOFT_365, webinar, start, end)),
        AddLink("Yahoo", _yahoo(webinar, start, end)),
    ]


def _google(webinar: Webinar, start: datetime, end: datetime) -> str:
    return _link(
        GOOGLE,
        action="TEMPLATE",
        text=webinar.title,
        dates=f"{_short(start)}/{_short(end)}",
        details=_details(webinar),
        location=join_url(webinar),
        ctz=webinar.tzid,
    )


def _outlook(address: str, webinar: Webinar, start: datetime, end: datetime) -> str:
    """Without the Z it would be the hour of whoever opens it."""
    return _link(
        address,
        path="/calendar/action/compose",
        rru="addevent",
        startdt=f"{start:%Y-%m-%dT%H:%M:%SZ}",
        enddt=f"{end:%Y-%m-%dT%H:%M:%SZ}",
        subject=webinar.title,
        body=_details(webinar),
        location=join_url(webinar),
    )


def _yahoo(webinar: Webinar, start: datetime, end: datetime) -> str:
    return _link(
        YAHOO,
        v="60",
        TITLE=webinar.title,
        ST=_short(start),
        ET=_short(end),
        DESC=_details(webinar),
        in_loc=join_url(webinar),
    )


def _details(webinar: Webinar) -> str:
    return f"{page_url(webinar)}\n\n{webinar.description[:LONGEST]}".strip()


def _short(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _link(address: str, **values: str) -> str:
    return f"{address}?{urlencode(values, quote_via=quote)}"
