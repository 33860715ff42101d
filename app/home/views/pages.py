"""Pages about the site itself."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, render_template

from app.core.visitor_pages import Basis, open_page_by
from app.home.licences import notices, packages
from config import ROOT

bp = Blueprint("pages", __name__)


@bp.get("/accessibility")
@open_page_by(lambda: Basis(()))
def accessibility() -> str:
    return render_template("home/accessibility.html", contact=current_app.config["MAIL_FROM"])


@bp.get("/privacy")
@open_page_by(lambda: Basis(()))
def privacy() -> str:
    return render_template("home/privacy.html", contact=current_app.config["MAIL_FROM"])


@bp.get("/licences")
@open_page_by(lambda: Basis(()))
def licences() -> str:
    return render_template(
        "home/licences.html",
        packages=packages(ROOT / "pyproject.toml"),
        notices=notices(Path(current_app.static_folder or "") / "vendor"),
    )
