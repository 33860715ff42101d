"""What happens to questions. Sent inside the transaction of the change."""

from __future__ import annotations

from blinker import Signal

question_replied = Signal("sent with the question of a member, once it has its answer")
question_dismissed = Signal("sent with the question of a member that is not shown")
question_forwarded = Signal("sent with the question, and `user_id` of the speaker it is for")
