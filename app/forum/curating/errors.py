"""Rules of looking after threads that a person can break."""

from __future__ import annotations

from app.core.errors import DomainError
from app.core.i18n import lazy_


class TooManyTags(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose at most five tags."), "tags")


class TagExists(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This topic has a tag with this name already."))


class WouldWiden(DomainError):
    """What was written for fewer would be read by more."""

    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "People who cannot read this thread today could read it there. "
                "What was written for fewer people stays with them."
            )
        )


class OutOfOwnSight(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "You are not among those who could read the thread there. "
                "Ask somebody who is to move it."
            )
        )


class NamesWouldShow(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "In the other thread it is shown who said what, in this one it is not. "
                "What was said under that promise stays under it."
            )
        )


class NothingChosen(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("Choose at least one post."), "posts")


class PostsAreGone(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "Some of the posts you chose are no longer in this thread. "
                "The list below is new: choose again."
            ),
            "posts",
        )


class NoSuchThread(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("There is no thread you look after at this address or with this number."),
            "target",
        )


class SameThread(DomainError):
    def __init__(self) -> None:
        super().__init__(lazy_("This is the same thread. Give the address of another."), "target")


class CannotRelax(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_(
                "People wrote here under a stricter promise. It can only be loosened when all of "
                "them agree, and not on this page."
            ),
            "attribution",
        )
