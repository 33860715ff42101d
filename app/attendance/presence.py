"""Who was there: a tick counts more than a report, a report more than a click."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select

from app.webinars.attending import registrations_at
from app.webinars.coming import has_come, has_come_column
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Webinar

HAVE_A_PLACE = frozenset(
    {
        RegistrationState.CONFIRMED,
        RegistrationState.ON_HOLD,
        RegistrationState.WAITLISTED,
        RegistrationState.OFFERED,
    }
)
"""Who waits may have come all the same."""


def was_there(registration: Registration) -> bool:
    return has_come(registration)


def was_there_column() -> ColumnElement[bool]:
    """The same for the database, of `Registration`."""
    return has_come_column()


def people_with_a_place(webinar: Webinar) -> Select[Registration]:
    """With their cities, in the order of registering."""
    return registrations_at(webinar).where(Registration.state.in_(HAVE_A_PLACE))


def attending_people(webinar: Webinar) -> Select[Registration]:
    """Everybody with a place who was there, with their cities."""
    return people_with_a_place(webinar).where(was_there_column())
