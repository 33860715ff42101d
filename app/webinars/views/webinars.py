"""The schedule and the pages of webinars."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.clock import utcnow
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.links import absolute_url
from app.core.pagination import page_number
from app.core.permissions import require
from app.core.slugs import slugify
from app.core.visitor_pages import MINUTE, open_page
from app.forum.reach import Reach, reach_of
from app.topics.cards import TopicCard
from app.webinars import queries, scheduling
from app.webinars.enums import Status
from app.webinars.forms.webinar import WebinarForm
from app.webinars.glancing import glance_at
from app.webinars.hours import place
from app.webinars.lines import own_drafts
from app.webinars.own import own_of
from app.webinars.permissions import can_manage, can_schedule
from app.webinars.schedule_texts import Choice, schedule_text
from app.webinars.timetable import zone_of
from app.webinars.views._drafting import (
    details_of,
    empty_draft,
    offer_choices,
    slot_of,
    typed_from,
)
from app.webinars.views._page import glanced_page

bp = Blueprint("webinars", __name__)

Answer = str | Response | tuple[str, int]
SHOWN = ("webinars", "topics", "network", "people", "notes")


@bp.get("/webinars")
@open_page(*SHOWN, every=MINUTE)
def index() -> str:
    person, now = viewer(), utcnow()
    tzid, reach = zone_of(person), reach_of(person)
    topic = _chosen(reach, request.args.get("topic"))
    mine = person is not None and request.args.get("mine") == "1"
    number = page_number(request.args.get("page"))
    choice = Choice(topic.id if topic else None, mine, number)
    listed = schedule_text(reach, own_of(person), now, choice)
    return render_template(
        "webinars/webinars.html",
        schedule=listed,
        number=number,
        newer=_past_page(number - 1),
        older=_past_page(number + 1) if listed.has_more else None,
        drafts=_drafts(),
        topics=reach.cards.of(reach.topics),
        topic=topic,
        mine=mine,
        place=place(tzid),
        feeds=_feeds(),
        can_schedule=can_schedule(person),
    )


def _chosen(reach: Reach, slug: str | None) -> TopicCard | None:
    """The topic to filter by; one that the reader cannot read does not exist."""
    if not slug:
        return None
    return next(
        (card for card in reach.cards.of(reach.topics) if card.slug == slug), None
    ) or abort(404)


def _past_page(number: int) -> str | None:
    """The address of another page of the past, the filter kept."""
    if number < 1:
        return None
    kept: dict[str, Any] = {name: request.args.get(name) for name in ("topic", "mine")}
    return url_for("webinars.index", **kept, page=number if number > 1 else None)


def _drafts() -> list[Any]:
    person = viewer()
    if person is None or not can_schedule(person):
        return []
    return own_drafts(person)


def _feeds() -> dict[str, str]:
    """The same feed twice: Outlook on the web wants https, phones want webcal."""
    address = absolute_url("calendars.public_feed")
    return {"https": address, "webcal": urlsplit(address)._replace(scheme="webcal").geturl()}


@bp.get("/webinars/<int:webinar_id>")
@bp.get("/webinars/<int:webinar_id>-<slug>")
@open_page(*SHOWN, every=MINUTE)
def show(webinar_id: int, slug: str = "") -> Answer:
    glance = glance_at(viewer(), webinar_id) or abort(404)
    if slug != slugify(glance.title):
        return redirect(_address(glance), 301)
    return glanced_page(glance)


@bp.route("/webinars/new", methods=["GET", "POST"])
@login_needed
def new() -> Answer:
    require(can_schedule(member()))
    form = offer_choices(WebinarForm(data=empty_draft()))
    if form.asks_for_rows():
        form.add_rows()
        return _form_page(form)
    if not form.validate_on_submit():
        return _form_page(form)
    try:
        webinar = _schedule(form)
    except DomainError as error:
        form.blame(error)
        return _form_page(form)
    flash(_("The draft is saved. Only its organisers see it until you publish."))
    return redirect(_address(webinar))


def _schedule(form: WebinarForm) -> Any:
    slot, details = slot_of(form), details_of(form)
    uid = scheduling.new_uid(current_app.config["INBOUND_DOMAIN"])
    with write():
        return scheduling.schedule(details, slot, member(), uid=uid)


@bp.route("/webinars/<int:webinar_id>/edit", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int) -> Answer:
    webinar = first_or_404(queries.one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    form = offer_choices(WebinarForm(data=typed_from(webinar)), webinar)
    _fix_time(form, webinar)
    if form.asks_for_rows():
        form.add_rows()
        return _form_page(form, webinar)
    if not form.validate_on_submit():
        return _form_page(form, webinar)
    try:
        _update(form, webinar)
    except DomainError as error:
        form.blame(error)
        form.take_version(webinar.lock_version)
        return _form_page(form, webinar)
    flash(_("Saved."))
    return redirect(_address(webinar))


def _fix_time(form: WebinarForm, webinar: Any) -> None:
    """The time of a published webinar is moved on a page of its own, not edited."""
    if webinar.status != Status.DRAFT:
        del form.date, form.start_local, form.end_local, form.tzid


def _update(form: WebinarForm, webinar: Any) -> None:
    slot = slot_of(form) if webinar.status == Status.DRAFT else None
    details = details_of(form)
    with write():
        scheduling.update_details(
            webinar, details, member(), version=form.version.data or 0, slot=slot
        )


def _form_page(form: WebinarForm, webinar: Any = None) -> Answer:
    page = render_template("webinars/webinar_form.html", form=form, webinar=webinar)
    return (page, 422) if form.errors else page


def _address(webinar: Any) -> str:
    return url_for("webinars.show", webinar_id=webinar.id, slug=slugify(webinar.title))
