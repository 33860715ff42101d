"""The organisers' page of a recording, and the transcript that everybody entitled reads."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.bodies import takes_files
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.personal_links import private, token_read
from app.core.undo import flash_with_undo
from app.files import uploading
from app.live.attendees import attendee_of
from app.materials import chaptering, recording, tracking
from app.materials.captions import MOST_BYTES
from app.materials.enums import Sharing, TrackKind
from app.materials.forms import ChaptersForm, PublishRecordingForm, RecordingForm, TrackForm
from app.materials.queries import one_track, tracks_of, transcript_in
from app.materials.recording import RecordingDetails
from app.materials.showing import shelf
from app.materials.timecodes import timecode
from app.materials.tracking import TrackDetails
from app.materials.views._managed import managed
from app.materials.views._sending import count_sent, sent_file, status_of
from app.webinars.attending import webinar_to_join

bp = Blueprint("recordings", __name__)

Answer = str | Response | tuple[str, int]
LONGEST_LANGUAGE = 8


@bp.get("/webinars/<int:webinar_id>/recording")
@login_needed
def show(webinar_id: int) -> Answer:
    return _page(managed(webinar_id))


@bp.post("/webinars/<int:webinar_id>/recording")
@login_needed
def save(webinar_id: int) -> Answer:
    webinar, form = managed(webinar_id), RecordingForm()
    if not form.validate():
        return _page(webinar, form=form)
    try:
        with write():
            recording.save(webinar, _details(form))
    except DomainError as error:
        form.blame(error)
        return _page(managed(webinar_id), form=form)
    flash(_("Saved."), "ok")
    return redirect(url_for("recordings.show", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/recording/publish")
@login_needed
def publish(webinar_id: int) -> Answer:
    webinar, form = managed(webinar_id), PublishRecordingForm()
    try:
        with write():
            recording.publish(webinar, member(), is_cut=bool(form.is_cut.data))
    except DomainError as error:
        form.blame(error)
        return _page(managed(webinar_id), publishing=form)
    back = url_for("recordings.unpublish", webinar_id=webinar_id)
    flash_with_undo(_("The recording is published."), back)
    return redirect(url_for("recordings.show", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/recording/unpublish")
@login_needed
def unpublish(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    with write():
        recording.unpublish(webinar, member())
    back = url_for("recordings.publish", webinar_id=webinar_id)
    flash_with_undo(_("Only organisers see the recording now."), back, is_cut="y")
    return redirect(url_for("recordings.show", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/recording/tracks")
@login_needed
@takes_files
def put_track(webinar_id: int) -> Answer:
    """Captions or a transcript; one of each in each language."""
    webinar, form = managed(webinar_id), TrackForm()
    if not form.validate():
        return _page(webinar, track=form)
    try:
        details, prepared = _track_sent(form)
        with write():
            tracking.put(webinar, details, prepared, member())
    except DomainError as error:
        form.blame(error)
        return _page(managed(webinar_id), track=form, status=status_of(error))
    flash(_("Saved."), "ok")
    return redirect(url_for("recordings.show", webinar_id=webinar_id, _anchor="texts"))


@bp.post("/webinars/<int:webinar_id>/recording/tracks/<int:track_id>/remove")
@login_needed
def remove_track(webinar_id: int, track_id: int) -> Answer:
    webinar = managed(webinar_id)
    track = first_or_404(one_track(webinar, track_id))
    with write():
        tracking.take_away(webinar, track)
    flash(_("Removed."), "ok")
    return redirect(url_for("recordings.show", webinar_id=webinar_id, _anchor="texts"))


@bp.post("/webinars/<int:webinar_id>/recording/chapters")
@login_needed
def save_chapters(webinar_id: int) -> Answer:
    webinar, form = managed(webinar_id), ChaptersForm()
    if not form.validate():
        return _page(webinar, chapters=form)
    try:
        rows = chaptering.read_lines(form.lines.data or "")
        with write():
            chaptering.replace(webinar, rows)
    except DomainError as error:
        form.blame(error)
        return _page(managed(webinar_id), chapters=form)
    flash(_("Saved."), "ok")
    return redirect(url_for("recordings.show", webinar_id=webinar_id, _anchor="chapters"))


@bp.get("/webinars/<int:webinar_id>/transcript")
def transcript(webinar_id: int) -> Response:
    """As open as the recording: by account, or by a personal link."""
    token = token_read(request.args.get("t"))
    webinar = first_or_404(webinar_to_join(viewer(), webinar_id, token))
    shown = shelf(webinar, attendee_of(webinar, viewer(), token)).recording
    track = _transcript(webinar) if shown else None
    if shown is None or track is None:
        abort(404)
    page = render_template(
        "materials/transcript.html",
        webinar=webinar,
        track=track,
        recording=shown,
        paragraphs=[part.strip() for part in track.text.split("\n\n") if part.strip()],
        token=token,
    )
    return private(page)


def _transcript(webinar: Any) -> Any:
    """In the language that is asked for."""
    wanted = request.args.get("language", "")
    known = wanted if wanted.isalpha() and len(wanted) <= LONGEST_LANGUAGE else ""
    return db.session.scalars(transcript_in(webinar, known)).first()


def _details(form: RecordingForm) -> RecordingDetails:
    return RecordingDetails(
        url=form.url.data or "",
        language=form.language.data,
        minutes=form.minutes.data,
        starts_at_second=getattr(form.starts_at, "seconds", 0),
        sharing=Sharing(form.sharing.data),
        consent_note=form.consent_note.data or "",
        ends_on=form.ends_on.data,
        version=form.version.data or 0,
    )


def _track_sent(form: TrackForm) -> tuple[TrackDetails, Any]:
    """What is to be kept: captions as the file they are, a transcript as its words."""
    sent, kind, text = sent_file(), TrackKind(form.kind.data), form.text.data or ""
    prepared = None
    if sent is not None:
        count_sent()
        content = sent.stream.read(MOST_BYTES + 1)
        if kind is TrackKind.CAPTIONS:
            tracking.check_captions(content, sent.filename)
            sent.stream.seek(0)
            prepared = uploading.prepare(sent.stream, sent.filename)
        else:
            text = tracking.transcript_text(content, sent.filename)
    is_text = kind is TrackKind.TRANSCRIPT
    machine = bool(form.is_machine_made.data)
    return TrackDetails(kind, form.language.data, machine, text if is_text else ""), prepared


def _page(
    webinar: Any,
    *,
    form: RecordingForm | None = None,
    publishing: PublishRecordingForm | None = None,
    track: TrackForm | None = None,
    chapters: ChaptersForm | None = None,
    status: int = 422,
) -> tuple[str, int]:
    """All of it on one page; the form that was refused comes back as it was sent."""
    found = recording.the_recording(webinar)
    refused = next((one for one in (form, publishing, track, chapters) if one), None)
    page = render_template(
        "materials/recording.html",
        webinar=webinar,
        recording=found,
        objection=recording.objection(webinar),
        silent=recording.silent(webinar),
        tracks=db.session.scalars(tracks_of(webinar)).all(),
        refused=refused,
        form=form or _form_of(webinar, found),
        publishing=publishing or PublishRecordingForm(formdata=None),
        track_form=track or _track_form(webinar),
        chapters=chapters or _chapters_form(webinar, found),
    )
    return page, status if refused else 200


def _form_of(webinar: Any, found: Any) -> RecordingForm:
    if found is None:
        sharing = Sharing.AUDIENCE.value
        return RecordingForm(formdata=None, language=webinar.language, sharing=sharing, version=0)
    return RecordingForm(
        formdata=None,
        url=found.url,
        language=found.language,
        minutes=found.minutes,
        starts_at=timecode(found.starts_at_second),
        sharing=found.sharing.value,
        consent_note=found.consent_note,
        ends_on=found.ends_on,
        version=found.lock_version,
    )


def _track_form(webinar: Any) -> TrackForm:
    kind = TrackKind.CAPTIONS.value
    return TrackForm(formdata=None, language=webinar.language, kind=kind)


def _chapters_form(webinar: Any, found: Any) -> ChaptersForm:
    """What is saved; before anything is, the programme as it was planned."""
    rows: Any = chaptering.the_chapters(webinar)
    if not rows:
        rows = chaptering.from_programme(webinar, found.starts_at_second if found else 0)
    return ChaptersForm(formdata=None, lines=chaptering.as_lines(rows))
