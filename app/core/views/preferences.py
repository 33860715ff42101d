"""Choices that a browser keeps: colours and, for visitors, the language."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from app.core.frame import front_page
from app.core.i18n import LANGUAGES
from app.core.security import safe_target

bp = Blueprint("preferences", __name__)

A_YEAR = 365 * 24 * 3600
CHOICES = {"theme": {"light", "dark", "auto"}, "language": set(LANGUAGES)}


@bp.post("/preferences")
def update() -> Response:
    answer = redirect(safe_target(request.form.get("next"), front_page()))
    for name, allowed in CHOICES.items():
        chosen = request.form.get(name)
        if chosen in allowed:
            _keep(answer, name, chosen)
    return answer


def _keep(answer: Response, name: str, chosen: str) -> None:
    answer.set_cookie(
        name,
        chosen,
        max_age=A_YEAR,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
