"""Quick polls as one person sees them: never who chose what, only one's own choice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.core.db import db
from app.live.attendees import Attendee
from app.polls.enums import PollState, ResultsShown
from app.polls.models import QuickPoll
from app.polls.opening import is_its_time
from app.polls.queries import polls_at, shown_polls_at
from app.polls.voting import may_vote, own_options
from app.webinars.models import Webinar

STEP = 5  # percent; each width has a class


@dataclass(frozen=True)
class OptionRow:
    """`percent` is of the people who voted, `step` the width of the bar."""

    id: int
    label: str
    votes: int
    percent: int
    step: int
    is_own: bool


@dataclass(frozen=True)
class PollCard:
    """`shows_results`: to this person, now. `has_voted` is unknown once votes are forgotten."""

    id: int
    question: str
    is_multiple: bool
    is_open: bool
    results: ResultsShown
    voters: int
    options: list[OptionRow]
    has_voted: bool
    may_vote: bool
    shows_results: bool


def poll_cards(webinar: Webinar, attendee: Attendee) -> list[PollCard]:
    """What was opened so far, the open ones first. In as many statements for one as for all."""
    polls = db.session.scalars(shown_polls_at(webinar.id)).all()
    own = frozenset(own_options(webinar.id, attendee)) if polls else frozenset[int]()
    cards = [card(poll, own, attendee) for poll in polls]
    return sorted(cards, key=lambda one: not one.is_open)


def card(poll: QuickPoll, own: Collection[int], attendee: Attendee) -> PollCard:
    has_voted = any(option.id in own for option in poll.options)
    is_open = poll.state == PollState.OPEN
    return PollCard(
        id=poll.id,
        question=poll.question,
        is_multiple=poll.is_multiple,
        is_open=is_open,
        results=poll.results,
        voters=poll.voters,
        options=option_rows(poll, own),
        has_voted=has_voted,
        may_vote=is_open and may_vote(attendee),
        shows_results=attendee.manages or _are_results_shown(poll, has_voted=has_voted),
    )


def option_rows(poll: QuickPoll, own: Collection[int] = ()) -> list[OptionRow]:
    rows = []
    for option in poll.options:
        percent = share(option.votes, poll.voters)
        step = STEP * round(percent / STEP)
        rows.append(
            OptionRow(option.id, option.label, option.votes, percent, step, option.id in own)
        )
    return rows


@dataclass(frozen=True)
class Control:
    """What opens and closes polls from beside the live hour."""

    rows: list[tuple[QuickPoll, list[OptionRow]]]
    is_its_time: bool


def control_of(webinar: Webinar, attendee: Attendee) -> Control | None:
    """For whoever manages the webinar; nobody else."""
    if not attendee.manages:
        return None
    return Control(organisers_polls(webinar), is_its_time(webinar))


def organisers_polls(webinar: Webinar) -> list[tuple[QuickPoll, list[OptionRow]]]:
    """All with their numbers, drafts too."""
    polls = db.session.scalars(polls_at(webinar.id))
    return [(poll, option_rows(poll)) for poll in polls]


def share(part: int, whole: int) -> int:
    """In percent, half up."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def _are_results_shown(poll: QuickPoll, *, has_voted: bool) -> bool:
    """Whoever voted sees them at once where the organisers want it; closed, everybody does."""
    if poll.results == ResultsShown.NEVER:
        return False
    is_closed = poll.state == PollState.CLOSED
    return is_closed or (has_voted and poll.results == ResultsShown.VOTED)
