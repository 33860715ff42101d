"""A speaker's own page, opened by the personal link: answer, say who one is, send slides.

Mail scanners follow links, so a GET never changes anything.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.core.bodies import takes_files
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.personal_links import private, token_read
from app.files import uploading
from app.webinars import speaking
from app.webinars.forms.speaking import NO, YES, SlidesForm, SpeakerForm
from app.webinars.hours import day_words, elsewhere, when
from app.webinars.presenting import one_speaker
from app.webinars.speakers import contact_of

bp = Blueprint("speaking", __name__)

Answer = Response | Redirect


@bp.get("/speakers/<token>")
def show(token: str) -> Answer:
    return _page(_found(token))


@bp.post("/speakers/<token>/confirm")
def confirm(token: str) -> Answer:
    return _act(token, speaking.confirm, _("Thank you. The organisers see that you come."))


@bp.post("/speakers/<token>/decline")
def decline(token: str) -> Answer:
    said = _("The organisers are told that you do not come. You can still change it here.")
    return _act(token, speaking.decline, said)


@bp.post("/speakers/<token>/details")
def describe(token: str) -> Answer:
    speaker, form = _found(token), SpeakerForm()
    if not form.validate():
        return _page(speaker, form=form, status=422)
    answers = _answers(form, speaker)
    try:
        with write():
            speaking.describe(speaker, answers)
    except DomainError as error:
        form.blame(error)
        return _page(_found(token), form=form, status=422)
    flash(_("Saved."), "ok")
    return redirect(url_for("speaking.show", token=token))


@bp.post("/speakers/<token>/slides")
@takes_files
def send_slides(token: str) -> Answer:
    """A new file takes the place of the old one; without a file only the tick is saved."""
    speaker, form = _found(token), SlidesForm()
    sent = request.files.get("slides")
    try:
        if sent is not None and sent.filename:
            _keep(speaker, sent)
        with write():
            speaking.share_slides(speaker, bool(form.shares.data))
    except DomainError as error:
        status = 429 if error.status == 429 else 422
        return _page(_found(token), slides_error=error.message, status=status)
    flash(_("Saved."), "ok")
    return redirect(url_for("speaking.show", token=token, _anchor="slides"))


@bp.post("/speakers/<token>/slides/remove")
def remove_slides(token: str) -> Answer:
    return _act(token, speaking.drop_slides, _("Your slides are taken away."))


def _keep(speaker: Any, sent: Any) -> None:
    with write():
        speaking.require_askable(speaker.webinar)
        speaking.count_upload(speaker)
    speaking.check_slides(sent.filename)
    prepared = uploading.prepare(sent.stream, sent.filename)
    with write():
        speaking.keep_slides(speaker, prepared)


def _act(token: str, act: Any, said: str) -> Answer:
    speaker = _found(token)
    try:
        with write():
            act(speaker)
    except DomainError as error:
        return _page(_found(token), problem=error.message, status=422)
    flash(said, "ok")
    return redirect(url_for("speaking.show", token=token))


def _found(token: str) -> Any:
    return first_or_404(one_speaker(token_read(token)))


def _answers(form: SpeakerForm, speaker: Any) -> speaking.Answers:
    asks = speaking.asks_about_recording(speaker.webinar)
    return speaking.Answers(
        bio=form.bio.data or "",
        access_needs=form.access_needs.data or "",
        phone=form.phone.data or "",
        language=form.language.data,
        timezone=form.timezone.data,
        may_record=form.consent if asks else None,
    )


def _form_of(speaker: Any, contact: Any) -> SpeakerForm:
    return SpeakerForm(
        bio=speaker.bio,
        access_needs=speaker.access_needs,
        phone=speaker.phone,
        language=contact.language,
        timezone=contact.timezone,
        may_record={True: YES, False: NO}.get(speaker.may_record),
        formdata=None,
    )


def _page(
    speaker: Any, *, form: SpeakerForm | None = None, status: int = 200, **words: Any
) -> Response:
    webinar, contact = speaker.webinar, contact_of(speaker)
    has_hour, tzid = webinar.starts_at and webinar.ends_at, contact.timezone
    page = render_template(
        "webinars/speaker.html",
        speaker=speaker,
        webinar=webinar,
        form=form or _form_of(speaker, contact),
        slides_form=SlidesForm(formdata=None, shares=speaker.shares_slides),
        is_open=speaking.is_askable(webinar),
        asks_about_recording=speaking.asks_about_recording(webinar),
        answer_day=day_words(speaking.answer_by(speaker), tzid),
        slides_day=day_words(speaking.slides_by(webinar), tzid),
        when=when(webinar.starts_at, webinar.ends_at, tzid) if has_hour else "",
        elsewhere=elsewhere(webinar.starts_at, tzid) if has_hour else "",
        **words,
    )
    return private(page, status)
