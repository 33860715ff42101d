"""What is kept of a webinar, and for whom."""

from __future__ import annotations

from enum import StrEnum


class MaterialKind(StrEnum):
    SLIDES = "slides"
    PAPER = "paper"
    LINK = "link"
    OTHER = "other"


class Sharing(StrEnum):
    """Who may have it: as wide as the webinar itself at most."""

    REGISTERED = "registered"  # whoever had a place
    AUDIENCE = "audience"  # whoever may see the webinar


class TrackKind(StrEnum):
    """HTML's kinds of text tracks, and the transcript."""

    CAPTIONS = "captions"
    TRANSCRIPT = "transcript"
