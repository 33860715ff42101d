"""What follows from a thread and its topic, however much of them was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.core.clock import utcnow
from app.core.enums import Attribution, Visibility
from app.core.slugs import slugify
from app.forum.models import Thread

IDLE_AFTER = timedelta(days=180)


class AboutThread:
    """For classes with a `thread` and a `topic_visibility`."""

    thread: Thread

    @property
    def topic_visibility(self) -> Visibility:
        return self.thread.topic.visibility

    @property
    def slug(self) -> str:
        return slugify(self.thread.title)

    @property
    def names_are_withheld(self) -> bool:
        return self.thread.attribution is Attribution.CHATHAM_HOUSE

    @property
    def is_idle(self) -> bool:
        """So long quiet that who wrote may not look here any more."""
        return self.thread.last_post_at < utcnow() - IDLE_AFTER

    @property
    def audience(self) -> Visibility:
        """Who reads it: the narrower of topic and thread."""
        order = list(Visibility)
        return max(self.thread.visibility, self.topic_visibility, key=order.index)


@dataclass(frozen=True)
class JustThread(AboutThread):
    """A thread by itself."""

    thread: Thread
