"""The one join page: it waits, is the live hour, and says what comes next."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.core.address_form import AddressForm
from app.core.db import write
from app.core.permissions import require
from app.core.personal_links import private, source
from app.live.admitting import Outcome, admit
from app.live.joining import Door
from app.live.views._arriving import Arrival, arrival_at, leave_key
from app.live.views._showing import page_values
from app.webinars import registering
from app.webinars.errors import TooManyRegistrations

bp = Blueprint("joins", __name__)

Answer = Response | Redirect


@bp.get("/webinars/<int:webinar_id>/join")
def show(webinar_id: int) -> Answer:
    arrival = arrival_at(webinar_id, request.args.get("t"))
    return _page(arrival, AddressForm(), 403 if _is_turned_away(arrival) else 200)


@bp.post("/webinars/<int:webinar_id>/join")
def enter(webinar_id: int) -> Answer:
    """Note who came, then show the room's address. The address is on no page before."""
    arrival = arrival_at(webinar_id, request.form.get("t"))
    require(not arrival.entrance.is_stranger)
    if not arrival.entrance.may_enter or not _address(arrival):
        return _page(arrival, AddressForm(), 200)
    device = arrival.device(over=request.form.get("here") == "1")
    with write():
        outcome = admit(arrival.webinar, arrival.registration, device, is_host=arrival.is_host)
    if outcome is not Outcome.IN:
        return _page(arrival_at(webinar_id, request.form.get("t")), AddressForm(), 200)
    answer = _room(arrival)
    leave_key(answer, webinar_id, device)
    return answer


@bp.post("/webinars/<int:webinar_id>/join/link")
def send_link(webinar_id: int) -> Answer:
    """Mail the personal link again. The answer is the same for every address."""
    arrival = arrival_at(webinar_id, None)
    form = AddressForm()
    if not form.validate():
        return _page(arrival, form, 422)
    try:
        with write():
            registering.send_own_link(arrival.webinar, form.email.data, source())
    except TooManyRegistrations as error:
        form.blame(error)
        return _page(arrival, form, 429)
    return redirect(url_for("registrations.asked", webinar_id=webinar_id))


def _room(arrival: Arrival) -> Response:
    """The only answer with the address: to a POST of somebody who belongs there, in its hours."""
    room_url = _address(arrival)
    page = render_template("live/join_room.html", webinar=arrival.webinar, room_url=room_url)
    answer = private(page)
    answer.headers["Refresh"] = f"0; url={room_url}"
    return answer


def _address(arrival: Arrival) -> str:
    return arrival.address(backup=request.form.get("backup") == "1")


def _is_turned_away(arrival: Arrival) -> bool:
    """Whoever asks about a webinar that is off, or over, is told so all the same."""
    is_off = arrival.entrance.door in {Door.CANCELLED, Door.POSTPONED, Door.CLOSED}
    return arrival.entrance.is_stranger and not is_off


def _page(arrival: Arrival, form: Any, status: int) -> Response:
    values = page_values(arrival)
    return private(render_template("live/join.html", form=form, **values), status)
