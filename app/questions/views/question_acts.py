"""The moderator's screen: each press is an act with an undo beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.markup import render
from app.core.permissions import require
from app.core.personal_links import private
from app.core.row_fields import is_number
from app.core.undo import flash_with_undo
from app.questions import merging, moderating
from app.questions.desk import change_desk
from app.questions.enums import QuestionState
from app.questions.forms import AnswerForm, DismissForm, merge_form
from app.questions.permissions import can_answer, can_moderate
from app.questions.queries import mergeable_with, one_question
from app.questions.views._visit import SEE_OTHER, Visit, say_error, visit_of

bp = Blueprint("question_acts", __name__)
PLACE = "/webinars/<int:webinar_id>/moderate"


class Undo(NamedTuple):
    """The act that takes another back, with what it needs; `question_id`: of another one."""

    act: str
    fields: dict[str, str] = {}
    question_id: int | None = None


Act = Callable[[Any, Visit], tuple[str, Undo]]


@bp.get(f"{PLACE}/<int:question_id>")
def show(webinar_id: int, question_id: int) -> Response:
    """One question with what takes words: an answer, a reason, another question."""
    visit = _visit(webinar_id)
    return _page(visit, question_id)


@bp.post(f"{PLACE}/<int:question_id>/<any(open,wait,now,later,answered,reopen,split):act>")
def press(webinar_id: int, question_id: int, act: str) -> Redirect:
    """What one press does."""
    return _do(webinar_id, question_id, PRESSES[act])


@bp.post(f"{PLACE}/<int:question_id>/dismiss")
def dismiss(webinar_id: int, question_id: int) -> Response | Redirect:
    form = DismissForm()
    if not form.validate():
        return _page(_visit(webinar_id), question_id, 422, dismissing=form)
    return _do(webinar_id, question_id, lambda one, _visit: _dismissed(one, form.reason.data))


@bp.post(f"{PLACE}/<int:question_id>/merge")
def merge(webinar_id: int, question_id: int) -> Response | Redirect:
    visit = _visit(webinar_id)
    require(can_moderate(visit.attendee))
    form = merge_form(mergeable_with(visit.attendee, question_id))
    if not form.validate():
        return _page(visit, question_id, 422, merging=form)
    return _do(webinar_id, question_id, lambda one, _visit: _merged(one, int(form.target.data)))


@bp.post(f"{PLACE}/<int:question_id>/answer")
def answer(webinar_id: int, question_id: int) -> Response | Redirect:
    """An empty text only comes with an undo."""
    form, is_undo = AnswerForm(), "undo" in request.form
    if not is_undo and not form.validate():
        return _page(_visit(webinar_id), question_id, 422, answering=form)
    text = form.answer.data or ""
    rendered = render(text)
    return _do(webinar_id, question_id, lambda one, _visit: _written(one, text, rendered))


@bp.post(f"{PLACE}/desk")
def desk(webinar_id: int) -> Redirect:
    """Open or close, moderated or not: `is_closed` or `is_moderated` says yes or no."""
    visit = _visit(webinar_id)
    require(can_moderate(visit.attendee))
    found = [name for name in ("is_closed", "is_moderated") if name in request.form]
    wished = {name: request.form[name] == "yes" for name in found[:1]}
    if wished:
        with write():
            change_desk(webinar_id, member(), **wished)
        undo = {name: "no" if value else "yes" for name, value in wished.items()}
        flash_with_undo(_desk_words(wished), url_for(".desk", webinar_id=webinar_id), **undo)
    return _back(_visit(webinar_id))


def _visit(webinar_id: int) -> Visit:
    visit = visit_of(webinar_id)
    require(can_answer(visit.attendee))
    return visit


def _do(webinar_id: int, question_id: int, act: Act) -> Redirect:
    try:
        with write():
            visit = _visit(webinar_id)
            question = first_or_404(one_question(visit.attendee, question_id))
            words, undo = act(question, visit)
    except DomainError as error:
        say_error(error)
        return _back(_visit(webinar_id))
    kept = {"t": visit.token} if visit.token else {}
    address = _undo_address(webinar_id, undo.question_id or question_id, undo.act)
    flash_with_undo(words, address, **undo.fields, **kept)
    return _back(_visit(webinar_id))


def _undo_address(webinar_id: int, question_id: int, act: str) -> str:
    place: dict[str, Any] = {"webinar_id": webinar_id, "question_id": question_id}
    if act in PRESSES:
        return url_for(".press", act=act, **place)
    return url_for(f".{act}", **place)


def _back(visit: Visit) -> Redirect:
    return redirect(url_for("questions.moderate", **visit.named), SEE_OTHER)


def _let_through(question: Any, visit: Visit) -> tuple[str, Undo]:
    require(can_moderate(visit.attendee))
    before, reason = question.state, question.reason
    moderating.let_through(question)
    undo = Undo("wait")
    if before is QuestionState.DISMISSED:
        undo = Undo("dismiss", {"reason": reason})
    return _("Everybody sees the question now."), undo


def _send_back(question: Any, visit: Visit) -> tuple[str, Undo]:
    require(can_moderate(visit.attendee))
    moderating.send_back(question)
    return _("The question waits again."), Undo("open")


def _begin(question: Any, _visit: Visit) -> tuple[str, Undo]:
    was_answered = question.state is QuestionState.ANSWERED
    before = moderating.begin_answering(question)
    undo = Undo("now", question_id=before) if before else Undo("later")
    if was_answered:
        undo = Undo("answered", {"again": "1"})
    return _("Shown as being answered now."), undo


def _stop(question: Any, _visit: Visit) -> tuple[str, Undo]:
    moderating.stop_answering(question)
    return _("Not shown as being answered any more."), Undo("now")


def _answer(question: Any, visit: Visit) -> tuple[str, Undo]:
    was_now = question.is_now
    actor = visit.attendee.user
    moderating.mark_answered(question, actor, again="again" in request.form)
    return _("Marked as answered."), Undo("now" if was_now else "reopen")


def _reopen(question: Any, _visit: Visit) -> tuple[str, Undo]:
    moderating.reopen(question)
    return _("The question is open again."), Undo("answered", {"again": "1"})


def _split(question: Any, visit: Visit) -> tuple[str, Undo]:
    require(can_moderate(visit.attendee))
    target_id = question.merged_into_id
    merging.split(question, _numbers(request.form.get("came", "")))
    return _("The question stands by itself again."), Undo("merge", {"target": str(target_id)})


def _merged(question: Any, target_id: int) -> tuple[str, Undo]:
    came = merging.merge(question, target_id)
    fields = {"came": ",".join(map(str, came))} if came else {}
    return _("Merged. Its votes count there, each person once."), Undo("split", fields)


def _dismissed(question: Any, reason: str) -> tuple[str, Undo]:
    require(can_moderate(_visit(question.webinar_id).attendee))
    was_waiting = question.state is QuestionState.WAITING
    moderating.dismiss(question, reason)
    return _("Not shown. Whoever asked is told why."), Undo("wait" if was_waiting else "open")


def _written(question: Any, text: str, rendered: Any) -> tuple[str, Undo]:
    before, _state = moderating.write_answer(question, text, rendered, viewer())
    words = _("The answer is saved. Whoever asked is told.") if text else _("The answer is gone.")
    return words, Undo("answer", {"answer": before, "undo": "1"})


PRESSES: dict[str, Act] = {
    "open": _let_through,
    "wait": _send_back,
    "now": _begin,
    "later": _stop,
    "answered": _answer,
    "reopen": _reopen,
    "split": _split,
}


def _numbers(read: str) -> list[int]:
    """What an undo brings back; anything else counts for nothing."""
    return [int(one) for one in read.split(",")[:100] if is_number(one)]


def _desk_words(wished: dict[str, bool]) -> str:
    if "is_closed" in wished:
        if wished["is_closed"]:
            return _("No more questions and votes.")
        return _("Questions and votes are open.")
    if wished["is_moderated"]:
        return _("New questions wait until you let them through.")
    return _("New questions are shown at once.")


def _page(visit: Visit, question_id: int, status: int = 200, **forms: Any) -> Response:
    attendee = visit.attendee
    question = first_or_404(one_question(attendee, question_id))
    others = mergeable_with(attendee, question_id)
    shown = {
        "dismissing": DismissForm(formdata=None),
        "answering": AnswerForm(formdata=None, data={"answer": question.answer}),
        "merging": merge_form(others, formdata=None),
    } | forms
    page = render_template(
        "questions/question.html",
        webinar=visit.webinar,
        question=question,
        token=visit.token,
        can_moderate=can_moderate(attendee),
        has_others=bool(others),
        sent=next(iter(forms.values()), None),
        **shown,
    )
    return private(page, status)
