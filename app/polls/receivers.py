"""What quick polls do when something happens to webinars."""

from __future__ import annotations

from typing import Any

from app.polls.writing import copy_texts
from app.webinars.models import Webinar


def on_webinar_copied(webinar: Webinar, like: Webinar, **_: Any) -> None:
    """The polls come along as drafts, without anybody's vote."""
    owner = next((seat.user_id for seat in webinar.organisers if seat.is_owner), None)
    copy_texts(like.id, webinar, owner)
