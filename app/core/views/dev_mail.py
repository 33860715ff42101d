"""/dev/mail: the kept messages like a mailbox, in demo mode only."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template, request

from app.core.mail_files import kept_mails
from app.core.mail_reading import ReadMail, headline, read_mail
from app.core.pagination import Page, page_number
from config import Settings

bp = Blueprint("dev_mail", __name__, url_prefix="/dev/mail")
PER_PAGE = 50


@bp.get("")
def index() -> str:
    paths = kept_mails(_folder())
    number = page_number(request.args.get("page"))
    count = max(1, -(-len(paths) // PER_PAGE))
    shown = paths[(number - 1) * PER_PAGE : number * PER_PAGE]
    page = Page([headline(path) for path in shown], number, count)
    return render_template("dev_mail/index.html", page=page, total=len(paths))


@bp.get("/<name>")
def show(name: str) -> str:
    path = _kept(name)
    mail: ReadMail = read_mail(path)
    return render_template("dev_mail/show.html", mail=mail)


@bp.get("/<name>/message.eml")
def download(name: str) -> Response:
    answer = Response(_kept(name).read_bytes(), mimetype="message/rfc822")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.eml")
    return answer


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    if not settings.demo:
        abort(404)
    return settings.mail_dir


def _kept(name: str) -> Path:
    """A message of the folder by its name; names are compared, never joined to a path."""
    return next((path for path in kept_mails(_folder()) if path.stem == name), None) or abort(404)
