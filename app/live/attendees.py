"""Who takes part in a webinar: a member who may see it, or whoever has a place at it."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import User
from app.core.db import db
from app.webinars.attending import one_registration, registration_of, speaker_of
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.permissions import can_manage

PLACED = frozenset(
    {
        RegistrationState.CONFIRMED,
        RegistrationState.ON_HOLD,
        RegistrationState.WAITLISTED,
        RegistrationState.OFFERED,
    }
)


@dataclass(frozen=True)
class Attendee:
    """One person as questions and polls count them: `user` where there is an account, else
    `registration`. A host organises or speaks; `manages` is who may moderate."""

    webinar: Webinar
    user: User | None
    registration: Registration | None
    speaker: Speaker | None
    manages: bool

    @property
    def user_id(self) -> int | None:
        """The account that a vote counts for."""
        return self.user.id if self.user else None

    @property
    def registration_id(self) -> int | None:
        """The registration that a vote counts for: None for whoever has an account."""
        return None if self.user or not self.registration else self.registration.id

    @property
    def is_host(self) -> bool:
        return self.manages or self.speaker is not None

    @property
    def takes_part(self) -> bool:
        """May ask and vote. Applicants read like visitors unless they have a place."""
        is_placed = self.registration is not None and self.registration.state in PLACED
        is_member = self.user is not None and self.user.is_approved
        return is_member or is_placed or self.is_host


def attendee_of(webinar: Webinar, viewer: User | None, token: str) -> Attendee:
    """By account, or by the token of a personal link. Callers read a webinar that may be seen.

    A link opened in the browser of another account is that registration's, not the account's.
    """
    linked = db.session.scalars(one_registration(token)).first() if token else None
    if linked is not None and linked.webinar_id != webinar.id:
        linked = None
    registration = linked or registration_of(viewer, webinar)
    user = _account(registration) if linked else viewer
    return Attendee(
        webinar=webinar,
        user=user,
        registration=registration,
        speaker=speaker_of(viewer, webinar, token),
        manages=can_manage(viewer, webinar),
    )


def _account(registration: Registration | None) -> User | None:
    return registration.user if registration else None
