"""What an organiser says about a webinar, apart from when it is."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.enums import Attribution, Visibility
from app.webinars.agenda import AgendaRow
from app.webinars.enums import Recording
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
    agenda: tuple[AgendaRow, ...] = ()
    speakers: tuple[SpeakerRow, ...] = ()


PLAIN_FIELDS = (
    "title", "description", "description_html", "language", "topic_id", "visibility", "group_id",
    "attribution", "capacity", "room_url", "recording", "captions", "asks_access_needs",
    "host_label",
)  # fmt: skip
"""Fields that are columns of the same name."""
