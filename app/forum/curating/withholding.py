"""Saying less about who said what. More only with everybody's consent, which is not asked here."""

from __future__ import annotations

from app.accounts.models import User
from app.core.enums import Attribution
from app.forum.chronicling import note_event
from app.forum.curating.errors import CannotRelax
from app.forum.enums import EventKind
from app.forum.models import Thread
from app.forum.signals import thread_changed

STRICTER = list(Attribution)
"""From the loosest to the strictest."""


def is_stricter(one: Attribution, other: Attribution) -> bool:
    return STRICTER.index(one) > STRICTER.index(other)


def tighten(thread: Thread, attribution: Attribution, actor: User) -> bool:
    """Promise more discretion in a thread that is held; return whether that changed anything.

    Raise CannotRelax for less.
    """
    if is_stricter(thread.attribution, attribution):
        raise CannotRelax
    if thread.attribution is attribution:
        return False
    old, thread.attribution = thread.attribution, attribution
    note_event(thread, EventKind.TIGHTENED, actor, old=old.value, new=attribution.value)
    thread_changed.send(thread, actor=actor, kind=EventKind.TIGHTENED)
    return True
