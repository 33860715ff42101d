"""Publishing a draft."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.core.slugs import slugify
from app.webinars import publishing
from app.webinars.forms.webinar import PublishForm
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar
from app.webinars.views._page import webinar_page

bp = Blueprint("publications", __name__)


@bp.post("/webinars/<int:webinar_id>/publish")
@login_needed
def create(webinar_id: int) -> Response | tuple[str, int]:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    form = PublishForm()
    form.validate_on_submit()
    try:
        with write():
            publishing.publish(webinar, member())
    except DomainError as error:
        form.blame(error)
        webinar = first_or_404(one_webinar(viewer(), webinar_id))
        return webinar_page(webinar, form), 422
    flash(_("Published. Invitations go out as people register."))
    return redirect(url_for("webinars.show", webinar_id=webinar.id, slug=slugify(webinar.title)))
