"""The tags a topic offers: its stewards make them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import is_admin
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _, in_language
from app.core.permissions import require
from app.forum.curating import tagging
from app.forum.views._curating_forms import TagForm
from app.topics.permissions import is_steward
from app.topics.queries import one_readable_topic

bp = Blueprint("topic_tags", __name__)


@bp.route("/topics/<slug>/tags", methods=["GET", "POST"])
@login_needed
def index(slug: str) -> Response | str | tuple[str, int]:
    topic, form = _topic(slug), TagForm()
    if not form.validate_on_submit():
        return _page(topic, form, 422 if form.is_submitted() else 200)
    try:
        with write():
            tagging.make_tag(_topic(slug), form.names, member())
    except DomainError as error:
        form.blame(error)
        return _page(_topic(slug), form, 422)
    flash(_("The tag is there. Threads of this topic can have it now."))
    return redirect(url_for("topic_tags.index", slug=slug))


@bp.route("/topics/<slug>/tags/<int:tag_id>", methods=["GET", "POST"])
@login_needed
def edit(slug: str, tag_id: int) -> Response | str | tuple[str, int]:
    topic = _topic(slug)
    tag = first_or_404(tagging.one_tag(topic, tag_id))
    if request.method != "POST":
        names = {f"name_{code}": name for code, name in tag.names.items()}
        return _edit_page(topic, tag, TagForm(formdata=None, data=names))
    form = TagForm()
    if not form.validate():
        return _edit_page(topic, tag, form, 422)
    with write():
        tag = first_or_404(tagging.one_tag(_topic(slug), tag_id))
        tagging.name_tag(tag, form.names, member())
    flash(_("Saved."))
    return redirect(url_for("topic_tags.index", slug=slug))


@bp.post("/topics/<slug>/tags/<int:tag_id>/delete")
@login_needed
def delete(slug: str, tag_id: int) -> Response:
    with write():
        tag = first_or_404(tagging.one_tag(_topic(slug), tag_id))
        name = in_language(tag.names)
        tagging.remove_tag(tag, member())
    flash(_("The tag “%(name)s” is gone, also from the threads that had it.", name=name))
    return redirect(url_for("topic_tags.index", slug=slug))


def _topic(slug: str) -> Any:
    topic = first_or_404(one_readable_topic(viewer(), slug))
    require(is_admin(viewer()) or is_steward(viewer(), topic))
    return topic


def _page(topic: Any, form: TagForm, status: int) -> tuple[str, int]:
    tags = tagging.tags_of_topic(topic)
    page = render_template("forum/curating/topic_tags.html", topic=topic, form=form, tags=tags)
    return page, status


def _edit_page(topic: Any, tag: Any, form: TagForm, status: int = 200) -> tuple[str, int]:
    page = render_template("forum/curating/topic_tag.html", topic=topic, tag=tag, form=form)
    return page, status
