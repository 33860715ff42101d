"""Giving a thread another title. Old addresses lead on, for the slug decides nothing."""

from __future__ import annotations

from app.accounts.models import User
from app.forum.chronicling import note_event
from app.forum.enums import EventKind
from app.forum.models import Thread
from app.forum.signals import thread_changed


def rename(thread: Thread, title: str, actor: User) -> bool:
    """Rename a thread that is held; return whether that changed anything."""
    if thread.title == title:
        return False
    old, thread.title = thread.title, title
    note_event(thread, EventKind.RENAMED, actor, old=old, new=title)
    thread_changed.send(thread, actor=actor, kind=EventKind.RENAMED)
    return True
