"""What a poll says: one vote for each city, shared by its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from app.datepolls.enums import Vote
from app.datepolls.models import DatePoll, PollSlot, PollVote

WORTH = {Vote.YES: 1.0, Vote.IF_NEEDED: 0.5, Vote.NO: 0.0}


@dataclass(frozen=True)
class Tally:
    """One slot. `cities` is the sum of the cities' votes, each between 0 and 1.

    `without_city` are people who can come but sit for no city; they count only between equals.
    """

    slot: PollSlot
    cities: float
    city_count: int
    yes_count: int
    if_needed_count: int
    no_count: int
    without_city: int


def tallies(poll: DatePoll, votes: Iterable[PollVote]) -> list[Tally]:
    """The slots, the best first; of equals the earlier one."""
    by_slot: dict[int, list[PollVote]] = defaultdict(list)
    for vote in votes:
        by_slot[vote.slot_id].append(vote)
    told = [_tally(slot, by_slot[slot.id]) for slot in poll.slots]
    return sorted(told, key=lambda one: (-one.cities, -one.without_city, one.slot.starts_at))


def _tally(slot: PollSlot, votes: list[PollVote]) -> Tally:
    by_city: dict[int | None, list[float]] = defaultdict(list)
    for vote in votes:
        by_city[vote.city_id].append(WORTH[vote.value])
    alone = by_city.pop(None, [])
    values = [vote.value for vote in votes]
    return Tally(
        slot=slot,
        cities=sum(sum(worths) / len(worths) for worths in by_city.values()),
        city_count=len(by_city),
        yes_count=values.count(Vote.YES),
        if_needed_count=values.count(Vote.IF_NEEDED),
        no_count=values.count(Vote.NO),
        without_city=sum(1 for worth in alone if worth),
    )
