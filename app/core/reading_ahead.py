"""What was read before the framework began, for it to take instead of asking a second time."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request

MEMBER, UNREAD, GLANCE = "interurban.member", "interurban.unread", "interurban.glance"
FRONT, WEBINAR = "interurban.front", "interurban.webinar"
REACH, LISTED = "interurban.reach", "interurban.listed"
SESSION = "interurban.session"
EVERY = (MEMBER, UNREAD, GLANCE, FRONT, WEBINAR, REACH, LISTED, SESSION)


def taken(name: str, person: Any) -> Any:
    """What was left for this person under this name, once. None: nothing."""
    left = request.environ.pop(name, None) if has_request_context() and person else None
    return left[1] if left is not None and left[0] == person.id else None


def member_taken(sid: str, uniquifier: str) -> Any:
    """The person who was found for this session, once. None: nobody."""
    left = request.environ.pop(MEMBER, None)
    return left[2] if left is not None and left[:2] == (sid, uniquifier) else None


def session_taken(environ: dict[str, Any]) -> Any:
    """The session that was opened out of the same cookies, once, as if nobody had looked into it.

    None: none was.
    """
    session = environ.pop(SESSION, None)
    if session is not None:
        session.accessed = False
    return session


def forget(environ: dict[str, Any]) -> None:
    """Whatever was left and not taken."""
    for name in EVERY:
        environ.pop(name, None)
