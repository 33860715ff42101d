"""Threads: reading one, starting one, going to what is new."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.drafting import delete_draft
from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import may_take_part
from app.accounts.queries import draft_for
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import in_language
from app.core.pagination import page_number
from app.core.permissions import require
from app.core.slugs import slugify
from app.forum import limits, posting
from app.forum.audiences import audience_choices, audience_of
from app.forum.enums import ThreadKind
from app.forum.errors import TooSoon
from app.forum.forms import ThreadForm
from app.forum.showing import first_unread_number
from app.forum.views._drafts import keep_draft
from app.forum.views._page import shown_or_404, thread_address, thread_page, to_post
from app.topics.permissions import can_start_thread
from app.topics.queries import one_readable_topic, topics_to_start_in

bp = Blueprint("threads", __name__)
DRAFT = "thread:new"


@bp.get("/threads/<int:thread_id>", defaults={"slug": None})
@bp.get("/threads/<int:thread_id>-<slug>")
def show(thread_id: int, slug: str | None) -> Response | tuple[str, int]:
    """A page of a thread; an old or wrong slug is corrected."""
    shown = shown_or_404(thread_id)
    number = page_number(request.args.get("page"))
    if slug != shown.slug:
        return redirect(thread_address(shown, number), 301)
    return thread_page(shown, number)


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
@login_needed
def create() -> Response | str | tuple[str, int]:
    require(may_take_part(viewer()))
    form = _with_choices(ThreadForm())
    if "save_draft" in request.form:
        return _save_draft(form)
    if not form.validate():
        return _form_page(form, 422)
    new = _new_thread(form)
    slug = form.topic.data
    try:
        with write():
            topic = first_or_404(one_readable_topic(viewer(), slug))
            require(can_start_thread(viewer(), topic))
            limits.check_new_thread(member(), new.text.body)
            thread = posting.start_thread(topic, member(), new)
            delete_draft(member(), DRAFT)
            address = (thread.id, slugify(thread.title))
    except DomainError as error:
        form.blame(error)
        return _form_page(form, 429 if isinstance(error, TooSoon) else 422)
    return redirect(url_for("threads.show", thread_id=address[0], slug=address[1]))


def _new_form() -> ThreadForm:
    draft = draft_for(member(), DRAFT)
    asked = ((name, request.args.get(name)) for name in ("topic", "kind", "title"))
    values: dict[str, Any] = {name: value for name, value in asked if value}
    if draft:
        values |= {**draft.fields, "draft_sequence": draft.sequence}
    return _with_choices(ThreadForm(formdata=None, data=values))


def _with_choices(form: ThreadForm) -> ThreadForm:
    topics = db.session.scalars(topics_to_start_in(member()))
    form.topic.choices = [(topic.slug, in_language(topic.names)) for topic in topics]
    form.audience.choices = audience_choices(member())
    return form


def _new_thread(form: ThreadForm) -> posting.NewThread:
    return posting.NewThread(
        title=form.title.data,
        text=posting.text_of(form.body.data, form.language.data),
        kind=ThreadKind(form.kind.data),
        audience=audience_of(form.audience.data),
    )


def _save_draft(form: ThreadForm) -> Response | tuple[str, int]:
    fields = {
        name: form[name].data or ""
        for name in ("title", "topic", "kind", "audience", "language", "body")
    }
    if keep_draft(form, DRAFT, fields):
        return redirect(url_for("threads.new"))
    return _form_page(form, 422)


def _form_page(form: ThreadForm, status: int = 200) -> tuple[str, int]:
    return render_template("forum/thread_form.html", form=form), status
