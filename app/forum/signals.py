"""What happens in conversations. Sent inside the transaction of the change."""

from __future__ import annotations

from blinker import Signal

thread_started = Signal("sent with the thread, after its opening post is there")
post_created = Signal("sent with the post, opening posts included")
post_edited = Signal("sent with the post when its text changed, also inside the grace time")
post_removed = Signal("sent with the post when it was deleted or hidden")
post_restored = Signal("sent with the post when it can be read again")
thread_changed = Signal("sent with the thread when its title, topic, tags or visibility changed")
