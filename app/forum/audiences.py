"""The choice of readers in the form of a new thread. None of them is wider than the topic."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import User
from app.accounts.queries import groups_of
from app.core.db import Words
from app.core.enums import Attribution, Visibility
from app.core.i18n import _, in_language
from app.forum.errors import NotYourGroup
from app.forum.posting import Audience
from app.topics.models import Topic

AS_TOPIC, NETWORK, GROUP = "topic", "network", "group:"


def audience_choices(viewer: User) -> list[tuple[str, str]]:
    """Values and words: everybody in the topic, the network, each group of one's own."""
    return [
        (AS_TOPIC, _("Everybody who can read the topic")),
        (NETWORK, _("Members of the network, if they can read the topic")),
        *(
            (f"{GROUP}{group.id}", _("Only the group %(name)s", name=in_language(group.names)))
            for group in groups_of(viewer)
        ),
    ]


def audience_of(choice: str) -> Audience:
    """Read one of the values above. Raise NotYourGroup for anything else."""
    if choice == AS_TOPIC:
        return Audience()
    if choice == NETWORK:
        return Audience(Visibility.NETWORK)
    number = choice.removeprefix(GROUP)
    if not (choice.startswith(GROUP) and number.isascii() and number.isdecimal()):
        raise NotYourGroup
    return Audience(Visibility.CLOSED, int(number))


@dataclass(frozen=True)
class Readership:
    """Who will read a thread that is not there yet, as the form says it."""

    audience: Visibility
    group_names: Words | None
    names_are_withheld: bool


def readership(viewer: User, topic: Topic, choice: str) -> Readership:
    """The narrower of topic and choice. A choice that is not the viewer's counts as none."""
    groups = {f"{GROUP}{group.id}": group.names for group in groups_of(viewer)}
    known = choice if choice in {AS_TOPIC, NETWORK, *groups} else AS_TOPIC
    stored = audience_of(known).in_topic(topic)
    order = list(Visibility)
    return Readership(
        max(stored, topic.visibility, key=order.index),
        groups.get(known),
        topic.attribution is Attribution.CHATHAM_HOUSE,
    )
