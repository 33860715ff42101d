"""Which registration an answer belongs to (spec/calendar 2.12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.mailbox.addresses import plain_address, spellings
from app.mailbox.answers import Attendee, CalendarAnswer
from app.mailbox.errors import NotForUs
from app.mailbox.letters import Letter
from app.webinars import answerers
from app.webinars.models import Registration, Webinar
from app.webinars.reply_address import is_ours, registration_of_address


@dataclass(frozen=True)
class Match:
    """`by_token`: the mail came to the address that only this person's calendar knows."""

    registration: Registration
    attendee: Attendee
    by_token: bool


@dataclass(frozen=True)
class Stranger:
    """Somebody whose calendar answers an invitation that was another's."""

    webinar: Webinar
    attendee: Attendee


def match(answer: CalendarAnswer, letter: Letter, envelope_to: str) -> Match | Stranger:
    """Raise NotForUs when it answers nothing of ours, or nobody can say who answers."""
    if answer.organizer is not None and not is_ours(answer.organizer):
        raise NotForUs("It answers to another organizer.")
    webinar = answerers.webinar_of_uid(answer.uid)
    if webinar is None:
        raise NotForUs("No webinar has this UID.")
    owner = _by_token(webinar, letter, envelope_to)
    if owner is not None and (mine := _only(answer, spellings(owner.email))):
        return Match(owner, mine, by_token=True)
    attendee = _relevant(answer, letter)
    registration = answerers.registration_at(webinar, spellings(attendee.address))
    if registration is None:
        return Stranger(webinar, attendee)
    return Match(registration, attendee, by_token=False)


def token_owner(letter: Letter, envelope_to: str) -> Registration | None:
    """The registration whose own address the mail came to; None when it is not plainly one."""
    own = registration_of_address(plain_address(envelope_to))
    found = {own} if own is not None else set(_numbers(letter.recipients))
    return answerers.registration_numbered(found.pop()) if len(found) == 1 else None


def _by_token(webinar: Webinar, letter: Letter, envelope_to: str) -> Registration | None:
    owner = token_owner(letter, envelope_to)
    if owner is not None and owner.webinar_id != webinar.id:
        raise NotForUs("The address belongs to another webinar than the UID.")
    return owner


def _numbers(addresses: Iterable[str]) -> Iterable[int]:
    for address in addresses:
        if (number := registration_of_address(address)) is not None:
            yield number


def _only(answer: CalendarAnswer, addresses: set[str]) -> Attendee | None:
    """The one attendee line of these addresses; the same line twice is one."""
    mine = {attendee for attendee in answer.attendees if attendee.address in addresses}
    if len(mine) > 1:
        raise NotForUs("It says different things of the same attendee.")
    return next(iter(mine), None)


def _relevant(answer: CalendarAnswer, letter: Letter) -> Attendee:
    """The attendee who sent it; if there is but one, that one, proven or not."""
    everybody = list(dict.fromkeys(answer.attendees))
    sending = [a for a in everybody if letter.sender and letter.sender in {a.address, a.sent_by}]
    own = [a for a in sending if a.address == letter.sender] or sending
    if len(own or everybody) != 1:
        raise NotForUs(f"It has {len(everybody)} attendees, and not one of them sent it.")
    return (own or everybody)[0]
