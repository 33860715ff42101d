"""A reply, from what was sent to the database: a dozen plain statements in one transaction.

Two are asked under the locks and answer everything that decides whether it may be written;
the rest write. Nothing is loaded that only the page needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import Integer, String, bindparam, select
from werkzeug.exceptions import NotFound

from app.accounts.drafting import delete_draft, is_settled
from app.accounts.enums import SeatRole
from app.accounts.models import Seat, User
from app.accounts.queries import with_draft, with_seats
from app.accounts.reader import MEMBER, READER_ID
from app.core.enums import Visibility
from app.core.prepared import Prepared, renewed
from app.files.using import Attachment
from app.forum import attaching, limits, posting, turn_taking
from app.forum.errors import MayNotWrite, ThreadLocked
from app.forum.models import Post, Thread
from app.forum.permissions import ThreadRights, in_thread
from app.forum.posting import Text
from app.forum.queries import thread_is_visible
from app.forum.standing import speaker_of
from app.topics.models import Topic
from app.topics.permissions import rights_columns, rights_of

PERSON = tuple(User.__table__.columns)
THREAD_ID = bindparam("thread_id", type_=Integer)


@dataclass(frozen=True)
class Sent:
    """What a form brought. `choice` says as whom, `draft_sequence` which save it continues."""

    text: Text
    choice: str = ""
    reply_to: int | None = None
    files: Sequence[Attachment] = ()
    draft_sequence: int = 0


class SeatHeld(NamedTuple):
    id: int
    role: SeatRole


class Written(NamedTuple):
    """See `limits.written_columns`."""

    said_at: Any
    last_at: Any
    replies: int


@dataclass(frozen=True)
class Situation:
    """All that decides whether a person may add to a thread now."""

    person: User
    rights: ThreadRights
    written: Written
    own_at_end: int
    draft: tuple[dict[str, str], int] | None
    seats: list[SeatHeld]


def add_reply(author_id: int, thread_id: int, sent: Sent) -> Post:
    """Write it, inside `write()`. Raise NotFound when the thread is not theirs to see.

    Raise MayNotWrite, ThreadLocked, ThreeInARow, NotYourSeat, or what `limits.check_reply` and
    `attaching.attach_files` raise.
    """
    thread = posting.lock_row(thread_id)
    limits.take_turn(author_id)
    now = _situation_of(author_id, thread, sent.text.body)
    _check(now, thread, sent.text)
    speaker = speaker_of(cast(Sequence[Seat], now.seats), sent.choice)
    post = posting.reply_in_held(thread, now.person, sent.text, speaker, sent.reply_to)
    attaching.attach_files(post, now.person, sent.files)
    if now.draft and is_settled(*now.draft, sent.text.body, sent.draft_sequence):
        delete_draft(now.person, _context(thread_id))
    return post


def _check(now: Situation, thread: Thread, text: Text) -> None:
    if thread.is_locked:
        raise ThreadLocked
    if not (now.person.is_approved and now.rights.can_reply):
        raise MayNotWrite
    if not now.rights.is_steward:
        turn_taking.check_turn(now.own_at_end)
    limits.check_text(now.person, text)
    limits.check_pace(now.person, thread, *now.written)


def _situation_of(author_id: int, thread: Thread, body: str) -> Situation:
    values = {READER_ID: author_id, "thread_id": thread.id, "body": body}
    rows = _asked.rows((), **values, draft_context=_context(thread.id))
    if not rows:
        raise NotFound
    person = renewed(User, PERSON, rows[0][: len(PERSON)])
    seats = [SeatHeld(*row[-4:-2]) for row in rows if row[-4] is not None]
    return _read(person, thread, rows[0][len(PERSON) :], seats)


def _read(person: User, thread: Thread, row: Sequence[Any], seats: list[SeatHeld]) -> Situation:
    visibility: Visibility = row[0]
    fields, sequence = row[-2:]
    return Situation(
        person,
        in_thread(thread, rights_of(person, visibility, row[1:5])),
        Written(*row[5:8]),
        row[8],
        None if fields is None else (fields, sequence),
        seats,
    )


@Prepared
def _asked() -> Any:
    """For a member: who is none any more is told so by their own row."""
    reader = cast(User, MEMBER)
    statement: Any = (
        select(*PERSON, Topic.visibility, *rights_columns(reader))
        .add_columns(*limits.written_columns(), turn_taking.own_at_end(THREAD_ID))
        .select_from(User)
        .join(Thread, Thread.id == THREAD_ID)
        .join(Thread.topic)
        .where(User.id == MEMBER.id, thread_is_visible(reader))
    )
    return with_draft(with_seats(statement), reader, bindparam("draft_context", type_=String))


def _context(thread_id: int) -> str:
    return f"reply:{thread_id}"
