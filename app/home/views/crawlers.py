"""What search engines, security researchers and old browsers look for: public things only."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, current_app, redirect, render_template
from werkzeug.wrappers import Response as Redirect

from app.core.clock import utcnow
from app.core.links import absolute_url
from app.core.static_files import asset
from app.home.sitemap import public_addresses

bp = Blueprint("crawlers", __name__)

CLOSED = (
    "/search", "/sign-in", "/sign-up", "/settings", "/members", "/admin", "/drafts",
    "/threads/new", "/preview", "/dev/", "/calendars/",
)  # fmt: skip
CONTACT_HOLDS = timedelta(days=180)
FOR_A_WEEK = "public, max-age=604800"  # not for good: the file it leads to may be another one


@bp.get("/robots.txt")
def robots() -> Response:
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    sitemap = absolute_url("crawlers.sitemap")
    return _text(f"User-agent: *\n{closed}\nSitemap: {sitemap}\n")


@bp.get("/.well-known/security.txt")
def security() -> Response:
    """RFC 9116."""
    expires = (utcnow() + CONTACT_HOLDS).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{current_app.config['MAIL_FROM']}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {absolute_url('crawlers.security')}",
    ]
    return _text("\n".join(lines) + "\n")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    page = render_template("home/sitemap.xml", addresses=public_addresses())
    return Response(page, mimetype="application/xml")


@bp.get("/favicon.ico")
def favicon() -> Redirect:
    """Browsers that do not read the icon of a page ask here, whatever the page."""
    answer = redirect(asset("img/icon.svg"))
    answer.headers["Cache-Control"] = FOR_A_WEEK
    return answer


def _text(content: str) -> Response:
    return Response(content, mimetype="text/plain")
