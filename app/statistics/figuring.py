"""What a webinar came to, counted from the rows while they are there, from what was kept after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.feedback.counting import feedback_by_webinar
from app.polls.counting import polls_by_webinar
from app.questions.counting import questions_by_webinar
from app.statistics.figures import ELSEWHERE, Figures, Turnout, from_json
from app.statistics.models import WebinarFigures
from app.webinars.counting import (
    cities_by_webinar,
    languages_by_webinar,
    people_by_webinar,
    reminders_by_webinar,
)
from app.webinars.models import Webinar

PEOPLE = {
    name: name
    for name in (
        "registered", "confirmed", "expected", "attended", "reached", "withdrawn", "readers",
    )
}  # fmt: skip
QUESTIONS = {"asked": "questions_asked", "answered": "questions_answered",
             "votes": "question_votes"}  # fmt: skip
POLLS = {"polls": "polls", "voters": "poll_voters"}
FEEDBACK = {"answers": "feedback_answers", "rated": "feedback_rated", "stars": "feedback_stars"}
REMINDERS = {"sent": "reminders_sent", "bounced": "reminders_bounced"}


def figures_of(webinar: Webinar) -> Figures:
    return figures_by_webinar([webinar])[webinar.id]


def figures_by_webinar(webinars: Iterable[Any]) -> dict[int, Figures]:
    """In as many statements for one as for a thousand. Rows need `id` and `waitlisted_most`."""
    most = {webinar.id: webinar.waitlisted_most for webinar in webinars}
    kept = _kept(most)
    frozen = {key: from_json(row.figures) for key, row in kept.items() if row.frozen_at}
    return frozen | _counted({key: most[key] for key in most if key not in frozen}, kept)


def _kept(ids: Iterable[int]) -> dict[int, WebinarFigures]:
    rows = select(WebinarFigures).where(WebinarFigures.webinar_id.in_(list(ids)))
    return {row.webinar_id: row for row in db.session.scalars(rows)}


def _counted(most: dict[int, int], kept: dict[int, WebinarFigures]) -> dict[int, Figures]:
    ids = list(most)
    if not ids:
        return {}
    numbers: dict[int, dict[str, Any]] = {key: {"waitlisted_most": most[key]} for key in ids}
    for rows, names in (
        (people_by_webinar(ids), PEOPLE),
        (questions_by_webinar(ids), QUESTIONS),
        (polls_by_webinar(ids), POLLS),
        (feedback_by_webinar(ids), FEEDBACK),
        (reminders_by_webinar(ids), REMINDERS),
    ):
        _note(numbers, rows, names)
    cities = _turnouts(cities_by_webinar(ids))
    languages = _turnouts(languages_by_webinar(ids))
    return {
        key: Figures(
            **numbers[key], **_links(kept.get(key)), cities=cities[key], languages=languages[key]
        )
        for key in ids
    }


def _note(numbers: dict[int, dict[str, Any]], rows: Sequence[Any], names: dict[str, str]) -> None:
    for row in rows:
        numbers[row.webinar_id] |= {ours: getattr(row, theirs) for theirs, ours in names.items()}


def _turnouts(rows: Sequence[Any]) -> dict[int, dict[Any, Turnout]]:
    """Who was not expected and did not read either is in none of them."""
    found: dict[int, dict[Any, Turnout]] = defaultdict(dict)
    for webinar_id, key, *counts in rows:
        if any(counts):
            found[webinar_id][ELSEWHERE if key is None else key] = Turnout(*counts)
    return found


def _links(row: WebinarFigures | None) -> dict[str, int]:
    if row is None:
        return {}
    return {"summary_opened": row.summary_opened, "recording_opened": row.recording_opened}
