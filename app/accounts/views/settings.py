"""What people decide about themselves: name, short name, language, time zone."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import profiles
from app.accounts.forms import SettingsForm
from app.accounts.login import login_needed, member, viewer
from app.accounts.queries import seats_of
from app.core.db import write
from app.core.errors import DomainError
from app.core.frame import front_page
from app.core.i18n import LANGUAGES, _
from app.core.security import safe_target

bp = Blueprint("settings", __name__)

Answer = Response | str | tuple[str, int]
A_YEAR = 365 * 24 * 3600


@bp.route("/settings", methods=["GET", "POST"])
@login_needed
def show() -> Answer:
    form = SettingsForm(obj=member())
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _save(form)
        except DomainError as error:
            form.blame(error)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("settings.show"))
    seats = seats_of(member())
    return render_template("accounts/settings.html", form=form, seats=seats), status


def _save(form: SettingsForm) -> None:
    with write():
        person = member()
        profiles.update_profile(
            person, display_name=form.display_name.data, handle=form.handle.data.lower()
        )
        profiles.set_timezone(person, form.timezone.data)
        profiles.set_locale(person, form.locale.data or None)
        profiles.choose_mails(
            person,
            of_actions=form.wants_action_mails.data,
            of_summaries=form.wants_summary_mails.data,
        )
        profiles.count_as_reader(person, form.counts_as_reader.data)


@bp.post("/language")
def language() -> Response:
    """Choose the language of the pages: kept by the account, or by a visitor's browser."""
    answer = redirect(safe_target(request.form.get("next"), front_page()))
    wish = request.form.get("language", "")
    if wish not in LANGUAGES:
        return answer
    if viewer() is not None:
        with write():
            profiles.set_locale(member(), wish)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie("language", wish, max_age=A_YEAR, samesite="Lax", secure=secure)
    return answer
