"""A person's certificate, its file, and the page on which anybody checks it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import viewer
from app.certificates import issuing
from app.certificates.printing import day_of, presence_of, write_certificate
from app.certificates.queries import one_certificate, tidy_code, valid_certificate
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.personal_links import private, token_read
from app.core.request_limits import count_code
from app.webinars.attending import one_registration, registration_of, webinar_to_join

bp = Blueprint("certificates", __name__)

Answer = Response | Redirect


@bp.get("/webinars/<int:webinar_id>/certificate")
def show(webinar_id: int) -> Answer:
    webinar, registration, token = _mine(webinar_id, request.args.get("t"))
    return _page(webinar, registration, token)


@bp.post("/webinars/<int:webinar_id>/certificate")
def issue(webinar_id: int) -> Answer:
    webinar, registration, token = _mine(webinar_id, request.form.get("t"))
    if registration is None:
        return _page(webinar, registration, token)
    try:
        with write():
            issuing.issue(registration)
    except DomainError:
        webinar, registration, token = _mine(webinar_id, request.form.get("t"))
        return _page(webinar, registration, token, 422)
    flash(_("Here is your certificate."))
    return redirect(url_for("certificates.show", webinar_id=webinar_id, t=token or None))


@bp.get("/certificates/<code>")
def check(code: str) -> Answer:
    """Valid, revoked, or not known. The code is known to whom its holder gave it."""
    certificate = _by_code(code)
    if certificate is None:
        return private(render_template("certificates/unknown.html"), 404)
    page = render_template(
        "certificates/check.html",
        certificate=certificate,
        webinar=certificate.webinar,
        when=day_of(certificate),
        presence=presence_of(certificate),
    )
    return private(page)


@bp.get("/certificates/<code>.pdf")
def download(code: str) -> Answer:
    certificate = _by_code(code)
    if certificate is None:
        abort(404)
    if certificate.revoked_at is not None:
        return redirect(url_for("certificates.check", code=certificate.code))
    answer = private(write_certificate(certificate))
    answer.content_type = "application/pdf"
    name = f"certificate-{certificate.code}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _by_code(read: str) -> Any:
    count_code(getattr(viewer(), "id", None))
    code = tidy_code(read)
    return db.session.scalars(one_certificate(code)).first() if code else None


def _mine(webinar_id: int, read: str | None) -> tuple[Any, Any, str]:
    """The webinar, and the registration of the link, else of the account."""
    token, person = token_read(read), viewer()
    webinar = first_or_404(webinar_to_join(person, webinar_id, token))
    linked = db.session.scalars(one_registration(token)).first() if token else None
    if linked is not None and linked.webinar_id == webinar.id:
        return webinar, linked, token
    return webinar, registration_of(person, webinar), ""


def _page(webinar: Any, registration: Any, token: str, status: int = 200) -> Response:
    if registration is None:
        page = render_template(
            "certificates/nobody.html", webinar=webinar, is_signed_in=viewer() is not None
        )
        return private(page, 403)
    standing = issuing.standing_of(registration)
    page = render_template(
        "certificates/certificate.html",
        webinar=webinar,
        registration=registration,
        token=token,
        standing=standing,
        why_not=issuing.why_not(standing),
        certificate=valid_certificate(registration.id),
    )
    return private(page, status)
