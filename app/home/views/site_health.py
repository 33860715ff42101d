"""The office's page about how the installation runs."""

from __future__ import annotations

import platform

from flask import Blueprint, render_template

from app.accounts.login import login_needed, viewer
from app.accounts.permissions import is_admin
from app.core.measures import version
from app.core.permissions import require
from app.home import health_words
from app.home.charts import bars
from app.home.site_health import health

bp = Blueprint("site_health", __name__)


@bp.get("/admin/health")
@login_needed
def show() -> str:
    require(is_admin(viewer()))
    found = health()
    return render_template(
        "home/site_health.html",
        health=found,
        to_look_at=health_words.to_look_at(found),
        words=health_words,
        bars=bars,
        version=version(),
        python=platform.python_version(),
    )
