"""All conversations that a person reads, in one list."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.core.db import db
from app.core.pagination import page_number
from app.forum.choosing import chosen
from app.forum.listing import thread_list
from app.forum.wording import list_words
from app.topics.queries import topics_readable_by

bp = Blueprint("lists", __name__)


@bp.get("/threads")
def show() -> str:
    """Everything the viewer reads; the address is the whole state."""
    topics = db.session.scalars(topics_readable_by(viewer())).all()
    choice = chosen(viewer(), request.args, topics)
    return render_template(
        "forum/threads.html",
        listed=thread_list(viewer(), choice, page_number(request.args.get("page"))),
        words=list_words(viewer(), choice, choice.topic),
        endpoint="lists.show",
        base={},
    )
