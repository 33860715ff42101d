"""All conversations that a person reads, in one list."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, request

from app.accounts.login import viewer
from app.accounts.permissions import may_take_part
from app.core.early_members import Asked, Told, kept_page, leave, told_early
from app.core.pagination import page_number
from app.core.parts import whole_page
from app.core.reading_ahead import LISTED, REACH, taken
from app.core.visitor_pages import MINUTE, open_page
from app.forum.choosing import chosen
from app.forum.list_parts import Place, framed, list_body, list_side, plain_values
from app.forum.listing import ThreadList, thread_list
from app.forum.reach import Reach, reach_of

bp = Blueprint("lists", __name__)
SHOWN = ("people", "network", "topics", "forum")
PAGE, PLACE = "forum/threads.html", Place("lists.show")


def kept_list(asked: Asked) -> Told | None:
    """The same page if nothing of it has to be made, and nothing unusual is asked for."""
    values = plain_values(asked.query)
    if values is None or asked.token is None:
        return None
    reach = leave(asked, REACH, reach_of(asked.person))
    listed = leave(asked, LISTED, _listed(reach, values))
    return kept_page(PAGE, asked, asked.token, main=_main(listed))


@bp.get("/threads")
@open_page(*SHOWN, every=MINUTE)
@told_early(kept_list, to_anybody=True)
def show() -> str:
    """Everything the viewer reads; the address is the whole state."""
    reader = viewer()
    listed = taken(LISTED, reader) or _listed(reach_of(reader), request.args)
    return whole_page(PAGE, reader, main=_main(listed))


def _listed(reach: Reach, values: Mapping[str, str]) -> ThreadList:
    choice = chosen(reach.viewer, values, reach.cards.of(reach.topics))
    return thread_list(reach.viewer, choice, page_number(values.get("page")), reach=reach)


def _main(listed: ThreadList) -> str:
    laid = {"LIST": list_body(listed, PLACE), "SIDE": list_side(listed)}
    takes_part = may_take_part(listed.reach.viewer)
    return framed("forum/_threads.html", (takes_part,), laid, takes_part=takes_part)
