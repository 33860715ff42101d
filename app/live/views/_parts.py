"""The parts of the live page that change while people look at it.

Each is rendered once for all readers of a kind, and kept under what it was made from: the
webinar's revision and version, the language, and what these readers are to the webinar.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, render_template
from markupsafe import Markup

from app.accounts.login import viewer
from app.core.clock import utcnow
from app.core.forgery import with_token
from app.core.fragments import Key, many_fragments
from app.core.i18n import language
from app.core.visitor_pages import RELEASE
from app.live import devices, rooming
from app.live.attendees import attendee_of
from app.live.joining import Entrance, Standing
from app.live.looking import Look
from app.live.own_marks import Known, Later, chosen
from app.live.views._arriving import arrival_at, device_key
from app.polls.showing import control_of, poll_cards
from app.polls.voting import own_options_at
from app.questions.own_part import OwnPart, own_part_at
from app.questions.showing import listing_for, reader_of, vote_names
from app.webinars.phases import phase
from app.webinars.seats import place_in_line

ROOM, POLLS, QUESTIONS = "live/_room.html", "live/_polls.html", "live/_questions.html"
STATE, OWN = "live/_state.html", "live/_own.html"
NOTHING_OWN = Markup('<div id="live-own"></div>')


@dataclass(frozen=True)
class Visit:
    """Somebody who belongs there looks at the live page now."""

    seen: Look
    entrance: Entrance
    token: str

    @property
    def kind(self) -> Key:
        """All readers of one kind are shown the same, but for what `own_marks` chooses."""
        seen, entrance = self.seen, self.entrance
        return (
            *(seen.id, seen.revision, seen.version, str(phase(cast(Any, seen), utcnow()))),
            *(str(entrance.standing), str(entrance.door), entrance.may_enter, self.is_elsewhere),
            *(seen.manages(viewer()), seen.is_member(viewer()), bool(self.token), language()),
            self.votes,
        )

    @property
    def is_elsewhere(self) -> bool:
        seen = self.seen
        is_bound = seen.came_by_link and devices.is_bound(seen.owner_id, viewer())
        return is_bound and devices.is_elsewhere(seen.held, device_key())

    @property
    def votes(self) -> bool:
        """A speaker without account and registration cannot be counted."""
        return bool(self.seen.registration_id or self.seen.user_id(viewer()))

    def own_options(self) -> tuple[int, ...]:
        return own_options_at(*self._voter())

    def own_part(self) -> OwnPart:
        return own_part_at(*self._voter())

    def _voter(self) -> tuple[int, int | None, int | None]:
        return self.seen.id, self.seen.user_id(viewer()), self.seen.registration_id


def tag_of(visit: Visit) -> str:
    """Own votes change with the revision; only where one stands is one's own besides."""
    basis = (current_app.extensions[RELEASE], *visit.kind)
    return hashlib.blake2b(repr(basis).encode(), digest_size=12).hexdigest()


def parts_of(visit: Visit) -> str:
    """All parts, each an element with an id."""
    return "".join(page_parts(visit).values())


def page_parts(visit: Visit) -> dict[str, Markup]:
    """The same one by one, for the page: own, state, room, polls, questions."""
    own, texts = visit.own_part(), _texts(visit, _keys(visit))
    known = Known(vote_names(own.votes), visit.token)
    kept = [with_token(chosen(text, known)) for text in texts]
    names = ("own", "state", "room", "polls", "questions")
    return dict(zip(names, (_own(visit, own), *kept), strict=True))


def _own(visit: Visit, own: OwnPart) -> Markup:
    """Kept nowhere, and next to nothing for whoever waits for nothing."""
    if not own.waiting:
        return NOTHING_OWN
    values = {"waiting": own.waiting, "webinar_id": visit.seen.id, "token": visit.token}
    return Markup(render_template(OWN, **values))  # noqa: S704 - our template


def _keys(visit: Visit) -> list[Key]:
    kind = visit.kind
    is_waiting = visit.entrance.standing is Standing.WAITING
    place = visit.seen.registration_id if is_waiting else None  # each has their own place in line
    return [
        (STATE, *kind),
        (ROOM, *kind, place),
        (POLLS, *kind, visit.own_options()),
        (QUESTIONS, *kind),
    ]


def _texts(visit: Visit, keys: list[Key]) -> list[str]:
    def make(missing: list[Key]) -> dict[Key, str]:
        values = _values(visit)
        return {key: _made(str(key[0]), values) for key in missing}

    return many_fragments(keys, make)


def _made(template: str, values: dict[str, Any]) -> str:
    values = dict(values)
    if template == POLLS:
        values["poll_cards"] = poll_cards(values["webinar"], values["attendee"])
        values["poll_control"] = control_of(values["webinar"], values["attendee"])
    if template == QUESTIONS:
        listing = listing_for(values["webinar"], reader_of(values["attendee"]))
        values |= {"listing": listing, "rows": listing.rows}
    return render_template(template, **values)


def _values(visit: Visit) -> dict[str, Any]:
    arrival = arrival_at(visit.seen.id, visit.token)
    webinar, room, waits = arrival.webinar, arrival.room, visit.entrance.standing
    own = Later(by_token=bool(visit.token))
    may_enter = visit.entrance.may_enter
    return {
        "webinar": webinar,
        "room": room,
        "attendee": (attendee := attendee_of(webinar, viewer(), visit.token)),
        "attendee_kind": attendee,
        "entrance": visit.entrance,
        "is_elsewhere": visit.is_elsewhere,
        "has_room": may_enter and bool(arrival.address()),
        "has_failed": rooming.has_failed(room),
        "at_backup": rooming.is_at_backup(room),
        "dial_in": rooming.dial_in(room) if may_enter else None,
        "phase": phase(webinar, utcnow()),
        "place": place_in_line(arrival.registration) if waits is Standing.WAITING else 0,
        "own": own,
        "token": own.token,
    }
