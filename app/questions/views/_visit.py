"""Who is here, by account or by the token of the address, and where they go back to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import viewer
from app.core.db import first_or_404
from app.core.errors import DomainError
from app.core.personal_links import token_read
from app.core.slugs import slugify
from app.live.attendees import Attendee, attendee_of
from app.webinars.attending import webinar_to_join

SEE_OTHER = 303


@dataclass(frozen=True)
class Visit:
    webinar: Any
    attendee: Attendee
    token: str

    @property
    def named(self) -> dict[str, Any]:
        """What every address of this person here has."""
        return {"webinar_id": self.webinar.id, "t": self.token or None}


def visit_of(webinar_id: int) -> Visit:
    """404 for a webinar that neither the person nor their link may see."""
    given = request.form if request.method == "POST" else request.args
    token = token_read(given.get("t"))
    webinar = first_or_404(webinar_to_join(viewer(), webinar_id, token))
    return Visit(webinar, attendee_of(webinar, viewer(), token), token)


def back_from(visit: Visit, question_id: int | None = None) -> Redirect:
    """To the page whose form it was."""
    return go(way_back(visit, question_id))


def way_back(visit: Visit, question_id: int | None = None) -> str:
    anchor = f"question-{question_id}" if question_id else "questions"
    back = request.form.get("back")
    if back == "live":
        return url_for("joins.show", **visit.named, _anchor=anchor)
    if back == "webinar" and not visit.token:
        slug = slugify(visit.webinar.title)
        return url_for("webinars.show", webinar_id=visit.webinar.id, slug=slug, _anchor=anchor)
    return url_for("questions.show", **visit.named, _anchor=anchor)


def go(address: str) -> Redirect:
    return redirect(address, SEE_OTHER)


def say_error(error: DomainError) -> None:
    flash(error.message, "error")
