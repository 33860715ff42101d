"""States of notes, decisions and actions (spec/webinars 6.4)."""

from __future__ import annotations

from enum import StrEnum


class NotesStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


class RevisionKind(StrEnum):
    SAVED = "saved"
    MERGED = "merged"
    BRANCH = "branch"  # a text that clashed: kept, not the head
    RESTORED = "restored"


class DecisionStatus(StrEnum):
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
