"""What was read before the framework began, for it to take instead of asking a second time."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request

MEMBER, UNREAD, GLANCE = "interurban.member", "interurban.unread", "interurban.glance"
FRONT = "interurban.front"
REACH, LISTED = "interurban.reach", "interurban.listed"
EVERY = (MEMBER, UNREAD, GLANCE, REACH, LISTED)


def taken(name: str, person: Any) -> Any:
    """What was left for this person under this name, once. None: nothing."""
    left = request.environ.pop(name, None) if has_request_context() and person else None
    return left[1] if left is not None and left[0] == person.id else None


def member_taken(sid: str, uniquifier: str) -> Any:
    """The person who was found for this session, once. None: nobody."""
    left = request.environ.pop(MEMBER, None)
    return left[2] if left is not None and left[:2] == (sid, uniquifier) else None


def forget(environ: dict[str, Any]) -> None:
    """Whatever was left and not taken."""
    for name in EVERY:
        environ.pop(name, None)
