"""The schedule and the pages of webinars."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.clock import utcnow
from app.core.early_members import told_early
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.pagination import page_number
from app.core.permissions import require
from app.core.reading_ahead import WEBINAR, taken
from app.core.row_fields import is_number
from app.core.slugs import slugify
from app.core.visitor_pages import MINUTE, open_page
from app.forum.reach import Reach, reach_of
from app.topics.cards import TopicCard
from app.webinars.add_links import feed_address
from app.webinars.enums import Status
from app.webinars.forms.webinar import WebinarForm
from app.webinars.glancing import Glance, glance_at
from app.webinars.hours import place
from app.webinars.lines import own_drafts
from app.webinars.own import own_of
from app.webinars.permissions import can_schedule
from app.webinars.schedule_texts import Choice, schedule_text
from app.webinars.timetable import zone_of
from app.webinars.views._drafting import draft_like, empty_draft, offer_choices, typed_from
from app.webinars.views._managing import address, managed_or_template
from app.webinars.views._page import glanced_page, kept_webinar
from app.webinars.views._saving import schedule_from, update_from

bp = Blueprint("webinars", __name__)

Answer = str | Response | tuple[str, int]
LISTED = ("webinars", "topics", "network", "people", "notes")
SHOWN = (*LISTED, "live")


@bp.get("/webinars")
@open_page(*LISTED, every=MINUTE)
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
        feeds=feed_address("calendars.public_feed"),
        can_schedule=can_schedule(person),
        is_member=person is not None and person.is_approved,
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


@bp.get("/webinars/<int:webinar_id>")
@bp.get("/webinars/<int:webinar_id>-<slug>")
@open_page(*SHOWN, every=MINUTE)
@told_early(kept_webinar, to_anybody=True)
def show(webinar_id: int, slug: str = "") -> Answer:
    glance = _glance(webinar_id) or abort(404)
    if slug != slugify(glance.title):
        return redirect(address(glance), 301)
    return glanced_page(glance)


def _glance(webinar_id: int) -> Glance | None:
    """What was read before the framework began is not asked again."""
    read: Glance | None = taken(WEBINAR, viewer())
    return read if read and read.id == webinar_id else glance_at(viewer(), webinar_id)


@bp.route("/webinars/new", methods=["GET", "POST"])
@login_needed
def new() -> Answer:
    """`like` names a webinar or a template that the new one starts from."""
    like = _like(request.args.get("like", ""))
    require(can_schedule(member()))
    form = offer_choices(WebinarForm(data=draft_like(like) if like else empty_draft()), like)
    del form.following
    if form.asks_for_rows():
        form.add_rows()
        return _form_page(form)
    if not form.validate_on_submit():
        return _form_page(form)
    try:
        webinar = schedule_from(form, like)
    except DomainError as error:
        form.blame(error)
        return _form_page(form)
    flash(_said(form, webinar))
    return redirect(address(webinar))


def _like(number: str) -> Any:
    if not number:
        return None
    return managed_or_template(int(number)) if is_number(number) else abort(404)


def _said(form: WebinarForm, webinar: Any) -> str:
    if form.publish_now.data:
        return _("Published. Invitations go out as people register.")
    if webinar.series_id:
        return _("The sessions are saved as drafts. Publish each, or all on the series' page.")
    return _("The draft is saved. Only its organisers see it until you publish.")


@bp.route("/webinars/<int:webinar_id>/edit", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int) -> Answer:
    webinar = managed_or_template(webinar_id)
    form = offer_choices(WebinarForm(data=typed_from(webinar)), webinar)
    _fix(form, webinar)
    if form.asks_for_rows():
        form.add_rows()
        return _form_page(form, webinar)
    if not form.validate_on_submit():
        return _form_page(form, webinar)
    try:
        update_from(form, webinar)
    except DomainError as error:
        form.blame(error)
        form.take_version(webinar.lock_version)
        return _form_page(form, webinar)
    flash(_("Saved."))
    return redirect(url_for("copies.index") if webinar.is_template else address(webinar))


def _fix(form: WebinarForm, webinar: Any) -> None:
    """The time of a published webinar is moved on a page of its own, a template has none."""
    del form.repeats, form.count, form.days, form.publish_now, form.once
    if webinar.status != Status.DRAFT or webinar.is_template:
        del form.date, form.start_local, form.end_local, form.tzid, form.start_turn, form.end_turn
    if webinar.series_id is None:
        del form.following


def _form_page(form: WebinarForm, webinar: Any = None) -> Answer:
    page = render_template("webinars/webinar_form.html", form=form, webinar=webinar)
    return (page, 422) if form.errors else page
