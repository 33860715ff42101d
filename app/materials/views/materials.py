"""The organisers' shelf: slides, papers and links of one webinar."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.bodies import takes_files
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.undo import flash_with_undo
from app.files import uploading
from app.materials import shelving
from app.materials.enums import MaterialKind, Sharing
from app.materials.forms import MaterialForm
from app.materials.queries import materials_at, one_material
from app.materials.shelving import MaterialDetails
from app.materials.views._managed import managed
from app.materials.views._sending import count_sent, sent_file, status_of
from app.materials.words import material_kind_words, sharing_words
from app.webinars.presenting import speakers_at

bp = Blueprint("materials", __name__)

Answer = str | Response | tuple[str, int]
STEPS = {"up": -1, "down": 1}


@bp.get("/webinars/<int:webinar_id>/materials")
@login_needed
def index(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    return _page(webinar, _empty_form(webinar))


@bp.post("/webinars/<int:webinar_id>/materials")
@login_needed
@takes_files
def create(webinar_id: int) -> Answer:
    webinar, form = managed(webinar_id), MaterialForm()
    if not form.validate():
        return _page(webinar, form, 422)
    try:
        prepared = _prepared()
        with write():
            material = shelving.add(webinar, _details(form), prepared, member())
    except DomainError as error:
        form.blame(error)
        return _page(managed(webinar_id), form, status_of(error))
    flash(
        _("Added.") if material.consented_at else _("Added. Only organisers see it so far."), "ok"
    )
    return redirect(url_for("materials.index", webinar_id=webinar_id))


@bp.route("/webinars/<int:webinar_id>/materials/<int:material_id>", methods=["GET", "POST"])
@login_needed
@takes_files
def edit(webinar_id: int, material_id: int) -> Answer:
    webinar = managed(webinar_id)
    material = first_or_404(one_material(webinar, material_id))
    form = MaterialForm() if request.method == "POST" else _form_of(material)
    if request.method != "POST" or not form.validate():
        return _edit_page(webinar, material, form, 422 if form.errors else 200)
    try:
        prepared = _prepared()
        with write():
            shelving.change(material, _details(form), prepared, member())
    except DomainError as error:
        form.blame(error)
        material = first_or_404(one_material(managed(webinar_id), material_id))
        return _edit_page(webinar, material, form, status_of(error))
    flash(_("Saved."), "ok")
    return redirect(url_for("materials.index", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/materials/<int:material_id>/move")
@login_needed
def move(webinar_id: int, material_id: int) -> Response:
    webinar = managed(webinar_id)
    material = first_or_404(one_material(webinar, material_id))
    with write():
        shelving.move(webinar, material, STEPS.get(request.form.get("to", ""), 0))
    anchor = f"material-{material_id}"
    return redirect(url_for("materials.index", webinar_id=webinar_id, _anchor=anchor))


@bp.post("/webinars/<int:webinar_id>/materials/<int:material_id>/remove")
@login_needed
def remove(webinar_id: int, material_id: int) -> Response:
    material = first_or_404(one_material(managed(webinar_id), material_id))
    with write():
        shelving.remove(material, member())
    back = url_for("materials.bring_back", webinar_id=webinar_id, material_id=material_id)
    flash_with_undo(_("Removed. Nobody has it any more."), back)
    return redirect(url_for("materials.index", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/materials/<int:material_id>/bring-back")
@login_needed
def bring_back(webinar_id: int, material_id: int) -> Response:
    webinar = managed(webinar_id)
    with write():
        shelving.bring_back(webinar, material_id)
    flash(_("It is back."), "ok")
    return redirect(url_for("materials.index", webinar_id=webinar_id))


def _prepared() -> Any:
    """The file that came with the form, stored and without a row yet; None without one."""
    sent = sent_file()
    if sent is None:
        return None
    count_sent()
    return uploading.prepare(sent.stream, sent.filename)


def _details(form: MaterialForm) -> MaterialDetails:
    return MaterialDetails(
        kind=MaterialKind(form.kind.data),
        title=form.title.data or "",
        language=form.language.data,
        made_by=form.made_by.data or "",
        url=form.url.data or "",
        sharing=Sharing(form.sharing.data),
        has_consent=bool(form.has_consent.data),
        is_reusable=bool(form.is_reusable.data),
        alt=form.alt.data or "",
    )


def _empty_form(webinar: Any) -> MaterialForm:
    return MaterialForm(
        formdata=None,
        language=webinar.language,
        kind=MaterialKind.SLIDES.value,
        sharing=Sharing.AUDIENCE.value,
    )


def _form_of(material: Any) -> MaterialForm:
    return MaterialForm(
        formdata=None,
        kind=material.kind.value,
        title=material.title,
        language=material.language,
        made_by=material.made_by,
        url=material.url,
        sharing=material.sharing.value,
        has_consent=material.consented_at is not None,
        is_reusable=material.is_reusable,
        alt=material.file.alt if material.file else "",
    )


def _page(webinar: Any, form: MaterialForm, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "materials/materials.html",
        webinar=webinar,
        form=form,
        materials=db.session.scalars(materials_at(webinar)).all(),
        speakers=[one for one in db.session.scalars(speakers_at(webinar)) if one.slides],
        kind_words=material_kind_words,
        audience_words=sharing_words,
    )
    return page, status


def _edit_page(webinar: Any, material: Any, form: MaterialForm, status: int) -> tuple[str, int]:
    page = render_template("materials/material.html", webinar=webinar, material=material, form=form)
    return page, status
