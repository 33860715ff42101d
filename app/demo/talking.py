"""The conversations, told on the days they happen."""

from __future__ import annotations

from datetime import timedelta

from app.core.clock import standing_at
from app.core.enums import Attribution, Visibility
from app.demo.cast import Cast
from app.demo.reading import Entry, chapter
from app.forum.enums import ThreadKind
from app.forum.following import follow
from app.forum.models import Thread
from app.forum.posting import Audience, NewThread, reply, start_thread, text_of
from app.forum.reading import mark_read

CAREFUL_READERS = ["official@demo.invalid", "official.york@demo.invalid", "organiser@demo.invalid"]
READ_UNTIL = timedelta(days=14)


def talk(cast: Cast) -> None:
    for entry in chapter("threads")["threads"]:
        _tell(entry, cast)


def _tell(entry: Entry, cast: Cast) -> None:
    began = cast.now - timedelta(days=entry["days_ago"])
    with standing_at(began):
        thread = _open(entry, cast)
    last = began
    for answer in entry.get("replies", []):
        last = min(began + timedelta(hours=answer["hours"]), cast.now)
        language = answer.get("language") or thread.language
        with standing_at(last):
            reply(thread, cast.people[answer["author"]], text_of(answer["body"].strip(), language))
    thread.accepted_number = entry.get("accept")
    for email in entry.get("follow", []):
        follow(thread, cast.people[email])
    if last < cast.now - READ_UNTIL:
        _let_people_read(thread, cast)


def _open(entry: Entry, cast: Cast) -> Thread:
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
    thread = start_thread(cast.topics[entry["topic"]], cast.people[entry["author"]], new)
    thread.is_pinned = entry.get("is_pinned", False)
    return thread


def _let_people_read(thread: Thread, cast: Cast) -> None:
    for email in CAREFUL_READERS:
        mark_read(cast.people[email].id, thread.id, thread.last_number)
