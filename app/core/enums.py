"""Words that several domains share."""

from __future__ import annotations

from enum import StrEnum


class Visibility(StrEnum):
    """Who may read something (product.md, Words)."""

    PUBLIC = "public"  # anyone
    NETWORK = "network"  # approved members
    CLOSED = "closed"  # granted groups; its name is shown
    HIDDEN = "hidden"  # granted groups; nobody else learns that it exists


class Attribution(StrEnum):
    """What may be said about who said it."""

    OPEN = "open"
    NETWORK = "network"  # names inside the network only
    CHATHAM_HOUSE = "chatham_house"  # no author, city or seat in any output
