"""States in words."""

from __future__ import annotations

from app.core.i18n import lazy_
from app.webinars.enums import PartStat, RegistrationState, SpeakerState

STATES = {
    RegistrationState.PENDING_EMAIL: lazy_("Address not confirmed"),
    RegistrationState.PENDING_APPROVAL: lazy_("Waits for approval"),
    RegistrationState.CONFIRMED: lazy_("Has a seat"),
    RegistrationState.WAITLISTED: lazy_("On the waiting list"),
    RegistrationState.OFFERED: lazy_("Has an offer"),
    RegistrationState.REJECTED: lazy_("Not admitted"),
    RegistrationState.CANCELLED: lazy_("Has cancelled"),
    RegistrationState.EXPIRED: lazy_("Did not confirm in time"),
    RegistrationState.ON_HOLD: lazy_("On hold"),
}


def state_words(state: RegistrationState) -> str:
    return str(STATES[state])


SPEAKER_STATES = {
    SpeakerState.LISTED: lazy_("Not asked yet"),
    SpeakerState.INVITED: lazy_("Asked, no answer yet"),
    SpeakerState.CONFIRMED: lazy_("Comes"),
    SpeakerState.DECLINED: lazy_("Does not come"),
}


def speaker_state_words(state: SpeakerState) -> str:
    return str(SPEAKER_STATES[state])


ANSWERS = {
    PartStat.ACCEPTED: lazy_("Yes"),
    PartStat.TENTATIVE: lazy_("Maybe"),
    PartStat.DECLINED: lazy_("No"),
    PartStat.DELEGATED: lazy_("Sends somebody else"),
    PartStat.NEEDS_ACTION: lazy_("No answer yet"),
}


def answer_in_words(answer: PartStat) -> str:
    """What a person answered in the calendar."""
    return str(ANSWERS[answer])
