"""Writing quick polls, putting them in order, throwing them away and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.live.revisions import renew
from app.polls.enums import PollState, ResultsShown
from app.polls.errors import PollChanged, TooManyPolls, VotesAreIn
from app.polls.models import QuickPoll, QuickPollOption
from app.polls.queries import polls_at
from app.webinars import seats
from app.webinars.models import Webinar

MOST_POLLS = 20


@dataclass(frozen=True)
class PollTexts:
    """A poll as the form has it."""

    question: str
    options: Sequence[str]
    is_multiple: bool = False
    results: ResultsShown = ResultsShown.VOTED


def write(webinar: Webinar, texts: PollTexts, actor: User) -> QuickPoll:
    """A new poll as the last one; only organisers see it before. Raise TooManyPolls."""
    seats.hold(webinar.id)
    poll = _add(webinar.id, texts, _room(webinar.id), actor.id)
    record(actor.id, "polls.write", f"webinar:{webinar.id}", poll=poll.id)
    _show(poll)
    return poll


def rewrite(poll: QuickPoll, texts: PollTexts, version: int | None, actor: User) -> None:
    """Change the words of a poll that nobody voted in. Raise VotesAreIn, PollChanged."""
    poll = hold(poll)
    if not can_rewrite(poll):
        raise VotesAreIn
    if version != poll.lock_version:
        raise PollChanged
    poll.question, poll.is_multiple = texts.question, texts.is_multiple
    poll.results = texts.results
    poll.options = _options(texts)
    poll.lock_version += 1
    record(actor.id, "polls.rewrite", f"webinar:{poll.webinar_id}", poll=poll.id)
    _show(poll)


def can_rewrite(poll: QuickPoll) -> bool:
    return poll.state != PollState.OPEN and not poll.voters and poll.forgotten_at is None


def move(poll: QuickPoll, *, up: bool) -> None:
    """Change places with the one before or behind."""
    seats.hold(poll.webinar_id)
    polls = list(db.session.scalars(polls_at(poll.webinar_id)))
    here = next((place for place, one in enumerate(polls) if one.id == poll.id), None)
    if here is None:
        return
    there = min(max(here + (-1 if up else 1), 0), len(polls) - 1)
    polls[here], polls[there] = polls[there], polls[here]
    for position, one in enumerate(polls, start=1):
        one.position = position
    _show(poll)


def remove(poll: QuickPoll, actor: User) -> None:
    """An open one is closed with it. It can be brought back for a day. Twice is once."""
    poll = hold(poll)
    if poll.removed_at is None:
        now = utcnow()
        if poll.state == PollState.OPEN:
            poll.state, poll.closed_at = PollState.CLOSED, now
        poll.removed_at = now
        record(actor.id, "polls.remove", f"webinar:{poll.webinar_id}", poll=poll.id)
        _show(poll)


def restore(poll: QuickPoll, actor: User) -> None:
    """Bring it back, closed if it was open. Raise TooManyPolls."""
    poll = hold(poll)
    if poll.removed_at is not None:
        _room(poll.webinar_id)
        poll.removed_at = None
        record(actor.id, "polls.restore", f"webinar:{poll.webinar_id}", poll=poll.id)
        _show(poll)


def copy_texts(source_id: int, target: Webinar, actor_id: int | None) -> int:
    """The same polls for another webinar, as drafts without any vote. Say how many."""
    seats.hold(target.id)
    polls = list(db.session.scalars(polls_at(source_id)))
    for poll in polls:
        labels = [option.label for option in poll.options]
        texts = PollTexts(poll.question, labels, poll.is_multiple, poll.results)
        _add(target.id, texts, _room(target.id), actor_id)
    return len(polls)


def hold(poll: QuickPoll) -> QuickPoll:
    """The poll with its row locked; the webinar's is locked before it, as everywhere."""
    seats.hold(poll.webinar_id)
    return db.session.scalars(locked(select(QuickPoll).where(QuickPoll.id == poll.id))).one()


def _add(webinar_id: int, texts: PollTexts, position: int, actor_id: int | None) -> QuickPoll:
    poll = QuickPoll(
        webinar_id=webinar_id,
        position=position,
        question=texts.question,
        is_multiple=texts.is_multiple,
        results=texts.results,
        created_by_id=actor_id,
        created_at=utcnow(),
        options=_options(texts),
    )
    db.session.add(poll)
    db.session.flush()
    return poll


def _options(texts: PollTexts) -> list[QuickPollOption]:
    numbered = enumerate(texts.options, start=1)
    return [QuickPollOption(position=place, label=label) for place, label in numbered]


def _room(webinar_id: int) -> int:
    """The place behind the last poll. The webinar is locked."""
    places = select(QuickPoll.position).where(
        QuickPoll.webinar_id == webinar_id, QuickPoll.removed_at.is_(None)
    )
    taken = db.session.scalars(places).all()
    if len(taken) >= MOST_POLLS:
        raise TooManyPolls(MOST_POLLS)
    return max(taken, default=0) + 1


def _show(poll: QuickPoll) -> None:
    db.session.flush()
    renew(poll.webinar_id)
