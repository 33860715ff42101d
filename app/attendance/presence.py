"""Who was there: a tick counts more than a report, a report more than a click."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select

from app.webinars.attending import registrations_at
from app.webinars.coming import has_come, has_come_column
from app.webinars.enums import CancelSource, RegistrationState
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


def was_excused(registration: Registration) -> bool:
    """Who was not there and said so before: to the organisers, or by cancelling in time."""
    if was_there(registration):
        return False
    return registration.is_excused or _cancelled_in_time(registration)


def was_there_column() -> ColumnElement[bool]:
    """The same for the database, of `Registration`."""
    return has_come_column()


def people_with_a_place(webinar: Webinar) -> Select[Registration]:
    """With their cities, in the order of registering."""
    return registrations_at(webinar).where(Registration.state.in_(HAVE_A_PLACE))


def attending_people(webinar: Webinar) -> Select[Registration]:
    """Everybody with a place who was there, with their cities."""
    return people_with_a_place(webinar).where(was_there_column())


def _cancelled_in_time(registration: Registration) -> bool:
    """By the person: whom organisers took out is not excused."""
    if registration.state != RegistrationState.CANCELLED or registration.cancelled_at is None:
        return False
    begins = registration.webinar.starts_at
    is_own = registration.cancel_source in {CancelSource.USER, CancelSource.CALENDAR}
    return is_own and (begins is None or registration.cancelled_at < begins)
