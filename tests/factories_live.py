"""Rooms, questions, polls, attendance and what comes after, for tests."""

from __future__ import annotations
