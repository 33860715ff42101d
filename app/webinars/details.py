"""What an organiser says about a webinar, apart from when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.enums import Attribution, Visibility
from app.webinars.agenda import AgendaRow
from app.webinars.enums import Recording, Waiting
from app.webinars.models import Webinar
from app.webinars.speakers import SpeakerRow


@dataclass(frozen=True)
class WebinarDetails:
    """`description_html` is `core.markup.render(description).html`, made before the block."""

    title: str
    description: str = ""
    description_html: str = ""
    language: str = "en"
    topic_id: int | None = None
    visibility: Visibility = Visibility.PUBLIC
    group_id: int | None = None
    attribution: Attribution = Attribution.OPEN
    capacity: int | None = None
    room_url: str = ""
    recording: Recording = Recording.NONE
    captions: str = ""
    asks_access_needs: bool = True
    host_label: str = ""
    needs_approval: bool = False
    waiting: Waiting = Waiting.AUTO
    kept_per_city: int | None = None
    kept_until: datetime | None = None
    tells_late: bool = False
    has_captions: bool | None = None
    has_sign_language: bool | None = None
    sign_language: str = ""
    has_interpretation: bool | None = None
    interpretation: str = ""
    plain_summary: str = ""
    access_contact: str = ""
    agenda: tuple[AgendaRow, ...] = ()
    speakers: tuple[SpeakerRow, ...] = ()


PLAIN_FIELDS = (
    "title", "description", "description_html", "language", "topic_id", "visibility", "group_id",
    "attribution", "capacity", "room_url", "recording", "captions", "asks_access_needs",
    "host_label", "needs_approval", "waiting", "kept_per_city", "kept_until", "tells_late",
    "has_captions", "has_sign_language", "sign_language", "has_interpretation", "interpretation",
    "plain_summary", "access_contact",
)  # fmt: skip
"""Fields that are columns of the same name."""

TEXT_FIELDS = (
    "title", "description", "description_html", "language", "topic_id", "host_label", "captions",
    "has_captions", "has_sign_language", "sign_language", "has_interpretation", "interpretation",
    "plain_summary", "access_contact",
)  # fmt: skip
"""Those of them that an edit of all following sessions of a series changes."""


def details_of(webinar: Webinar, **changes: Any) -> WebinarDetails:
    """What a webinar says, for another one: rows of programme and speakers without their ids."""
    plain = {name: getattr(webinar, name) for name in PLAIN_FIELDS}
    agenda = tuple(AgendaRow(item.title, item.minutes, item.detail) for item in webinar.agenda)
    speakers = tuple(
        SpeakerRow(one.name, one.affiliation, one.email, one.user_id) for one in webinar.speakers
    )
    return WebinarDetails(**{**plain, "agenda": agenda, "speakers": speakers, **changes})
