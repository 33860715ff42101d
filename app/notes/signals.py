"""What happens with notes."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

summary_published = _signals.signal("notes.summary-published")
"""Sent with the SummaryVersion and `actor` when a summary becomes public."""
