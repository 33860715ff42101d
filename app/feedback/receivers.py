"""What feedback does when something happens to webinars."""

from __future__ import annotations

from typing import Any

from app.feedback.asking import copy_survey
from app.webinars.models import Webinar


def on_webinar_copied(webinar: Webinar, like: Webinar, **_: Any) -> None:
    copy_survey(like, webinar)
