"""What happens with notes."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

summary_published = _signals.signal("notes.summary-published")
"""Sent with the SummaryVersion, `actor` and `tells_everybody` when a summary becomes public."""

note_taker_named = _signals.signal("notes.note-taker-named")
"""Sent with the Webinar, `person` and `actor` when somebody is asked to write its notes."""

action_turned = _signals.signal("notes.action-turned")
"""Sent with the Action when it is done, dropped or open again."""

summary_unpublished = _signals.signal("notes.summary-unpublished")
"""Sent with the NoteSet and `actor` when an admin takes a summary back."""

review_opened = _signals.signal("notes.review-opened")
"""Sent with the NoteSet when those who were there may propose corrections."""

correction_proposed = _signals.signal("notes.correction-proposed")
"""Sent with the Correction."""

correction_answered = _signals.signal("notes.correction-answered")
"""Sent with the Correction when it was accepted or rejected."""
