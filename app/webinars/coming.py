"""Who came: what organisers and reports say, else the click on the join page."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func

from app.webinars.models import Registration


def has_come(registration: Registration) -> bool:
    if registration.attended is not None:
        return registration.attended
    return registration.joined_at is not None


def has_come_column() -> ColumnElement[bool]:
    """The same for the database, of `Registration`."""
    return func.coalesce(Registration.attended, Registration.joined_at.is_not(None))
