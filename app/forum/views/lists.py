"""All conversations that a person reads, in one list."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.core.pagination import page_number
from app.core.visitor_pages import MINUTE, open_page
from app.forum.choosing import chosen
from app.forum.listing import thread_list
from app.forum.reach import reach_of
from app.forum.wording import list_words

bp = Blueprint("lists", __name__)
SHOWN = ("people", "network", "topics", "forum")


@bp.get("/threads")
@open_page(*SHOWN, every=MINUTE)
def show() -> str:
    """Everything the viewer reads; the address is the whole state."""
    reader = viewer()
    reach = reach_of(reader)
    choice = chosen(reader, request.args, reach.cards.of(reach.topics))
    number = page_number(request.args.get("page"))
    return render_template(
        "forum/threads.html",
        listed=thread_list(reader, choice, number, reach=reach),
        words=list_words(reader, choice, choice.topic, reach),
        endpoint="lists.show",
        base={},
    )
