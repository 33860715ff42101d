"""Pages about the site itself."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, render_template

from app.home.licences import notices, packages
from config import ROOT

bp = Blueprint("pages", __name__)


@bp.get("/accessibility")
def accessibility() -> str:
    return render_template("home/accessibility.html", contact=current_app.config["MAIL_FROM"])


@bp.get("/privacy")
def privacy() -> str:
    return render_template("home/privacy.html", contact=current_app.config["MAIL_FROM"])


@bp.get("/licences")
def licences() -> str:
    return render_template(
        "home/licences.html",
        packages=packages(ROOT / "pyproject.toml"),
        notices=notices(Path(current_app.static_folder or "") / "vendor"),
    )
