"""What organisers ask afterwards, and whether at all."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.feedback import asking
from app.feedback.forms import SurveyForm
from app.feedback.queries import own_questions, survey_of
from app.feedback.views.results import managed

bp = Blueprint("surveys", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/feedback/survey", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    form = SurveyForm(data=_saved(webinar_id))
    if not form.validate_on_submit():
        return _page(webinar, form)
    wanted, public = bool(form.is_wanted.data), bool(form.is_line_public.data)
    try:
        with write():
            asking.save_survey(webinar, is_wanted=wanted, is_line_public=public, actor=member())
            if not asking.is_fixed(webinar) or any(row.label for row in form.asked()):
                asking.replace_questions(webinar, form.asked())
    except DomainError as error:
        form.blame(error)
        return _page(managed(webinar_id), form)
    flash(_("Saved."), "ok")
    return redirect(url_for("surveys.edit", webinar_id=webinar_id))


def _saved(webinar_id: int) -> dict[str, Any]:
    survey = survey_of(webinar_id)
    asked = db.session.scalars(own_questions(webinar_id))
    return {
        "is_wanted": survey.is_wanted,
        "is_line_public": survey.is_line_public,
        "rows": [{"id": one.id, "label": one.label, "kind": one.kind.value} for one in asked],
    }


def _page(webinar: Any, form: SurveyForm) -> Answer:
    page = render_template(
        "feedback/survey.html", webinar=webinar, form=form, is_fixed=asking.is_fixed(webinar)
    )
    return (page, 422) if form.errors else page
