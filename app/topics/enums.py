"""The six line colours a topic's badge can have (design brief, section 5)."""

from __future__ import annotations

from enum import StrEnum


class LineColour(StrEnum):
    MOBILITY = "mobility"
    CLIMATE = "climate"
    HOUSING = "housing"
    DIGITAL = "digital"
    PEOPLE = "people"
    PLACES = "places"
