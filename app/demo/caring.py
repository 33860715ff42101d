"""What people do to conversations: choose answers, sum up, set days, move, lock, pin, hide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.accounts.models import User
from app.core.clock import standing_at
from app.demo.cast import Cast, Told
from app.demo.reading import Entry
from app.forum.accepting import accept
from app.forum.curating.hiding import hide
from app.forum.curating.holding import hold
from app.forum.curating.locking import set_locked, set_pinned
from app.forum.curating.moving import move
from app.forum.curating.tagging import retag
from app.forum.overviewing import save_overview
from app.forum.posting import text_of
from app.forum.timeboxing import deadline_event, end_time, set_deadline


def care(told: Told, entry: Entry, cast: Cast) -> None:
    """One act of the story, by a person in it, on the thread that is held."""
    hold(told.thread.id)
    ACTS[entry["act"]](told, entry, cast)


def _accept(told: Told, entry: Entry, cast: Cast) -> None:
    accept(told.post(entry["number"]), _actor(entry, cast))


def _sum_up(told: Told, entry: Entry, cast: Cast) -> None:
    text = text_of(entry["body"].strip(), entry.get("language", "en"))
    save_overview(told.thread, _actor(entry, cast), text, told.thread.overview_revision)


def _set_day(told: Told, entry: Entry, cast: Cast) -> None:
    day = (told.thread.created_at + timedelta(days=entry["days"])).date()
    set_deadline(told.thread, _actor(entry, cast), day)


def _end_time(told: Told, entry: Entry, cast: Cast) -> None:
    """Nobody presses anything: the day the asker chose is over."""
    with standing_at(told.thread.answers_by or cast.now):
        end_time(told.thread.id, deadline_event(told.thread))


def _tag(told: Told, entry: Entry, cast: Cast) -> None:
    retag(told.thread, entry["tags"], _actor(entry, cast))


def _move(told: Told, entry: Entry, cast: Cast) -> None:
    move(told.thread, cast.topics[entry["topic"]], _actor(entry, cast))


def _lock(told: Told, entry: Entry, cast: Cast) -> None:
    set_locked(told.thread, _actor(entry, cast), locked=True)


def _pin(told: Told, entry: Entry, cast: Cast) -> None:
    set_pinned(told.thread, _actor(entry, cast), pinned=True)


def _hide(told: Told, entry: Entry, cast: Cast) -> None:
    hide(told.post(entry["number"]), _actor(entry, cast), entry["reason"])


def _actor(entry: Entry, cast: Cast) -> User:
    return cast.people[entry["by"]]


ACTS: dict[str, Callable[[Told, Entry, Cast], None]] = {
    "accept": _accept,
    "sum_up": _sum_up,
    "set_day": _set_day,
    "end_time": _end_time,
    "tag": _tag,
    "move": _move,
    "lock": _lock,
    "pin": _pin,
    "hide": _hide,
}
