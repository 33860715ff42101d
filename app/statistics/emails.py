"""What a city's people are mailed about a webinar that nobody of theirs was at."""

from __future__ import annotations

from email.message import EmailMessage

from app.accounts.emails import recipient
from app.accounts.models import User
from app.core.email import compose
from app.core.i18n import speaking
from app.core.links import absolute_url
from app.network.models import City
from app.network.naming import city_name
from app.statistics.nudging import has_recording, has_summary
from app.webinars.entries import page_url
from app.webinars.models import Webinar


def nudge(webinar: Webinar, city: City, person: User) -> EmailMessage:
    """In the person's language, with links only to what is there and is theirs to see."""
    to, page = recipient(person), page_url(webinar)
    summary = absolute_url("summaries.show", webinar_id=webinar.id)
    with speaking(to.locale):
        name = city_name(city)
    return compose(
        "city-nudge",
        to,
        webinar=webinar,
        city=name,
        summary_url=summary if has_summary(webinar, person) else "",
        recording_url=f"{page}#recording" if has_recording(webinar) else "",
        page_url=page,
    )
