"""Days in the words people use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import format_date

from app.core.i18n import _, date_pattern, ngettext
from app.network.models import City

DAYS_IN_A_WEEK = 7


def near_day(day: date, today: date) -> str:
    """today, tomorrow, Thu 3 Dec."""
    if day == today:
        return _("today")
    if (day - today).days == 1:
        return _("tomorrow")
    return str(format_date(day, date_pattern("MMMEd")))


def since_day(day: date, today: date) -> str:
    """Since Thursday; with the date when that was more than six days ago."""
    if day == today:
        return _("New today")
    if (today - day).days < DAYS_IN_A_WEEK:
        return _("Since %(weekday)s", weekday=format_date(day, "EEEE"))
    return _("Since %(day)s", day=format_date(day, "long"))


def network_size(listed: Sequence[City]) -> str:
    """8 cities in 6 countries."""
    lands = {city.country_code for city in listed}
    cities = ngettext("%(num)s city", "%(num)s cities", len(listed))
    countries = ngettext("%(num)s country", "%(num)s countries", len(lands))
    return _("%(cities)s in %(countries)s.", cities=cities, countries=countries)
