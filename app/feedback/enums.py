"""How a question of a survey is answered."""

from __future__ import annotations

from enum import StrEnum


class SurveyKind(StrEnum):
    SCALE = "scale"  # 1 to 5
    YES_NO = "yes_no"
    TEXT = "text"
