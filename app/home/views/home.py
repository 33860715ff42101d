"""The front page: one for members, one for everybody else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.core.early_members import Asked, Told, kept_page, leave, told_early
from app.core.parts import whole_page
from app.core.reading_ahead import FRONT, taken
from app.core.visitor_pages import MINUTE, open_page
from app.forum.enums import Show
from app.home.front import Front, front_of, main_of, show_named, visitor_page

bp = Blueprint("home", __name__)

PAGE = "home/member.html"
LISTS = {"": Show.NEW} | {f"show={one.value}": one for one in Show}
"""By what an address asks for, in words that say themselves."""


def kept_front(asked: Asked) -> Told | None:
    """The same page if nothing of it has to be made."""
    chosen = LISTS.get(asked.query)
    if chosen is None or asked.token is None or not asked.person.is_approved:
        return None
    front = leave(asked, FRONT, front_of(asked.person, chosen))
    return kept_page(PAGE, asked, asked.token, main=main_of(front))


@bp.get("/")
@open_page(every=MINUTE)
@told_early(kept_front, to_anybody=True)
def show() -> str:
    """Applicants read what visitors read."""
    reader = viewer()
    if reader is None or not reader.is_approved:
        return render_template("home/visitor.html", main=visitor_page(reader))
    front = _front(reader, show_named(request.args.get("show")))
    return whole_page(PAGE, reader, main=main_of(front))


def _front(reader: Any, chosen: Show) -> Front:
    """What was read before the framework began is not asked again."""
    read: Front | None = taken(FRONT, reader)
    return read if read is not None and read.chosen is chosen else front_of(reader, chosen)
