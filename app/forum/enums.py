"""Kinds of threads, ways to speak, ways to follow."""

from __future__ import annotations

from enum import StrEnum


class ThreadKind(StrEnum):
    DISCUSSION = "discussion"
    QUESTION = "question"
    ANNOUNCEMENT = "announcement"
    PRACTICE = "practice"
    PREP = "prep"  # before a webinar


class Standing(StrEnum):
    """What a post speaks for."""

    PERSONAL = "personal"
    STAFF = "staff"
    FORMAL = "formal"


class FollowLevel(StrEnum):
    """Of threads and topics; NEW (one notice per new thread) only of topics."""

    MUTED = "muted"
    NORMAL = "normal"
    NEW = "new"
    FOLLOWING = "following"
    LOUD = "loud"


class Show(StrEnum):
    """Which threads of a topic a list holds."""

    ALL = "all"
    NEW = "new"
    FOLLOWING = "following"
    UNANSWERED = "unanswered"
    SOLVED = "solved"
    MINE = "mine"


class Sort(StrEnum):
    """The order of a list of threads."""

    LATEST = "latest"
    NEWEST = "newest"
    OLDEST = "oldest"
    REPLIES = "replies"


class State(StrEnum):
    """What a thread can be besides its kind."""

    OPEN = "open"
    LOCKED = "locked"
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    UNANSWERED = "unanswered"
    PINNED = "pinned"


class ResponseKind(StrEnum):
    """What a reader can say with one press."""

    HELPFUL = "helpful"
    SAME_HERE = "same_here"
    WILL_TRY = "will_try"


class EventKind(StrEnum):
    """What was done to a thread, as its readers see it."""

    MOVED = "moved"
    SPLIT_OUT = "split_out"
    SPLIT_FROM = "split_from"
    MERGED_IN = "merged_in"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    RENAMED = "renamed"
    RETAGGED = "retagged"
    ACCEPTED = "accepted"
    UNACCEPTED = "unaccepted"
    HIDDEN = "hidden"
    UNHIDDEN = "unhidden"
    TIGHTENED = "tightened"  # fewer may read it or fewer may say who spoke
    TIME_BOXED = "time_boxed"
    TIME_IS_UP = "time_is_up"
    CONSOLIDATED = "consolidated"
    HANDED_OVER = "handed_over"


class EditWay(StrEnum):
    """How somebody may change a post."""

    FREELY = "freely"
    AS_STEWARD = "as_steward"  # with a reason that its author reads
    ADDENDUM = "addendum"  # only add to it
    ASK_STEWARD = "ask_steward"  # too long ago
