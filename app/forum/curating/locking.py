"""Closing a thread to replies, and keeping it on top of its topic. Each act can be undone."""

from __future__ import annotations

from app.accounts.models import User
from app.forum.chronicling import note_event
from app.forum.enums import EventKind
from app.forum.models import Thread


def set_locked(thread: Thread, actor: User, *, locked: bool) -> bool:
    """Lock or unlock a thread that is held; return whether that changed anything."""
    if thread.is_locked == locked:
        return False
    thread.is_locked = locked
    note_event(thread, EventKind.LOCKED if locked else EventKind.UNLOCKED, actor)
    return True


def set_pinned(thread: Thread, actor: User, *, pinned: bool) -> bool:
    """Pin or unpin a thread that is held; return whether that changed anything."""
    if thread.is_pinned == pinned:
        return False
    thread.is_pinned = pinned
    note_event(thread, EventKind.PINNED if pinned else EventKind.UNPINNED, actor)
    return True
