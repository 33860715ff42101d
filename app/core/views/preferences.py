"""The colours a browser shows the site in."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request
from werkzeug.wrappers import Response

from app.core.frame import front_page
from app.core.security import safe_target

bp = Blueprint("preferences", __name__)

A_YEAR = 365 * 24 * 3600
THEMES = {"light", "dark", "auto"}


@bp.post("/preferences")
def update() -> Response:
    answer = redirect(safe_target(request.form.get("next"), front_page()))
    theme = request.form.get("theme", "")
    if theme in THEMES:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        answer.set_cookie("theme", theme, max_age=A_YEAR, samesite="Lax", secure=secure)
    return answer
