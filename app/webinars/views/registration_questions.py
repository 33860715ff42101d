"""The organisers' own questions to whoever registers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.webinars import asking
from app.webinars.asking import QuestionRow
from app.webinars.enums import QuestionKind
from app.webinars.forms.questions import MORE_ROWS, QuestionsForm
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar

bp = Blueprint("registration_questions", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/registration-questions", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int) -> Answer:
    webinar = _managed(webinar_id)
    questions = db.session.scalars(asking.every_question_at(webinar_id)).all()
    form = QuestionsForm(rows=[_typed(asked) for asked in questions if not asked.ended_at])
    if form.more.data:
        form.rows.grow(MORE_ROWS)
        return _page(webinar, form, questions)
    if not form.validate_on_submit():
        return _page(webinar, form, questions)
    try:
        with write():
            asking.replace_questions(webinar, [_row(row.form) for row in form.rows], member())
    except DomainError as error:
        form.blame(error)
        return _page(webinar, form, questions)
    flash(_("Saved. Whoever registers from now on is asked this."))
    return redirect(url_for("registration_questions.edit", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/registration-questions/<int:question_id>/again")
@login_needed
def ask_again(webinar_id: int, question_id: int) -> Answer:
    """Undo the end of a question."""
    webinar = _managed(webinar_id)
    try:
        with write():
            asking.ask_again(webinar, question_id, member())
    except DomainError as error:
        flash(error.message, "error")
    return redirect(url_for("registration_questions.edit", webinar_id=webinar_id))


def _managed(webinar_id: int) -> Any:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(member(), webinar))
    return webinar


def _typed(question: Any) -> dict[str, Any]:
    return {
        "id": question.id,
        "label": question.label,
        "kind": question.kind.value,
        "choices": "\n".join(question.choices),
        "is_required": question.is_required,
    }


def _row(row: Any) -> QuestionRow:
    return QuestionRow(
        label=row.label.data,
        kind=QuestionKind(row.kind.data),
        choices=row.lines,
        is_required=bool(row.is_required.data),
        id=row.id.data,
    )


def _page(webinar: Any, form: QuestionsForm, questions: Any) -> Answer:
    page = render_template(
        "webinars/questions.html",
        webinar=webinar,
        form=form,
        ended=[question for question in questions if question.ended_at],
        counts=asking.answer_counts(webinar.id),
    )
    return (page, 422) if form.errors else page
