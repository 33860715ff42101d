"""What people answer to a candidate slot."""

from __future__ import annotations

from enum import StrEnum


class Vote(StrEnum):
    YES = "yes"
    IF_NEEDED = "if_needed"
    NO = "no"
