"""Comparing who reads threads, so that no act shows anybody what was written for others.

Compared is what grants and groups say, not who happens to be in them today.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.db import Words
from app.core.enums import Visibility
from app.core.i18n import _, in_language
from app.forum.models import Thread
from app.topics.models import Topic
from app.topics.queries import NETWORK_WIDE
from app.topics.readers import Grants


@dataclass(frozen=True)
class Readers:
    """Who reads a thread: those whom both its topic and the thread itself let in."""

    topic: Topic
    visibility: Visibility
    group_id: int | None = None

    def is_alike(self, other: Readers) -> bool:
        """Whether the threads themselves say the same, whatever their topics say."""
        return (self.visibility, self.group_id) == (other.visibility, other.group_id)

    @property
    def is_public(self) -> bool:
        return {self.topic.visibility, self.visibility} == {Visibility.PUBLIC}

    @property
    def is_everybody_in_topic(self) -> bool:
        return self.visibility in NETWORK_WIDE

    @property
    def is_of_whole_network(self) -> bool:
        return self.topic.visibility in NETWORK_WIDE and self.is_everybody_in_topic


def readers_of(thread: Thread) -> Readers:
    return Readers(thread.topic, thread.visibility, thread.group_id)


def is_within(inner: Readers, outer: Readers, grants: Grants) -> bool:
    """Whether nobody is among the inner readers who is not among the outer ones."""
    if outer.is_public:
        return True
    if inner.is_public:
        return False
    return _keeps_group(inner, outer) and _keeps_topic(inner, outer, grants)


def _keeps_group(inner: Readers, outer: Readers) -> bool:
    """A group of the outer readers must be that of the inner ones."""
    if outer.is_everybody_in_topic:
        return True
    return not inner.is_everybody_in_topic and inner.group_id == outer.group_id


def _keeps_topic(inner: Readers, outer: Readers, grants: Grants) -> bool:
    """Within a closed topic: the same one, another with no more readers, or one of its groups."""
    if outer.topic.visibility in NETWORK_WIDE or inner.topic.id == outer.topic.id:
        return True
    if not inner.is_everybody_in_topic:
        group_id = inner.group_id
        if group_id is None or grants.group_reads(outer.topic, group_id):
            return True
    is_closed = inner.topic.visibility not in NETWORK_WIDE
    return is_closed and grants.reads_no_more(inner.topic, outer.topic)


def kept_narrow(now: Readers, topic: Topic, grants: Grants) -> Readers | None:
    """The widest readers that a thread can have in another topic without anybody new, or None."""
    ways = [Readers(topic, now.visibility, now.group_id)]
    if now.is_of_whole_network:
        ways = [Readers(topic, _narrowest(now.visibility, now.topic.visibility, topic.visibility))]
    elif now.is_everybody_in_topic and (group_id := grants.only_group_of(now.topic)):
        ways.append(Readers(topic, Visibility.CLOSED, group_id))
    return next((way for way in ways if is_within(way, now, grants)), None)


def _narrowest(*visibilities: Visibility) -> Visibility:
    """Of a thread that its whole topic reads: the topic's grants do the rest."""
    is_public = set(visibilities) == {Visibility.PUBLIC}
    return Visibility.PUBLIC if is_public else Visibility.NETWORK


def now_in_words(readers: Readers, group_names: Words) -> str:
    """One sentence for the people who decide about a thread."""
    topic, group = in_language(readers.topic.names), in_language(group_names)
    if readers.is_public:
        return _("Anyone can read it now, also without an account.")
    if readers.is_of_whole_network:
        return _("Everyone in the network can read it now.")
    if readers.is_everybody_in_topic:
        return _("Only the people of the closed topic “%(topic)s” can read it now.", topic=topic)
    if readers.topic.visibility in NETWORK_WIDE:
        return _("Only the group “%(group)s” can read it now.", group=group)
    return _(
        "Only those of the group “%(group)s” who are also in the closed topic “%(topic)s” can "
        "read it now.",
        group=group,
        topic=topic,
    )


def afterwards_in_words(readers: Readers, group_names: Words) -> str:
    topic, group = in_language(readers.topic.names), in_language(group_names)
    if readers.is_public:
        return _("Afterwards anyone can read it, also without an account.")
    if readers.is_of_whole_network:
        return _("Afterwards everyone in the network can read it.")
    if readers.is_everybody_in_topic:
        return _(
            "Afterwards only the people of the closed topic “%(topic)s” can read it.", topic=topic
        )
    if readers.topic.visibility in NETWORK_WIDE:
        return _("Afterwards only the group “%(group)s” can read it.", group=group)
    return _(
        "Afterwards only those of the group “%(group)s” who are also in the closed topic "
        "“%(topic)s” can read it.",
        group=group,
        topic=topic,
    )
