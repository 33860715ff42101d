"""Between the forms of people who come and what the activities take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.accounts.login import viewer
from app.core.db import db
from app.core.i18n import language
from app.webinars.asking import (
    answers_of,
    every_question_at,
    questions_at,
    questions_in,
    spread,
)
from app.webinars.consenting import Noted, held_by, is_recording_asked
from app.webinars.enums import ConsentKind
from app.webinars.forms.registration import (
    ColleagueForm,
    GuestRegistrationForm,
    MemberRegistrationForm,
    form_with,
    question_name,
)
from app.webinars.registering import Answers, Person
from app.webinars.session_registering import sessions_to_come


def questions_of(webinar_id: int) -> list[Any]:
    """What is asked now."""
    return list(db.session.scalars(questions_at(webinar_id)))


def answers_from(form: MemberRegistrationForm, webinar: Any) -> Answers:
    """`webinar` may be anything that says what is recorded."""
    noted = [Noted(ConsentKind.NAME_LISTED, bool(form.is_listed.data))]
    if is_recording_asked(webinar):
        noted.append(Noted(ConsentKind.RECORDING, bool(form.may_record.data)))
    if isinstance(form, GuestRegistrationForm | ColleagueForm):
        noted.insert(0, Noted(ConsentKind.DATA, bool(form.consent.data)))
    return Answers(
        access_needs=form.access_needs.data or "",
        is_listed=bool(form.is_listed.data),
        questions=form.replies,
        consents=tuple(noted),
    )


def sessions_of(series_id: int) -> list[Any]:
    """The sessions that the reader can still register for."""
    return list(db.session.scalars(sessions_to_come(series_id, viewer())))


def questions_of_sessions(sessions: list[Any]) -> list[Any]:
    return list(db.session.scalars(questions_in([session.id for session in sessions])))


def for_series(answers: Answers, series_id: int) -> Answers:
    """What was answered for one session answers the same questions of all."""
    if not answers.questions:
        return answers
    questions = questions_of_sessions(sessions_of(series_id))
    return replace(answers, questions=spread(answers.questions, questions))


def guest_from(form: GuestRegistrationForm, tzid: str) -> Person:
    """A guest's zone is not known: hours are told in that of the webinar."""
    return Person(
        email=form.email.data.lower(),
        name=form.name.data,
        language=language(),
        timezone=tzid,
        city_label=form.city.data or "",
    )


def own_form(registration: Any, *, is_coming: bool) -> MemberRegistrationForm:
    """What a person told the organisers, to be changed. Of what is over, only the consents."""
    held = held_by(registration)
    questions = questions_of(registration.webinar_id) if is_coming else []
    replies = answers_of([registration.id]).get(registration.id, {})
    form = form_with(
        questions,
        MemberRegistrationForm,
        access_needs=registration.access_needs,
        is_listed=registration.is_listed,
        may_record=held.get(ConsentKind.RECORDING, False),
        **{question_name(number): text for number, text in replies.items()},
    )
    del form.whole_series
    if not (is_coming and registration.webinar.asks_access_needs):
        del form.access_needs
    if not is_recording_asked(registration.webinar):
        del form.may_record
    return form


def answers_changed(form: MemberRegistrationForm, registration: Any) -> Answers:
    """The same form read; what it does not ask stays as it is."""
    noted = [Noted(ConsentKind.NAME_LISTED, bool(form.is_listed.data))]
    if form.may_record:
        noted.append(Noted(ConsentKind.RECORDING, bool(form.may_record.data)))
    needs = form.access_needs.data if form.access_needs else registration.access_needs
    return Answers(needs or "", form.is_listed.data, form.replies, tuple(noted))


def answers_given(registration: Any) -> list[tuple[Any, str]]:
    """Each question that the person answered, also those that are asked no longer."""
    replies = answers_of([registration.id]).get(registration.id, {})
    if not replies:
        return []
    questions = db.session.scalars(every_question_at(registration.webinar_id))
    return [(question, replies[question.id]) for question in questions if question.id in replies]
