"""What follows for materials from what happens to webinars."""

from __future__ import annotations

from typing import Any

from app.accounts.models import User
from app.materials.shelving import copy_reusable
from app.webinars.models import Webinar


def on_webinar_copied(fresh: Webinar, like: Webinar, actor: User, **_: Any) -> None:
    copy_reusable(like, fresh, actor)
