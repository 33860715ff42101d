"""What single people do for themselves: keep posts, follow topics, write privately."""

from __future__ import annotations

from datetime import timedelta

from app.core.clock import standing_at
from app.demo.cast import Cast
from app.demo.reading import Entry, chapter
from app.forum.bookmarking import keep
from app.forum.enums import FollowLevel
from app.forum.following import follow_topic
from app.forum.posting import text_of
from app.messages.reading import mark_read
from app.messages.writing import send, start


def keep_own_things(cast: Cast) -> None:
    story = chapter("own")
    for entry in story["levels"]:
        topic, person = cast.topics[entry["topic"]], cast.people[entry["email"]]
        follow_topic(topic.id, person, FollowLevel(entry["level"]))
    for entry in story["bookmarks"]:
        _keep(entry, cast)
    for entry in story["conversations"]:
        _write(entry, cast)


def _keep(entry: Entry, cast: Cast) -> None:
    days = entry.get("remind_in_days")
    remind_at = cast.now + timedelta(days=days) if days else None
    post = cast.threads[entry["thread"]].post(entry["number"])
    with standing_at(cast.now - timedelta(days=entry["days_ago"])):
        keep(post, cast.people[entry["email"]], entry["note"], remind_at)


def _write(entry: Entry, cast: Cast) -> None:
    """Who answers has read what was said before; the last message is new for the others."""
    began = cast.now - timedelta(days=entry["days_ago"])
    people = [cast.people[email] for email in entry["people"]]
    first, *later = entry["messages"]
    with standing_at(began):
        conversation = start(people[0], people[1:], entry["subject"], text_of(first["body"]))
    conversation.is_demo = True
    for message in later:
        author = cast.people[message["author"]]
        mark_read(author.id, conversation.id, conversation.last_number)
        with standing_at(began + timedelta(hours=message["hours"])):
            send(conversation, author, text_of(message["body"]))
