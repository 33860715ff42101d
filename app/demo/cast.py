"""Who and what the story is about, found by the names the story uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.accounts.models import Group, User
from app.files.uploading import Prepared
from app.forum.models import Post, Thread
from app.network.models import City, Organisation
from app.topics.models import Topic
from app.webinars.models import Webinar

MAIL_DOMAIN = "demo.invalid"


@dataclass
class Told:
    """A conversation with all that was said in it, in the order of the numbers."""

    thread: Thread
    posts: list[Post]

    def post(self, number: int) -> Post:
        return self.posts[number - 1]


@dataclass
class Cast:
    """`now` is the moment the story is told: "days ago" counts from it."""

    now: datetime
    bodies: dict[str, City | Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    threads: dict[str, Told] = field(default_factory=dict)
    webinars: dict[str, Webinar] = field(default_factory=dict)
    enclosures: dict[str, Prepared] = field(default_factory=dict)

    def group_id(self, slug: str | None) -> int | None:
        return self.groups[slug].id if slug else None
