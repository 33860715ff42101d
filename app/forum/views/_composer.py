"""The form of a reply, made ready: draft, quotation, seats, quiet words."""

from __future__ import annotations

from typing import Any

from flask import request

from app.accounts.login import viewer
from app.core.db import db
from app.core.pagination import page_number
from app.forum.desk import Desk, desk_of, hints, may_append
from app.forum.forms import ReplyForm
from app.forum.glancing import Glance
from app.forum.queries import one_post
from app.forum.quoting import quoted, with_quote
from app.forum.views._attaching import drafted_files

NOBODYS = Desk([], 0, 0)


def reply_form(shown: Glance) -> ReplyForm:
    """What the composer under a thread starts with: the draft, and what the address asks for."""
    draft = shown.draft if shown.rights.can_reply else None
    values: dict[str, Any] = dict(draft.fields) if draft else {}
    values["files"] = drafted_files(values)
    values |= _answering(values)
    if shown.rights.can_reply and "quote" in request.args:
        values |= _quoting(shown, values.get("body", ""))
    if draft is not None:
        values["draft_sequence"] = draft.sequence
    return ReplyForm(formdata=None, data=values)


def make_ready(form: ReplyForm, shown: Glance, desk: Desk | None = None) -> ReplyForm:
    """Offer the writer's seats; whoever cannot reply has none to choose from."""
    person = viewer()
    can_write = person is not None and shown.rights.can_reply
    if desk is None:
        desk = desk_of(person, shown.thread) if person and can_write else NOBODYS
    form.offer(desk)
    form.hints = hints(desk, shown.thread) if can_write else []
    form.may_append = bool(person and can_write and may_append(person, shown.thread))
    return form


def _answering(drafted: dict[str, Any]) -> dict[str, Any]:
    if "reply_to" in request.args:
        return {"reply_to": page_number(request.args.get("reply_to"))}
    kept = str(drafted.get("reply_to") or "")
    return {"reply_to": page_number(kept) if kept else None}


def _quoting(shown: Glance, body: str) -> dict[str, Any]:
    """Only what the viewer may read; any other number quotes nothing."""
    number = page_number(request.args.get("quote"))
    post = db.session.scalars(one_post(viewer(), shown.thread.id, number)).first()
    if post is None:
        return {}
    return {"body": with_quote(body, quoted(post)), "reply_to": number}
