"""Threads: reading one, starting one, going to what is new."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.drafting import settle_draft
from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import may_take_part
from app.accounts.queries import draft_for
from app.core.bodies import checks_token_itself, takes_files
from app.core.clock import utcnow
from app.core.date_fields import day_or_none
from app.core.db import db, first_or_404, write
from app.core.early_members import told_early
from app.core.errors import DomainError
from app.core.forms import tidy
from app.core.i18n import _
from app.core.pagination import page_number
from app.core.permissions import require
from app.core.slugs import slugify
from app.core.visitor_pages import Basis, open_page_by
from app.forum import attaching, limits, posting, timeboxing
from app.forum.audiences import audience_choices, audience_of, readership
from app.forum.desk import desk_of, hints
from app.forum.enums import ThreadKind
from app.forum.forms import ThreadForm
from app.forum.glancing import visitor_basis
from app.forum.queries import where_thread_went
from app.forum.showing import first_unread_number
from app.forum.views._attaching import drafted_files, take_files
from app.forum.views._drafts import SessionEnded, is_stale, keep_draft
from app.forum.views._page import (
    glance_for,
    kept_thread,
    shown_or_404,
    thread_address,
    thread_page,
    to_post,
)
from app.topics.permissions import can_start_thread
from app.topics.queries import one_readable_topic, slug_is, topics_to_start_in

bp = Blueprint("threads", __name__)
DRAFT = "thread:new"


def _basis(thread_id: int, slug: str | None) -> Basis | None:
    """Of a thread that visitors read. The slug is in the address, which is in every key."""
    facts, changed_at = visitor_basis(thread_id)
    return Basis((*facts, utcnow().date()), changed_at) if facts and slug else None


@bp.get("/threads/<int:thread_id>", defaults={"slug": None})
@bp.get("/threads/<int:thread_id>-<slug>")
@open_page_by(_basis)
@told_early(kept_thread)
def show(thread_id: int, slug: str | None) -> Response | tuple[str, int]:
    """A page of a thread; an old or wrong slug is corrected, a merged thread leads on."""
    number = page_number(request.args.get("page"))
    glance = glance_for(thread_id, number)
    if glance is None:
        return _to_where_it_went(thread_id)
    if slug != glance.slug:
        return redirect(thread_address(glance, number), 301)
    return thread_page(glance, number)


def _to_where_it_went(thread_id: int) -> Response:
    thread = where_thread_went(viewer(), thread_id)
    if thread is None:
        raise NotFound
    slug = slugify(thread.title)
    return redirect(url_for("threads.show", thread_id=thread.id, slug=slug), 301)


@bp.get("/threads/<int:thread_id>/unread")
def unread(thread_id: int) -> Response:
    """To the first unread post; for visitors, and when there is none, to the thread."""
    shown = shown_or_404(thread_id)
    person = viewer()
    if person is None:
        return redirect(thread_address(shown))
    return to_post(shown, first_unread_number(person, shown.thread))


@bp.get("/threads/new")
@login_needed
def new() -> str | tuple[str, int]:
    require(may_take_part(viewer()))
    return _form_page(_new_form())


@bp.post("/threads/new")
@checks_token_itself
@takes_files
def create() -> Response | str | tuple[str, int]:
    """Start a thread. Whatever goes wrong, everything typed comes back."""
    if viewer() is None:
        return _signed_out()
    require(may_take_part(viewer()))
    form = ThreadForm()
    again = 422 if is_stale(form) else take_files(form.files)
    _with_choices(form)
    if again:
        return _form_page(form, again)
    if "save_draft" in request.form:
        return (
            redirect(url_for("threads.new")) if keep_draft(form, DRAFT) else _form_page(form, 422)
        )
    if not form.validate():
        return _form_page(form, 422)
    try:
        thread_id, title = _start(form)
    except DomainError as error:
        form.blame(error)
        return _form_page(form, error.status)
    flash(_("Your thread is posted."), "ok")
    return redirect(url_for("threads.show", thread_id=thread_id, slug=slugify(title)))


def _start(form: ThreadForm) -> tuple[int, str]:
    new = _new_thread(form)
    with write():
        topic = first_or_404(one_readable_topic(viewer(), form.topic.data))
        require(can_start_thread(viewer(), topic))
        limits.check_new_thread(member(), topic, new.text)
        thread = posting.start_thread(topic, member(), new)
        attaching.attach_to_opening(thread, member(), form.files.data)
        if form.answers_by.data:
            timeboxing.set_deadline(thread, member(), form.answers_by.data)
        settle_draft(member(), DRAFT, new.text.body, form.draft_sequence.data or 0)
        return thread.id, thread.title


@bp.get("/threads/readers")
@login_needed
def readers() -> str:
    """Who would read a thread with this topic and this choice: one line of the form."""
    require(may_take_part(viewer()))
    topic = first_or_404(_topics().where(slug_is(tidy(request.args.get("topic", "")))))
    shown = readership(member(), topic, request.args.get("audience", ""))
    return render_template("forum/_readers.html", shown=shown)


def _new_form() -> ThreadForm:
    draft = draft_for(member(), DRAFT)
    asked = ((name, request.args.get(name)) for name in ("topic", "kind", "title"))
    values: dict[str, Any] = {name: value for name, value in asked if value}
    if draft:
        values |= {**draft.fields, "draft_sequence": draft.sequence}
        values["files"] = drafted_files(draft.fields)
        values["answers_by"] = day_or_none(draft.fields.get("answers_by", ""))
    return _with_choices(ThreadForm(formdata=None, data=values))


def _with_choices(form: ThreadForm) -> ThreadForm:
    form.offer_places(db.session.scalars(_topics()).all(), audience_choices(member()))
    desk = desk_of(member())
    form.offer(desk)
    form.hints = hints(desk)
    return form


def _topics() -> Select[Any]:
    return topics_to_start_in(member())


def _new_thread(form: ThreadForm) -> posting.NewThread:
    return posting.NewThread(
        title=form.title.data,
        text=posting.text_of(form.body.data, form.text_language()),
        kind=ThreadKind(form.kind.data),
        audience=audience_of(form.audience.data),
        speaker=form.speaker(),
    )


def _signed_out() -> tuple[str, int]:
    """What was typed, to be sent again after signing in; of choices only the words typed."""
    form = ThreadForm()
    form.offer_nothing()
    form.blame(SessionEnded())
    return _form_page(form, 401)


def _form_page(form: ThreadForm, status: int = 200) -> tuple[str, int]:
    person = viewer()
    topic = form.chosen_topic
    shown = readership(person, topic, form.audience.data) if person and topic else None
    return render_template(
        "forum/thread_form.html", form=form, shown=shown, is_visitor=person is None
    ), status
