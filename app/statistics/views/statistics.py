"""The network's webinars in numbers, by topic and year."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request

from app.accounts.login import login_needed, member
from app.accounts.permissions import is_admin, is_organiser, may_take_part
from app.core.csv_answers import csv_answer
from app.core.permissions import require
from app.statistics import describing
from app.statistics.covering import reach_map, reach_of, reach_sentence
from app.statistics.overview import Overview, by_year, count_sentence, overview
from app.statistics.tables import table_of_many, table_of_years
from app.webinars.counting import managed_ids

bp = Blueprint("statistics", __name__)


@bp.get("/statistics")
@login_needed
def show() -> str:
    """Members see sums; organisers also each webinar that they may see, and the cities missed."""
    require(may_take_part(member()))
    found, topic, year = _asked_for()
    exact = is_organiser(member())
    total = found.total
    return render_template(
        "statistics/statistics.html",
        found=found,
        topic=topic,
        year=year,
        count=count_sentence(found.chosen),
        turnout=describing.turnout(total),
        sentences=describing.sentences(total),
        years=describing.by_year(by_year(found.of_topic)),
        pictures=describing.pictures(total, exact=exact),
        is_organiser=exact,
        **(_for_organisers(found) if exact else {}),
    )


@bp.get("/statistics.csv")
@login_needed
def export() -> Response:
    require(may_take_part(member()))
    found = _asked_for()[0]
    if is_organiser(member()):
        table, name = table_of_many(found.chosen), "webinars.csv"
    else:
        table, name = table_of_years(by_year(found.chosen)), "webinars-by-year.csv"
    return csv_answer(name, lambda lines: lines.write(table))


def _for_organisers(found: Overview) -> dict[str, Any]:
    reach = reach_of(held.figures for held in found.chosen)
    return {
        "reach": reach,
        "reach_sentence": reach_sentence(reach),
        "map": reach_map(reach),
        "is_admin": is_admin(member()),
        "managed": managed_ids(member()),
    }


def _asked_for() -> tuple[Overview, str, int | None]:
    topic, read = request.args.get("topic", ""), request.args.get("year", "")
    year = int(read) if len(read) == 4 and read.isascii() and read.isdecimal() else None
    return overview(member(), topic, year), topic, year
