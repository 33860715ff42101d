"""The one join page: it waits, opens, and sends people who belong there to the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import viewer
from app.core.address_form import AddressForm
from app.core.db import db, first_or_404, write
from app.core.permissions import require
from app.core.personal_links import private, source, token_read
from app.live import joining
from app.live.joining import Entrance, Standing
from app.webinars import registering
from app.webinars.attending import (
    one_registration,
    registration_of,
    speaker_of,
    webinar_to_join,
)
from app.webinars.errors import TooManyRegistrations
from app.webinars.hours import elsewhere, when
from app.webinars.seats import place_in_line

bp = Blueprint("joins", __name__)

Answer = Response | Redirect


@dataclass(frozen=True)
class Arrival:
    """Who stands at the door, by account or by the token of the address."""

    webinar: Any
    registration: Any
    entrance: Entrance
    token: str


@bp.get("/webinars/<int:webinar_id>/join")
def show(webinar_id: int) -> Answer:
    arrival = _arrival(webinar_id, request.args.get("t"))
    return _page(arrival, AddressForm(), 403 if _is_stranger(arrival) else 200)


@bp.post("/webinars/<int:webinar_id>/join")
def enter(webinar_id: int) -> Answer:
    """Note who came, then show the room's address. The address is on no page before."""
    arrival = _arrival(webinar_id, request.form.get("t"))
    require(not _is_stranger(arrival))
    if not arrival.entrance.may_enter or not arrival.webinar.room_url:
        return _page(arrival, AddressForm(), 200)
    is_host = arrival.entrance.standing is Standing.HOST
    with write():
        room_url = joining.enter(arrival.webinar, arrival.registration, is_host=is_host)
    if not room_url:
        return _page(_arrival(webinar_id, request.form.get("t")), AddressForm(), 200)
    page = render_template("live/join_room.html", webinar=arrival.webinar, room_url=room_url)
    response = private(page)
    response.headers["Refresh"] = f"0; url={room_url}"
    return response


@bp.post("/webinars/<int:webinar_id>/join/link")
def send_link(webinar_id: int) -> Answer:
    """Mail the personal link again. The answer is the same for every address."""
    arrival = _arrival(webinar_id, None)
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


def _arrival(webinar_id: int, read: str | None) -> Arrival:
    token, person = token_read(read), viewer()
    webinar = first_or_404(webinar_to_join(person, webinar_id, token))
    speaker = speaker_of(person, webinar, token)
    registration = _by_token(webinar, token) or registration_of(person, webinar)
    entrance = joining.entrance(webinar, person, speaker, registration)
    return Arrival(webinar, registration, entrance, token)


def _by_token(webinar: Any, token: str) -> Any:
    found = db.session.scalars(one_registration(token)).first() if token else None
    return found if found is not None and found.webinar_id == webinar.id else None


def _is_stranger(arrival: Arrival) -> bool:
    return arrival.entrance.standing in {Standing.STRANGER, Standing.PENDING}


def _page(arrival: Arrival, form: AddressForm, status: int) -> Response:
    webinar, registration = arrival.webinar, arrival.registration
    tzid = registration.timezone if registration else getattr(viewer(), "timezone", webinar.tzid)
    has_hour = webinar.starts_at and webinar.ends_at
    page = render_template(
        "live/join.html",
        webinar=webinar,
        registration=registration,
        entrance=arrival.entrance,
        token=arrival.token,
        form=form,
        tzid=tzid,
        when=when(webinar.starts_at, webinar.ends_at, tzid) if has_hour else "",
        elsewhere=elsewhere(webinar.starts_at, tzid) if has_hour else "",
        place=place_in_line(registration) if registration else 0,
        is_signed_in=viewer() is not None,
    )
    return private(page, status)
