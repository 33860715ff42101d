"""The page of one private conversation, as several views answer with it."""

from __future__ import annotations

from flask import render_template, request

from app.accounts.login import member, viewer
from app.accounts.queries import draft_for
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.pagination import Page, page_number
from app.forum.paging import numbers_on, page_count
from app.messages.attaching import files_of
from app.messages.forms import MessageForm
from app.messages.queries import one_conversation
from app.messages.reading import mark_read, messages_between, people_in


def conversation_page(
    conversation_id: int, page: str | None, form: MessageForm | None = None, status: int = 200
) -> tuple[str, int]:
    """Render a page of messages (the last one unless asked), then remember that it was read."""
    conversation = first_or_404(one_conversation(viewer(), conversation_id))
    last_number = conversation.last_number
    pages = page_count(last_number)
    number = min(page_number(page), pages) if page else pages
    rows = messages_between(member(), conversation, *numbers_on(number, last_number))
    html = render_template(
        "messages/show.html",
        conversation=conversation,
        page=Page(rows, number, pages),
        people=people_in(conversation),
        form=form or _form(conversation_id),
        files_by_message=files_of([row.id for row in rows if row.file_count]),
    )
    if rows and request.method == "GET":
        _remember(conversation_id, rows[-1].number)
    return html, status


def status_of(error: DomainError) -> int:
    """429 for who was too fast, 422 for the rest."""
    return int(getattr(error, "status", 422))


def _form(conversation_id: int) -> MessageForm:
    draft = draft_for(member(), f"message:{conversation_id}")
    values = {**draft.fields, "draft_sequence": draft.sequence} if draft else {}
    return MessageForm(formdata=None, data=values)


def _remember(conversation_id: int, number: int) -> None:
    if "prefetch" in request.headers.get("Sec-Purpose", "").lower():
        return
    reader_id = member().id
    with write():
        mark_read(reader_id, conversation_id, number)
