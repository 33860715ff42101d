"""Making a thread of its own out of some posts of another."""

from __future__ import annotations

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import ngettext
from app.forum.curating import splitting
from app.forum.curating.holding import hold_for
from app.forum.showing import Shown
from app.forum.views._curating import back_to, form_page, shown_to_curate
from app.forum.views._curating_forms import SplitForm, numbers_in

bp = Blueprint("splits", __name__)


@bp.route("/threads/<int:thread_id>/split", methods=["GET", "POST"])
@login_needed
def create(thread_id: int) -> Response | tuple[str, int]:
    shown, form = shown_to_curate(thread_id), SplitForm()
    if request.method != "POST":
        return _page(shown, form)
    if not form.validate():
        return _page(shown, form, 422)
    numbers = form.chosen
    try:
        with write():
            thread = hold_for(member(), thread_id)
            new_id = splitting.split(thread, numbers, form.title.data, member()).id
    except DomainError as error:
        form.blame(error)
        return _page(shown_to_curate(thread_id), form, 422)
    flash(_said(len(set(numbers))))
    return back_to(new_id)


def _said(count: int) -> str:
    return ngettext(
        "%(num)s post has a thread of its own now. Links to it lead here.",
        "%(num)s posts have a thread of their own now. Links to them lead here.",
        count,
    )


def _page(shown: Shown, form: SplitForm, status: int = 200) -> tuple[str, int]:
    first = next(iter(numbers_in(request.values.getlist("first"))), 0)
    found = splitting.choices(member(), shown.thread, first)
    more = found[splitting.MOST_CHOICES :]
    chosen = set(form.chosen)
    return form_page(
        "split",
        shown,
        status,
        form=form,
        first=first,
        choices=found[: splitting.MOST_CHOICES],
        next_first=more[0].number if more else None,
        chosen=chosen or set(numbers_in(request.args.getlist("posts"))),
    )
