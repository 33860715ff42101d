"""Each thing that was done to a thread as a whole sentence, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import format_date

from app.core.enums import Attribution
from app.core.i18n import _, ngettext
from app.forum.enums import EventKind
from app.forum.showing_events import EventRow

ICONS = {
    EventKind.MOVED: "folder-input",
    EventKind.SPLIT_OUT: "split",
    EventKind.SPLIT_FROM: "split",
    EventKind.MERGED_IN: "merge",
    EventKind.LOCKED: "lock",
    EventKind.UNLOCKED: "lock-open",
    EventKind.PINNED: "pin",
    EventKind.UNPINNED: "pin-off",
    EventKind.RENAMED: "pencil",
    EventKind.RETAGGED: "tag",
    EventKind.ACCEPTED: "circle-check",
    EventKind.UNACCEPTED: "circle-dashed",
    EventKind.HIDDEN: "eye-off",
    EventKind.UNHIDDEN: "eye",
    EventKind.TIGHTENED: "shield",
    EventKind.TIME_BOXED: "timer",
    EventKind.TIME_IS_UP: "timer-off",
    EventKind.CONSOLIDATED: "file-check",
    EventKind.HANDED_OVER: "users",
}


def event_sentence(event: EventRow) -> str:
    return SENTENCES[event.kind](event)


def event_icon(event: EventRow) -> str:
    return ICONS[event.kind]


def _who(event: EventRow) -> str:
    return event.actor or _("A steward")


def _moved(event: EventRow) -> str:
    who, before, after = _who(event), event.topic_before, event.topic_after
    if before and after:
        return _(
            "%(who)s moved this thread from %(before)s to %(after)s.",
            who=who,
            before=before,
            after=after,
        )
    return _("%(who)s moved this thread from another topic.", who=who)


def _split_out(event: EventRow) -> str:
    count = event.number("count")
    if event.other is None:
        return ngettext(
            "%(who)s moved %(num)s post to another thread.",
            "%(who)s moved %(num)s posts to another thread.",
            count,
            who=_who(event),
        )
    return ngettext(
        "%(who)s moved %(num)s post to the thread “%(title)s”.",
        "%(who)s moved %(num)s posts to the thread “%(title)s”.",
        count,
        who=_who(event),
        title=event.other.title,
    )


def _split_from(event: EventRow) -> str:
    count = event.number("count")
    if event.other is None:
        return ngettext(
            "%(who)s took %(num)s post from another thread.",
            "%(who)s took %(num)s posts from another thread.",
            count,
            who=_who(event),
        )
    return ngettext(
        "%(who)s took %(num)s post from the thread “%(title)s”.",
        "%(who)s took %(num)s posts from the thread “%(title)s”.",
        count,
        who=_who(event),
        title=event.other.title,
    )


def _merged_in(event: EventRow) -> str:
    return ngettext(
        "%(who)s merged another thread into this one: %(num)s post.",
        "%(who)s merged another thread into this one: %(num)s posts.",
        event.number("count"),
        who=_who(event),
    )


def _renamed(event: EventRow) -> str:
    who, old = _who(event), event.text("old")
    if not old:
        return _("%(who)s renamed this thread.", who=who)
    return _("%(who)s renamed this thread. Before: “%(old)s”.", who=who, old=old)


def _retagged(event: EventRow) -> str:
    who = _who(event)
    added, removed = ", ".join(event.tag_names("added")), ", ".join(event.tag_names("removed"))
    if added and removed:
        return _(
            "%(who)s added tags: %(added)s. Removed: %(removed)s.",
            who=who,
            added=added,
            removed=removed,
        )
    if added:
        return _("%(who)s added tags: %(added)s.", who=who, added=added)
    if removed:
        return _("%(who)s removed tags: %(removed)s.", who=who, removed=removed)
    return _("%(who)s changed the tags.", who=who)


def _accepted(event: EventRow) -> str:
    number = event.number("number")
    if event.actor is None:
        return _("Post %(number)s was accepted as the answer.", number=number)
    return _("%(who)s accepted post %(number)s as the answer.", who=event.actor, number=number)


def _unaccepted(event: EventRow) -> str:
    if event.actor is None:
        return _("The accepted answer was taken back: the question is open again.")
    return _("%(who)s took the accepted answer back: the question is open again.", who=event.actor)


def _hidden(event: EventRow) -> str:
    return _("%(who)s hid post %(number)s.", who=_who(event), number=event.number("number"))


def _unhidden(event: EventRow) -> str:
    return _(
        "%(who)s showed post %(number)s again.", who=_who(event), number=event.number("number")
    )


def _tightened(event: EventRow) -> str:
    if event.text("new") == Attribution.CHATHAM_HOUSE:
        return _(
            "%(who)s put this thread under the Chatham House Rule: names and cities are not "
            "shown to anybody any more.",
            who=_who(event),
        )
    return _(
        "%(who)s made this thread more confidential: names are shown to members only.",
        who=_who(event),
    )


def _time_boxed(event: EventRow) -> str:
    until = _day_of(event.text("until"))
    if not until:
        return _("This question takes answers for a fixed time.")
    return _("This question takes answers until %(day)s.", day=until)


def _consolidated(event: EventRow) -> str:
    number = event.number("number")
    if not number:
        return _("There is a consolidated reply now.")
    return _(
        "Post %(number)s is the consolidated reply: it brings all answers together.", number=number
    )


def _handed_over(event: EventRow) -> str:
    if event.actor is None:
        return _("Somebody else looks after this thread now.")
    return _("%(who)s handed this thread over. Somebody else looks after it now.", who=event.actor)


def _day_of(written: str) -> str:
    try:
        return str(format_date(datetime.fromisoformat(written), "long", rebase=False))
    except ValueError:
        return ""


SENTENCES: dict[EventKind, Callable[[EventRow], str]] = {
    EventKind.MOVED: _moved,
    EventKind.SPLIT_OUT: _split_out,
    EventKind.SPLIT_FROM: _split_from,
    EventKind.MERGED_IN: _merged_in,
    EventKind.LOCKED: lambda event: _("%(who)s locked this thread.", who=_who(event)),
    EventKind.UNLOCKED: lambda event: _("%(who)s opened this thread again.", who=_who(event)),
    EventKind.PINNED: lambda event: _("%(who)s pinned this thread.", who=_who(event)),
    EventKind.UNPINNED: lambda event: _("%(who)s unpinned this thread.", who=_who(event)),
    EventKind.RENAMED: _renamed,
    EventKind.RETAGGED: _retagged,
    EventKind.ACCEPTED: _accepted,
    EventKind.UNACCEPTED: _unaccepted,
    EventKind.HIDDEN: _hidden,
    EventKind.UNHIDDEN: _unhidden,
    EventKind.TIGHTENED: _tightened,
    EventKind.TIME_BOXED: _time_boxed,
    EventKind.TIME_IS_UP: lambda event: _("The time for answers is over."),
    EventKind.CONSOLIDATED: _consolidated,
    EventKind.HANDED_OVER: _handed_over,
}
