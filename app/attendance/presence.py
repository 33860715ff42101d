"""Who was there: a tick counts more than a report, a report more than a click."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select

from app.webinars.coming import has_come, has_come_column
from app.webinars.enums import RegistrationState
from app.webinars.listing import people_at
from app.webinars.models import Registration, Webinar


def was_there(registration: Registration) -> bool:
    return has_come(registration)


def was_there_column() -> ColumnElement[bool]:
    """The same for the database, of `Registration`."""
    return has_come_column()


def attending_people(webinar: Webinar) -> Select[Registration]:
    """Everybody who had a seat and was there, with their cities."""
    return people_at(webinar, RegistrationState.CONFIRMED).where(was_there_column())
