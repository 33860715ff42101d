"""The conversations, told on the days they happen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from app.accounts.models import User
from app.accounts.queries import seats_of
from app.core.clock import standing_at
from app.core.db import db
from app.core.enums import Attribution, Visibility
from app.demo.caring import care
from app.demo.cast import Cast, Told
from app.demo.enclosing import enclose
from app.demo.reading import Entry, chapter
from app.forum.consolidating import post_consolidated
from app.forum.enums import ResponseKind, ThreadKind
from app.forum.following import follow
from app.forum.models import Post, Thread
from app.forum.posting import Audience, NewThread, reply, start_thread, text_of
from app.forum.queries import one_post
from app.forum.responding import toggle
from app.forum.standing import Speaker, speaker_of


def talk(cast: Cast) -> None:
    for entry in chapter("threads")["threads"]:
        told = _tell(entry, cast)
        cast.threads[str(entry.get("key", entry["title"]))] = told


def _tell(entry: Entry, cast: Cast) -> Told:
    """What was said and what was done to it, in the order of the hours after the opening."""
    began = cast.now - timedelta(days=entry["days_ago"])
    author = cast.people[entry["author"]]
    with standing_at(began):
        thread = _open(entry, author, cast)
    told = Told(thread, [db.session.scalars(one_post(author, thread.id, 1)).one()])
    _finish(told.posts[0], entry, cast)
    for hours, step in _steps(entry):
        with standing_at(min(began + timedelta(hours=hours), cast.now)):
            if "act" in step:
                care(told, step, cast)
            else:
                told.posts.append(_say(thread, step, cast))
                _finish(told.posts[-1], step, cast)
    for email in entry.get("follow", []):
        follow(thread, cast.people[email])
    return told


def _steps(entry: Entry) -> Iterator[tuple[int, Entry]]:
    steps = [*entry.get("replies", []), *entry.get("acts", [])]
    for step in sorted(steps, key=lambda one: int(one["hours"])):
        yield step["hours"], step


def _open(entry: Entry, author: User, cast: Cast) -> Thread:
    visibility = Visibility(entry["visibility"]) if "visibility" in entry else None
    attribution = Attribution(entry["attribution"]) if "attribution" in entry else None
    new = NewThread(
        title=entry["title"],
        text=text_of(entry["body"].strip(), entry.get("language", "en")),
        kind=ThreadKind(entry["kind"]),
        audience=Audience(visibility, cast.group_id(entry.get("group"))),
        attribution=attribution,
        is_demo=True,
    )
    return start_thread(cast.topics[entry["topic"]], author, new)


def _say(thread: Thread, entry: Entry, cast: Cast) -> Post:
    author = cast.people[entry["author"]]
    text = text_of(entry["body"].strip(), entry.get("language") or thread.language)
    if entry.get("consolidates"):
        return post_consolidated(thread, author, text)
    speaker = _formally(author) if entry.get("is_formal") else None
    return reply(thread, author, text, reply_to=entry.get("reply_to"), speaker=speaker)


def _formally(author: User) -> Speaker:
    seats = seats_of(author)
    return speaker_of(seats, f"formal:{seats[0].id}")


def _finish(post: Post, entry: Entry, cast: Cast) -> None:
    """What comes with a post: its files, and what others say to it with one press."""
    if "files" in entry:
        enclose(post, cast.people[entry["author"]], entry["files"], cast)
    for kind, emails in entry.get("responses", {}).items():
        for email in emails:
            toggle(post, cast.people[email], ResponseKind(kind))
