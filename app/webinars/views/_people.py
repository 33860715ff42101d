"""What the organisers' pages about single people share."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.db import first_or_404
from app.core.pagination import page_number
from app.webinars.enums import RegistrationState
from app.webinars.forms.deciding import ReasonForm
from app.webinars.listing import one_of
from app.webinars.views._managing import managed

Answer = str | Response | tuple[str, int]


def person_at(webinar_id: int, registration_id: int) -> tuple[Any, Any]:
    """The webinar and one registration of it, for its organisers only."""
    webinar = managed(webinar_id)
    return webinar, first_or_404(one_of(webinar, registration_id))


def chosen_state() -> RegistrationState | None:
    """The filter of the address; anything odd is none."""
    read = request.args.get("state", "")
    return next((state for state in RegistrationState if state.value == read), None)


def place_in_list() -> dict[str, Any]:
    """Filter and page of the list, to come back to the same people."""
    state, number = chosen_state(), page_number(request.args.get("page"))
    return {"state": state.value if state else None, "page": number if number > 1 else None}


def back(webinar_id: int) -> Response:
    return redirect(url_for("registrations.index", webinar_id=webinar_id, **place_in_list()))


def reason_page(template: str, webinar: Any, registration: Any, form: ReasonForm) -> Answer:
    page = render_template(
        template, webinar=webinar, registration=registration, form=form, here_in=place_in_list()
    )
    return (page, 422) if form.errors or form.form_errors else page
