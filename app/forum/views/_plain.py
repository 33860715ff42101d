"""A reply without files or other wishes, read without its form.

Nearly all replies are. To build the form with its lists and words, only to find nothing wrong in
it, takes longer than the database needs to take the reply.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from app.core.forms import has_valid_token, tidy
from app.forum import posting
from app.forum.forms import LONGEST_BODY, SHORTEST_BODY, language_of
from app.forum.languages import CODES
from app.forum.replying import Sent

FIELDS = {"csrf_token", "body", "language", "speaks_as", "reply_to", "draft_sequence"}
LANGUAGES = {"", *CODES}
MOST_DIGITS = 9


def plain_reply() -> Sent | None:
    """None: the form has to look at it, and says what is wrong, if anything is."""
    sent = request.form
    if set(sent) - FIELDS or any(file.filename for file in request.files.values()):
        return None
    body = tidy(sent.get("body", ""))
    if not (_can_be_read(sent, body) and has_valid_token(sent.get("csrf_token"))):
        return None
    return Sent(
        posting.text_of(body, language_of(sent.get("language", ""), body)),
        sent.get("speaks_as", ""),
        _number(sent, "reply_to") or None,
        draft_sequence=_number(sent, "draft_sequence"),
    )


def _can_be_read(sent: Mapping[str, str], body: str) -> bool:
    numbers = [sent.get("reply_to", ""), sent.get("draft_sequence", "")]
    return (
        SHORTEST_BODY <= len(body) <= LONGEST_BODY
        and sent.get("language", "") in LANGUAGES
        and all(_is_plain_number(words) for words in numbers)
    )


def _is_plain_number(words: str) -> bool:
    return not words or (len(words) <= MOST_DIGITS and words.isascii() and words.isdecimal())


def _number(sent: Mapping[str, str], name: str) -> int:
    return int(sent.get(name) or 0)
