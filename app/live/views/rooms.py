"""The organisers' page about the room: which one, a backup, a telephone number."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.core.settings import settings
from app.live import furnishing, rooming
from app.live.enums import Provider
from app.live.forms import PROVIDERS, RoomForm
from app.live.furnishing import Furniture
from app.live.queries import room_of
from app.live.rooms.registry import KEEPERS, offered
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar

bp = Blueprint("rooms", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/room", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int) -> Answer:
    webinar = _managed(webinar_id)
    room = room_of(webinar.id)
    form = RoomForm(data={**_typed(room), "url": webinar.room_url})
    form.provider.choices = [(kind.value, PROVIDERS[kind]) for kind in _kinds(room)]
    if not form.validate_on_submit():
        return _page(form, webinar)
    try:
        with write():
            furnishing.furnish(webinar, _chosen(form), member())
    except DomainError as error:
        form.blame(error)
        return _page(form, webinar)
    flash(_("Saved. Whoever joins from now on enters this room. Nobody is mailed."))
    return redirect(url_for("rooms.edit", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/room/backup")
@login_needed
def send_to_backup(webinar_id: int) -> Answer:
    webinar = _managed(webinar_id)
    try:
        with write():
            furnishing.send_to_backup(webinar, member())
    except DomainError as error:
        flash(error.message)
    else:
        flash(_("Every join page leads to the backup room now."))
    return redirect(url_for("rooms.edit", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/room/first")
@login_needed
def send_back(webinar_id: int) -> Answer:
    webinar = _managed(webinar_id)
    with write():
        furnishing.send_back(webinar, member())
    flash(_("Every join page leads to the first room again."))
    return redirect(url_for("rooms.edit", webinar_id=webinar_id))


def _managed(webinar_id: int) -> Any:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    return webinar


def _kinds(room: Any) -> list[Provider]:
    """Those of this installation, and the one that was chosen before it changed."""
    return list(dict.fromkeys([*offered(settings()), room.provider]))


def _typed(room: Any) -> dict[str, str]:
    return {
        "provider": room.provider.value,
        "backup_url": room.backup_url,
        "dial_in": room.dial_in,
    }


def _chosen(form: RoomForm) -> Furniture:
    return Furniture(
        provider=Provider(form.provider.data),
        url=form.url.data or "",
        backup_url=form.backup_url.data or "",
        dial_in=form.dial_in.data or "",
    )


def _page(form: RoomForm, webinar: Any) -> Answer:
    room = room_of(webinar.id)
    page = render_template(
        "live/room.html",
        form=form,
        webinar=webinar,
        room=room,
        has_failed=rooming.has_failed(room),
        waits_for_room=KEEPERS[room.provider].makes_rooms and not room.made_at,
    )
    return (page, 422) if form.errors else page
