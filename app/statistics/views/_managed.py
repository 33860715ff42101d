"""The webinar that an address names, for whoever may manage it."""

from __future__ import annotations

from typing import Any

from app.accounts.login import viewer
from app.core.db import first_or_404
from app.core.permissions import require
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar


def managed(webinar_id: int) -> Any:
    """404 for whoever does not see it, 403 for whoever only sees it."""
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    return webinar
