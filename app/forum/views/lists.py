"""All conversations that a person reads, in one list."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.accounts.permissions import may_take_part
from app.core.pagination import page_number
from app.core.visitor_pages import MINUTE, open_page
from app.forum.choosing import chosen
from app.forum.list_parts import list_side
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
    listed = thread_list(reader, choice, page_number(request.args.get("page")), reach=reach)
    return render_template(
        "forum/threads.html",
        listed=listed,
        side=list_side(listed, may_take_part(reader)),
        words=list_words(reader, choice, choice.topic, reach),
        endpoint="lists.show",
        base={},
    )
