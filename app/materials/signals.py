"""What happens to what is kept of a webinar."""

from __future__ import annotations

from blinker import Signal

recording_published = Signal("recording_published: the sender is the WebinarRecording")
