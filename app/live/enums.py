"""What kinds of rooms there are."""

from __future__ import annotations

from enum import StrEnum


class Provider(StrEnum):
    """Who keeps the room. LINK: an address that the organisers paste, of any service."""

    LINK = "link"
    JITSI = "jitsi"
    BIGBLUEBUTTON = "bigbluebutton"
