"""Links that let somebody without an account read a summary: for 30 days, the public part alone."""

from __future__ import annotations

from datetime import date, timedelta

from app.core.clock import utcnow
from app.core.links import absolute_url
from app.core.tokens import LinkExpired, LinkUnknown, sign, unsign
from app.notes.downloading import FORMS, PRINT
from app.webinars.models import Registration, Webinar

PURPOSE = "notes.guest"
AUDIENCE = "public"
DAYS = 30
LONGEST = 120  # letters of a key
TABLES = {"decisions": "webinar_tables.decisions", "actions": "webinar_tables.actions"}


def guest_key(webinar: Webinar) -> str:
    """What opens the summary of this webinar from now on."""
    return sign(PURPOSE, webinar.id, AUDIENCE)


def guest_url(whose: Registration | Webinar, form: str = "") -> str:
    """The page, or with a form one of its files: "pdf", …, "decisions", "actions".

    Nothing in it says who got it.
    """
    webinar = whose.webinar if isinstance(whose, Registration) else whose
    return guest_address(webinar.id, guest_key(webinar), form)


def guest_address(webinar_id: int, key: str, form: str = "") -> str:
    values = {"webinar_id": webinar_id, "key": key}
    if form == PRINT:
        return absolute_url("summaries.print", **values)
    if form in FORMS:
        return absolute_url("summaries.download", form=form, **values)
    return absolute_url(TABLES.get(form, "summaries.show"), **values)


def opens(key: str, webinar_id: int) -> bool:
    """Whether this key was made for this webinar, and not too long ago."""
    if not 0 < len(key) <= LONGEST:
        return False
    try:
        return unsign(PURPOSE, key, DAYS * 24) == [webinar_id, AUDIENCE]
    except (LinkExpired, LinkUnknown):
        return False


def ends_on() -> date:
    """Of a link that is made now."""
    return (utcnow() + timedelta(days=DAYS)).date()
