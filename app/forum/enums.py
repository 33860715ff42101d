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
    MUTED = "muted"
    NORMAL = "normal"
    FOLLOWING = "following"
    LOUD = "loud"


class Show(StrEnum):
    """Which threads of a topic a list holds."""

    ALL = "all"
    NEW = "new"
    FOLLOWING = "following"
    UNANSWERED = "unanswered"
