"""What a person's drafts are drafts of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.models import User
from app.core.i18n import _
from app.core.markup import excerpt
from app.forum.models import Thread
from app.forum.queries import threads_by_ids

OF_THREAD = re.compile(r"(reply|edit|overview|consolidated):(\d{1,9})(?::(\d{1,9}))?")
LONGEST = 160


@dataclass(frozen=True)
class DraftLine:
    """`words` say what the text would be. `thread` None: it belongs to none that can be read."""

    words: str
    kind: str
    thread: Thread | None
    number: int | None
    excerpt: str


def lines(viewer: User | None, drafts: Sequence[tuple[str, dict[str, str]]]) -> list[DraftLine]:
    """One line for each (context, fields)."""
    found = [OF_THREAD.fullmatch(context) for context, _fields in drafts]
    threads = threads_by_ids(viewer, {int(match[2]) for match in found if match})
    return [
        _line(context, fields, match, threads)
        for (context, fields), match in zip(drafts, found, strict=True)
    ]


def _line(
    context: str, fields: dict[str, str], match: re.Match[str] | None, threads: dict[int, Thread]
) -> DraftLine:
    thread = threads.get(int(match[2])) if match else None
    number = int(match[3]) if match and match[3] else None
    kind = match[1] if match else context.partition(":")[0]
    body = fields["body"] if "body" in fields else " ".join(fields.values())
    return DraftLine(
        _words(kind, fields, match, thread), kind, thread, number, excerpt(body, LONGEST)
    )


def _words(
    kind: str, fields: dict[str, str], match: re.Match[str] | None, thread: Thread | None
) -> str:
    if match and thread is None:
        return _("For a thread that you cannot read any more")
    names = {
        "thread": fields.get("title") or _("A new thread"),
        "reply": _("A reply"),
        "edit": _("A change of a post"),
        "overview": _("Where this stands"),
        "consolidated": _("A consolidated reply"),
        "message": _("A message"),
        "note": _("Notes"),
    }
    return names.get(kind, _("A text"))
