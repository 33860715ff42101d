"""What somebody said before, to be answered."""

from __future__ import annotations

import re

from app.core.i18n import _
from app.core.markup import plain_text
from app.forum.models import Post

LONGEST = 2000
NAMED = re.compile(r"(?<![\w\\])@(?=\w)")


def quoted(post: Post) -> str:
    """The post's words as a quotation with its source. Who is named in it is not told again."""
    words = plain_text(post.body)
    if len(words) > LONGEST:
        words = words[:LONGEST].rpartition(" ")[0] + "…"
    source = (
        f"[{_('post %(number)s', number=post.number)}](/threads/{post.thread_id}/{post.number})"
    )
    lines = [*NAMED.sub(r"\\@", words).splitlines(), "", source]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def with_quote(body: str, quotation: str) -> str:
    """Put it below what is written already; once is enough."""
    if not quotation or quotation.strip() in body:
        return body
    return f"{body.rstrip()}\n\n{quotation}" if body.strip() else quotation
