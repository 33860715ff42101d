"""The choice of readers in the form of a new thread. None of them is wider than the topic."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.queries import groups_of
from app.core.enums import Visibility
from app.core.i18n import _, in_language
from app.forum.errors import NotYourGroup
from app.forum.posting import Audience

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
