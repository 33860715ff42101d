"""What happens in conversations. Sent inside the transaction of the change."""

from __future__ import annotations

from blinker import Signal

thread_started = Signal("sent with the thread, after its opening post is there")
post_created = Signal("sent with the post and its `text`, opening posts included")
post_edited = Signal("sent with the post when its text changed, also inside the grace time")
post_removed = Signal("sent with the post when it was deleted or hidden")
post_restored = Signal("sent with the post when it can be read again")
thread_changed = Signal("sent with the thread when its title, topic, tags or visibility changed")
thread_removed = Signal("sent with the thread when its author took all of it away")
thread_restored = Signal("sent with the thread when its author brought it back")
post_edited_by_steward = Signal("sent with the post and `editor`, `reason`: its author is told")
answer_accepted = Signal("sent with the post that became the answer")
answer_unaccepted = Signal("sent with the post that is no longer the answer")
overview_updated = Signal("sent with the thread, after where it stands was written anew")
half_time_reached = Signal("sent with the thread of a time-boxed question")
time_is_up = Signal("sent with the thread when its time-boxed question ended")
bookmark_due = Signal("sent with the bookmark at the hour its owner chose")
posts_moved = Signal("sent with the thread they left, `target`, `posts` in order, and `actor`")
post_hidden = Signal("sent with the post, `actor` and `reason`: its author is told")
post_unhidden = Signal("sent with the post and `actor`: its author is told")
