"""Which cities a webinar reached, and a word to those that it did not."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.directory import people_by_city
from app.accounts.login import login_needed, member
from app.core.clock import utcnow
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.network.naming import city_name
from app.statistics import nudging
from app.statistics.covering import reach_map, reach_of, reach_sentence
from app.statistics.figuring import figures_of
from app.statistics.views._managed import managed
from app.webinars.coverage import day_of

bp = Blueprint("coverages", __name__)


@bp.get("/webinars/<int:webinar_id>/coverage")
@login_needed
def show(webinar_id: int) -> str:
    webinar = managed(webinar_id)
    reach = reach_of([figures_of(webinar)], day_of(webinar))
    return render_template(
        "statistics/coverage.html",
        webinar=webinar,
        reach=reach,
        sentence=reach_sentence(reach),
        map=reach_map(reach),
        people=people_by_city(utcnow().date()),
        nudged=nudging.nudged_ids(webinar.id),
        has_summary=nudging.has_summary(webinar, member()),
        has_recording=nudging.has_recording(webinar),
        can_nudge=nudging.has_something(webinar, member()),
    )


@bp.post("/webinars/<int:webinar_id>/coverage/<int:city_id>")
@login_needed
def nudge(webinar_id: int, city_id: int) -> Response:
    managed(webinar_id)
    try:
        with write():
            city = nudging.nudge(webinar_id, city_id, member())
            told = _("The people of %(city)s are told by mail.", city=city_name(city))
    except DomainError as error:
        flash(error.message, "error")
    else:
        flash(told)
    return redirect(url_for("coverages.show", webinar_id=webinar_id))
