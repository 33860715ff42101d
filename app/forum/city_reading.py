"""From how many cities a thread was read: a number, never who."""

from __future__ import annotations

from sqlalchemy import update

from app.accounts.models import User
from app.core.db import db
from app.forum.reader_models import ThreadRead

FEWEST_CITIES, ROUNDED_ABOVE, ROUNDED_TO = 3, 20, 5


def rounded(cities: int) -> int | None:
    """How many cities are said to have read: nothing below three, coarse above twenty."""
    if cities < FEWEST_CITIES:
        return None
    return cities - cities % ROUNDED_TO if cities > ROUNDED_ABOVE else cities


def forget_city(reader: User) -> None:
    """Count this person nowhere any more as a reader of their city."""
    own = update(ThreadRead).where(ThreadRead.user_id == reader.id)
    db.session.execute(own.values(city_id=None))
