"""States of notes, corrections, decisions and actions (spec/webinars 6.4)."""

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
    PREFILLED = "prefilled"  # what was known before anybody wrote
    CORRECTED = "corrected"  # somebody who was there proposed it
    REMOVED = "removed"  # the section was taken out; its texts stay


class NoteKind(StrEnum):
    GENERAL = "general"
    ITEM = "item"  # of the agenda
    EARLIER = "earlier"  # what became of the open actions of earlier sessions
    QUESTIONS = "questions"  # still open at the end
    EXTRA = "extra"


class Naming(StrEnum):
    """How people are named in what is handed out, from open to strict."""

    PERSON = "person"
    CITY = "city"
    ACTOR = "actor"  # the kind of organisation: a city, a national body, civil society
    NOBODY = "nobody"  # the Chatham House rule


class CorrectionState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DecisionStatus(StrEnum):
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
