"""Which materials and recordings a reader finds: asked for each page, file and mail anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import defer, joinedload

from app.accounts.models import User
from app.core.clock import utcnow
from app.materials.enums import Sharing, TrackKind
from app.materials.models import Chapter, Material, RecordingTrack, WebinarRecording
from app.webinars.enums import Status
from app.webinars.models import Webinar
from app.webinars.presenting import is_inside, is_managed_by
from app.webinars.queries import visible_webinar_ids

SHOWN = (Status.PUBLISHED, Status.POSTPONED, Status.ARCHIVED)


def materials_at(webinar: Webinar) -> Select[Material]:
    """For the organisers: also what nobody agreed to yet."""
    mine = (Material.webinar_id == webinar.id, Material.removed_at.is_(None))
    rows = select(Material).where(*mine).options(joinedload(Material.file))
    return rows.order_by(Material.position, Material.id)


def one_material(webinar: Webinar, material_id: int) -> Select[Material]:
    return materials_at(webinar).where(Material.id == material_id)


def one_removed(webinar: Webinar, material_id: int) -> Select[Material]:
    here = (Material.webinar_id == webinar.id, Material.id == material_id)
    return select(Material).where(*here, Material.removed_at.is_not(None))


def shared_materials(webinar: Webinar, *, is_inside: bool) -> Select[Material]:
    """What readers of the webinar's page are shown: with the consent of whoever made it."""
    rows = materials_at(webinar).where(Material.consented_at.is_not(None))
    return rows if is_inside else rows.where(Material.sharing == Sharing.AUDIENCE)


def reusable_materials(webinar: Webinar) -> Select[Material]:
    return materials_at(webinar).where(Material.is_reusable)


def recording_of(webinar: Webinar) -> Select[WebinarRecording]:
    """For the organisers: published or not."""
    return select(WebinarRecording).where(WebinarRecording.webinar_id == webinar.id)


def shared_recording(webinar: Webinar, *, is_inside: bool) -> Select[WebinarRecording]:
    rows = recording_of(webinar).where(_is_published())
    return rows if is_inside else rows.where(WebinarRecording.sharing == Sharing.AUDIENCE)


def tracks_of(webinar: Webinar) -> Select[RecordingTrack]:
    """Captions and transcripts without the texts, which may be long."""
    rows = select(RecordingTrack).where(RecordingTrack.webinar_id == webinar.id)
    order = (RecordingTrack.kind, RecordingTrack.language)
    plain = (joinedload(RecordingTrack.file), defer(RecordingTrack.text))
    return rows.options(*plain).order_by(*order)


def one_track(webinar: Webinar, track_id: int) -> Select[RecordingTrack]:
    return tracks_of(webinar).where(RecordingTrack.id == track_id)


def transcript_in(webinar: Webinar, language: str) -> Select[RecordingTrack]:
    kind = RecordingTrack.kind == TrackKind.TRANSCRIPT
    here = RecordingTrack.webinar_id == webinar.id
    return select(RecordingTrack).where(here, kind, RecordingTrack.language == language)


def chapters_of(webinar: Webinar) -> Select[Chapter]:
    return select(Chapter).where(Chapter.webinar_id == webinar.id).order_by(Chapter.second)


def material_files_readable_by(viewer: User | None, token: str) -> Select[int]:
    """Ids of files of materials; organisers also have those that nobody agreed to yet."""
    is_shared = and_(
        Material.consented_at.is_not(None),
        Webinar.status.in_(SHOWN),
        _is_for(viewer, token, Material.sharing == Sharing.AUDIENCE),
    )
    return (
        _ids(Material.file_id)
        .join(Webinar, Webinar.id == Material.webinar_id)
        .where(Material.removed_at.is_(None), or_(is_shared, is_managed_by(viewer)))
    )


def track_files_readable_by(viewer: User | None, token: str) -> Select[int]:
    """Ids of files of captions and transcripts: as open as their recording."""
    is_shared = and_(
        _is_published(),
        Webinar.status.in_(SHOWN),
        _is_for(viewer, token, WebinarRecording.sharing == Sharing.AUDIENCE),
    )
    return (
        _ids(RecordingTrack.file_id)
        .join(Webinar, Webinar.id == RecordingTrack.webinar_id)
        .outerjoin(WebinarRecording, WebinarRecording.webinar_id == Webinar.id)
        .where(or_(is_shared, is_managed_by(viewer)))
    )


def material_files_in_use() -> Select[int]:
    """Ids of files that some material has."""
    used = _ids(Material.file_id).where(Material.removed_at.is_(None))
    return used.where(Material.file_id.is_not(None))


def track_files_in_use() -> Select[int]:
    return _ids(RecordingTrack.file_id).where(RecordingTrack.file_id.is_not(None))


def _ids(column: Any) -> Select[int]:
    return select(column)


def _is_for(
    viewer: User | None, token: str, is_for_audience: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whoever had a place or speaks, and for the audience whoever sees the webinar."""
    is_seen = Webinar.id.in_(visible_webinar_ids(viewer))
    return or_(is_inside(viewer, token), and_(is_for_audience, is_seen))


def _is_published() -> ColumnElement[bool]:
    ends_on = WebinarRecording.ends_on
    is_on = or_(ends_on.is_(None), ends_on > utcnow().date())
    return and_(WebinarRecording.published_at.is_not(None), WebinarRecording.url != "", is_on)
