"""Files of private messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from app.accounts.models import User
from app.core.db import db
from app.files.showing import FileRow, file_columns, file_row
from app.files.using import Attachment, attach
from app.messages.models import Message, MessageFile


def attach_files(message: Message, author: User, wanted: Sequence[Attachment]) -> None:
    """Add files to a new message, inside `write()`. Raise FileNotYours or AltMissing."""
    for position, file in enumerate(attach(author, wanted)):
        db.session.add(MessageFile(message_id=message.id, file_id=file.id, position=position))
    message.file_count = len(wanted)
    db.session.flush()


def files_of(message_ids: Sequence[int]) -> dict[int, list[FileRow]]:
    """The files of the messages of a page, in one statement; none when nothing is asked."""
    found: dict[int, list[FileRow]] = {}
    if not message_ids:
        return found
    rows: Select[Any] = select(MessageFile.message_id, *file_columns()).join(MessageFile.file)
    rows = rows.where(MessageFile.message_id.in_(message_ids))
    rows = rows.order_by(MessageFile.message_id, MessageFile.position)
    for message_id, *values in db.session.execute(rows):
        found.setdefault(message_id, []).append(file_row(values))
    return found
