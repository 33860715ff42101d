"""For what somebody speaks: for themselves, as staff of a body, or formally for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.enums import SeatRole
from app.accounts.models import Seat, User
from app.accounts.queries import seats_of
from app.core.i18n import _
from app.forum.enums import Standing
from app.forum.errors import NotYourSeat
from app.network.naming import body_name

Choice = tuple[str, str]


@dataclass(frozen=True)
class Speaker:
    """What a post is stored with. A personal view has no seat: it is nobody else's word."""

    standing: Standing
    seat: Seat | None


def usual_speaker(author: User) -> Speaker:
    """Where nobody was asked: staff, with the oldest seat; without a seat oneself."""
    return _usual(seats_of(author))


def speaker_of(seats: Sequence[Seat], choice: str) -> Speaker:
    """Read "personal", "staff:3" or "formal:3"; nothing is the usual. Raise NotYourSeat."""
    if not choice:
        return _usual(seats)
    offered = dict(_speakers(seats))
    if choice not in offered:
        raise NotYourSeat
    return offered[choice]


def speaker_choices(seats: Sequence[Seat]) -> list[Choice]:
    """Values and words of all a person may speak as, the usual one first."""
    return [(value, _words(speaker)) for value, speaker in _speakers(seats)]


def _usual(seats: Sequence[Seat]) -> Speaker:
    return Speaker(Standing.STAFF, seats[0]) if seats else Speaker(Standing.PERSONAL, None)


def _speakers(seats: Sequence[Seat]) -> list[tuple[str, Speaker]]:
    voices = [seat for seat in seats if seat.role is SeatRole.VOICE]
    of_seats = [Speaker(Standing.STAFF, seat) for seat in seats]
    of_seats += [Speaker(Standing.FORMAL, seat) for seat in voices]
    named = [(f"{one.standing.value}:{one.seat.id}", one) for one in of_seats if one.seat]
    return [*named, (Standing.PERSONAL.value, Speaker(Standing.PERSONAL, None))]


def _words(speaker: Speaker) -> str:
    seat = speaker.seat
    if seat is None:
        return _("Myself, my personal view")
    body = seat.city or seat.organisation
    name = body_name(body) if body else ""
    if speaker.standing is Standing.FORMAL:
        return _("%(name)s, its formal position", name=name)
    parts = [seat.title, "" if name in seat.title else name]
    return ", ".join(part for part in parts if part)
