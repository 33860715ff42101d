"""Who organises a webinar together."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.directory import people_meant
from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.person_form import PersonForm
from app.webinars import organising
from app.webinars.forms.webinar import PublishForm
from app.webinars.permissions import can_manage
from app.webinars.views._managing import managed

bp = Blueprint("organisers", __name__)

Answer = str | Response | tuple[str, int]
MOST_FOUND = 20


@bp.route("/webinars/<int:webinar_id>/organisers", methods=["GET", "POST"])
@login_needed
def index(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(form, webinar)
    found = form.meant(people_meant(member(), form.who.data, MOST_FOUND))
    if len(found) != 1:
        return _page(form, webinar, found)
    with write():
        is_new = organising.add_organiser(webinar, found[0], member())
    name = found[0].display_name
    flash(
        _("%(name)s organises this webinar too.", name=name)
        if is_new
        else _("%(name)s organises it already.", name=name)
    )
    return redirect(url_for("organisers.index", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/organisers/<int:user_id>/remove")
@login_needed
def remove(webinar_id: int, user_id: int) -> Answer:
    webinar = managed(webinar_id)
    form = PublishForm()
    form.validate_on_submit()
    try:
        with write():
            organising.remove_organiser(webinar, user_id, member())
    except DomainError as error:
        form.blame(error)
        return _page(PersonForm(formdata=None), webinar, refused=form)
    if not can_manage(member(), webinar):
        return redirect(url_for("webinars.index"))
    return redirect(url_for("organisers.index", webinar_id=webinar_id))


def _page(
    form: PersonForm, webinar: Any, found: Any = (), refused: PublishForm | None = None
) -> Answer:
    page = render_template(
        "webinars/organisers.html",
        form=form,
        webinar=webinar,
        seats=sorted(webinar.organisers, key=lambda one: (not one.is_owner, one.user_id)),
        found=found,
        refused=refused,
    )
    return (page, 422) if form.errors or refused else page
