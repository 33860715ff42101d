"""The words of lists: what can be chosen, what was, and what a row says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import User
from app.core.db import Words
from app.core.fragments import fragment
from app.core.i18n import _, in_language, lazy_, ngettext
from app.core.templating import day, number, since
from app.core.zones import to_local
from app.forum.byline import Byline
from app.forum.choosing import Choice, shows_for
from app.forum.curating.tagging import tag_names
from app.forum.enums import Show, Sort, State, ThreadKind
from app.forum.languages import language_choices
from app.forum.listing import MOST_NEW
from app.forum.reach import TOPICS, Reach
from app.forum.rows import ThreadRow
from app.network.naming import language_name
from app.topics.cards import TopicCard
from app.topics.models import Topic

SHOWS: Mapping[Show, Any] = {
    Show.ALL: lazy_("All"),
    Show.NEW: lazy_("New for you"),
    Show.FOLLOWING: lazy_("Following"),
    Show.UNANSWERED: lazy_("Unanswered"),
    Show.SOLVED: lazy_("Solved"),
    Show.MINE: lazy_("Mine"),
}
SORTS: Mapping[Sort, Any] = {
    Sort.LATEST: lazy_("Latest reply first"),
    Sort.NEWEST: lazy_("Newest first"),
    Sort.OLDEST: lazy_("Oldest first"),
    Sort.REPLIES: lazy_("Most replies first"),
}
KINDS: Mapping[ThreadKind, Any] = {
    ThreadKind.QUESTION: lazy_("Question"),
    ThreadKind.DISCUSSION: lazy_("Discussion"),
    ThreadKind.ANNOUNCEMENT: lazy_("Announcement"),
    ThreadKind.PRACTICE: lazy_("Practice"),
    ThreadKind.PREP: lazy_("Before a webinar"),
}
STATES: Mapping[State, Any] = {
    State.OPEN: lazy_("Open for replies"),
    State.LOCKED: lazy_("Locked"),
    State.SOLVED: lazy_("Solved"),
    State.UNSOLVED: lazy_("Not solved yet"),
    State.UNANSWERED: lazy_("Unanswered"),
    State.PINNED: lazy_("Pinned"),
}


@dataclass(frozen=True)
class Chip:
    """One thing a reader asked for, and the name of the field that asks it."""

    name: str
    words: str


def chips(choice: Choice, tags: Mapping[str, str] | None = None) -> list[Chip]:
    """What narrows a list, in the order of the form. `tags`: the names of slugs."""
    return [Chip(name, _said(name, choice, tags or {})) for name in choice.wanted.narrowed_by]


def _said(name: str, choice: Choice, tags: Mapping[str, str]) -> str:
    wanted = choice.wanted
    if name == "topic":
        return _("Topic: %(name)s", name=in_language(choice.topic.names) if choice.topic else "")
    if name == "author":
        return _("Written by: %(name)s", name=_("me") if wanted.author == "me" else wanted.author)
    if name == "city":
        return _("City: %(name)s", name=in_language(choice.city.names) if choice.city else "")
    if name == "tag":
        return _("Tag: %(name)s", name=tags.get(wanted.tag, wanted.tag))
    if name == "language":
        return _("Language: %(name)s", name=language_name(wanted.language))
    if name == "since":
        return _("From %(day)s", day=day(wanted.since)) if wanted.since else ""
    if name == "until":
        return _("Until %(day)s", day=day(wanted.until)) if wanted.until else ""
    return str(KINDS[wanted.kind] if name == "kind" and wanted.kind else _state(wanted.state))


def _state(state: State | None) -> Any:
    return STATES[state] if state else ""


@dataclass(frozen=True)
class ListWords:
    """The names of all that can be chosen on a page of conversations."""

    shows: list[Show]
    chips: list[Chip]
    tags: dict[str, str]
    show_names: Mapping[Show, Any] = field(default_factory=lambda: SHOWS)
    sorts: Mapping[Sort, Any] = field(default_factory=lambda: SORTS)
    kinds: Mapping[ThreadKind, Any] = field(default_factory=lambda: KINDS)
    states: Mapping[State, Any] = field(default_factory=lambda: STATES)
    languages: list[tuple[str, str]] = field(default_factory=language_choices)


def list_words(
    viewer: User | None,
    choice: Choice,
    topic: TopicCard | Topic | None,
    reach: Reach | None = None,
) -> ListWords:
    """`topic`: whose tags are offered."""
    tags = {slug: in_language(names) for slug, names in _tags_of(topic, reach)}
    return ListWords(shows_for(viewer), chips(choice, tags), tags)


def _tags_of(topic: TopicCard | Topic | None, reach: Reach | None) -> list[tuple[str, Words]]:
    if topic is None or reach is None:
        return tag_names(topic.id) if topic else []
    key = ("topic_tags", topic.id, reach.generations[TOPICS])
    return list(json.loads(fragment(key, lambda: json.dumps(tag_names(topic.id)))))


def news_count(count: int) -> str:
    """Counting stops where a number says nothing any more."""
    return f"{number(MOST_NEW)}+" if count > MOST_NEW else number(count)


def row_sentence(row: ThreadRow) -> str:
    """ "Bremen asked. 7 replies, the last from Gdańsk 2 hours ago." """
    return f"{_beginning(row)} {_replies(row)}"


def answers_wanted(row: ThreadRow, zone: str) -> str:
    """Until when a question waits for answers, in the reader's zone."""
    if row.answers_by is None or row.days_left is None:
        return ""
    ends = day(to_local(row.answers_by, zone), "d MMMM")
    if row.days_left == 0:
        return _("Answers wanted until %(day)s, less than a day left.", day=ends)
    return ngettext(
        "Answers wanted until %(day)s, %(num)s day left.",
        "Answers wanted until %(day)s, %(num)s days left.",
        row.days_left,
        day=ends,
    )


def _beginning(row: ThreadRow) -> str:
    who = _place_of(row.author)
    if not row.names_are_shown:
        return _("Names withheld.")
    if not who:
        return _("Its author has left.")
    if row.kind is ThreadKind.QUESTION:
        return _("%(who)s asked.", who=who)
    return _("%(who)s started it.", who=who)


def _replies(row: ThreadRow) -> str:
    when, who = since(row.last_post_at), _place_of(row.last_author)
    if not row.reply_count:
        return _("No reply yet, %(when)s.", when=when)
    if not who:
        return ngettext(
            "%(num)s reply, %(when)s.",
            "%(num)s replies, the last %(when)s.",
            row.reply_count,
            when=when,
        )
    if row.reply_count == 1:
        return _("%(who)s replied %(when)s.", who=who, when=when)
    return _(
        "%(count)s replies, the last from %(who)s %(when)s.",
        count=number(row.reply_count),
        who=who,
        when=when,
    )


def _place_of(author: Byline | None) -> str:
    """The city or organisation somebody wrote for, else their name."""
    return (author.body or author.name) if author else ""
