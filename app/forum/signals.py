"""What happens in conversations. Sent inside the transaction of the change."""

from __future__ import annotations

from blinker import Signal

thread_started = Signal("sent with the thread, after its opening post is there")
post_created = Signal("sent with the post, opening posts included")
post_edited = Signal("sent with the post when its text changed, also inside the grace time")
