"""The register of actions, where owners say what is done."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import login_needed, member, viewer
from app.core.csv_answers import csv_answer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.i18n import _
from app.core.pagination import Page, page_number, page_of
from app.core.permissions import require
from app.core.visitor_pages import open_page
from app.notes import promising, registers
from app.notes.deciding import number_of
from app.notes.enums import ActionState
from app.notes.forms import Number
from app.notes.register_tables import write_actions
from app.notes.views._page import MOST_ID
from app.notes.views._register import ROWS_A_PAGE, Filters, one_of, read_filters

bp = Blueprint("actions_register", __name__)

Answer = str | Redirect | tuple[str, int]


class VersionForm(Form):
    lock_version = Number()


@bp.get("/actions")
@open_page()
def index() -> Answer:
    """One's own need an account."""
    return _own() if request.args.get("mine") == "1" else _shown()


@bp.get("/actions.csv")
def download() -> Response:
    person = viewer()
    found = registers.actions_wanted(person, _filters().wanted)
    return csv_answer("actions.csv", lambda target: write_actions(target, person, found))


@bp.post("/actions/<int:action_id>/finish")
@login_needed
def finish(action_id: int) -> Answer:
    return _turn(action_id, promising.finish, _("%(number)s is done. Thank you."))


@bp.post("/actions/<int:action_id>/reopen")
@login_needed
def reopen(action_id: int) -> Answer:
    return _turn(action_id, promising.reopen, _("%(number)s is open again."))


def _turn(action_id: int, verb: Any, said: str) -> Answer:
    if action_id >= MOST_ID:
        abort(404)
    action = first_or_404(promising.one_promise(viewer(), action_id))
    require(promising.is_owner(member(), action, promising.own_city_ids(member())))
    version = VersionForm().lock_version.data
    try:
        with write():
            verb(action, member(), version)
    except DomainError as error:
        flash(error.message)
        return _shown(), 409
    flash(said % {"number": number_of(action)}, "ok")
    return redirect(url_for("actions_register.index", **_filters().named))


@login_needed
def _own() -> str:
    return _shown()


def _shown() -> str:
    person, filters = viewer(), _filters()
    page = page_of(
        registers.actions_wanted(person, filters.wanted),
        page_number(request.args.get("page")),
        ROWS_A_PAGE,
    )
    rows = registers.promises_of(person, page.rows, filters.wanted.own_cities)
    return render_template(
        "notes/actions_register.html",
        filters=filters,
        wanted=filters.wanted,
        counts=registers.count_actions(person, filters.wanted),
        page=Page(rows, page.number, page.count),
        years=registers.years_of_actions(person),
        cities=registers.cities_with_actions(person),
        mails_token=promising.stop_token(person) if person else "",
    )


def _filters() -> Filters:
    """`overdue` is of the open ones: whatever state is asked for beside it does not count."""
    is_overdue = request.args.get("overdue") == "1"
    state = None if is_overdue else one_of(ActionState, "state")
    return read_filters(
        {"state": state and state.value, "overdue": "1" if is_overdue else None},
        state=state,
        is_overdue=is_overdue,
        own_cities=promising.own_city_ids(viewer()),
    )
