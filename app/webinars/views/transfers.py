"""Passing a seat on: the giver's form, and the colleague's page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from app.accounts.login import viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _, language
from app.core.personal_links import private, token_read
from app.webinars import participants, transferring
from app.webinars.enums import RegistrationState, TransferSource
from app.webinars.exporting import city_of
from app.webinars.forms.registration import ColleagueForm, HandOverForm, form_with
from app.webinars.hours import elsewhere, when
from app.webinars.timetable import zone_of
from app.webinars.views._answers import answers_from, questions_of
from app.webinars.views._own_page import Answer, linked, plain_page, problem

bp = Blueprint("transfers", __name__)


@bp.route("/registrations/<token>/colleague", methods=["GET", "POST"])
def new(token: str) -> Answer:
    registration, form = linked(token), HandOverForm()
    if not form.validate_on_submit():
        return _form_page(registration, form)
    try:
        with write():
            transferring.offer_seat(
                registration, form.to_email.data, form.to_name.data, TransferSource.LINK
            )
    except DomainError as error:
        form.blame(error)
        return _form_page(registration, form)
    flash(_("Your colleague has a mail. You keep the seat until they say yes."))
    return redirect(url_for("registrations.show", token=token))


def _form_page(registration: Any, form: HandOverForm) -> Answer:
    return plain_page(
        "webinars/registration_hand_over.html",
        registration,
        422 if form.errors else 200,
        form=form,
        transfer=transferring.open_transfer(registration),
        until=transferring.ends_at(registration.webinar),
        has_seat=registration.state == RegistrationState.CONFIRMED,
    )


@bp.post("/registrations/<token>/colleague/call-back")
def call_back(token: str) -> Answer:
    """The giver keeps the seat after all."""
    registration = linked(token)
    transfer = transferring.open_transfer(registration)
    try:
        with write():
            if transfer is not None:
                transferring.call_back(transfer)
    except DomainError as error:
        return problem(error)
    flash(_("You keep your seat. The link in your colleague's mail no longer works."))
    return redirect(url_for("registrations.show", token=token))


@bp.get("/seats/<token>")
def show(token: str) -> Answer:
    transfer = _found(token)
    return _colleague_page(transfer, _colleague_form(transfer))


@bp.post("/seats/<token>")
def accept(token: str) -> Answer:
    transfer = _found(token)
    webinar = transferring.giver_of(transfer).webinar
    form = _colleague_form(transfer)
    if not form.validate():
        return _colleague_page(transfer, form, 422)
    person, answers = _colleague(transfer, webinar, form), answers_from(form, webinar)
    try:
        with write():
            registration = transferring.accept(transfer, person)
            needs = answers.access_needs or registration.access_needs
            participants.change_answers(registration, replace(answers, access_needs=needs))
    except DomainError as error:
        form.blame(error)
        return _colleague_page(transfer, form, 422)
    return redirect(url_for("registrations.show", token=registration.token))


def _found(token: str) -> Any:
    return first_or_404(transferring.one_transfer(token_read(token)))


def _colleague_form(transfer: Any) -> ColleagueForm:
    webinar_id = transferring.giver_of(transfer).webinar_id
    return form_with(questions_of(webinar_id), ColleagueForm, name=transfer.to_name)


def _colleague(transfer: Any, webinar: Any, form: ColleagueForm) -> participants.Person:
    """The address is that of the offer; a member with this address stays one."""
    person = viewer()
    is_theirs = person is not None and person.email.lower() == transfer.to_email
    return participants.Person(
        email=transfer.to_email,
        name=form.name.data,
        language=language(),
        timezone=zone_of(person) if person else webinar.tzid,
        user_id=person.id if person is not None and is_theirs else None,
    )


def _colleague_page(transfer: Any, form: ColleagueForm, status: int = 200) -> Answer:
    giver: Any = transferring.giver_of(transfer)
    webinar, tzid = giver.webinar, zone_of(viewer()) if viewer() else giver.webinar.tzid
    has_hour = webinar.starts_at and webinar.ends_at
    page = render_template(
        "webinars/registration_colleague.html",
        transfer=transfer,
        giver=giver,
        city=city_of(giver),
        webinar=webinar,
        form=form,
        tzid=tzid,
        is_open=transferring.is_open(transfer),
        is_taken=transfer.accepted_at is not None,
        when=when(webinar.starts_at, webinar.ends_at, tzid) if has_hour else "",
        elsewhere=elsewhere(webinar.starts_at, tzid) if has_hour else "",
    )
    return private(page, status)
