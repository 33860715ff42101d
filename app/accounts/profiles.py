"""What people say about themselves, and how the site speaks to them."""

from __future__ import annotations

from app.accounts.errors import NameMissing, UnknownLanguage
from app.accounts.models import User
from app.accounts.naming import check_handle
from app.accounts.signals import reader_stopped_counting
from app.core.i18n import LANGUAGES
from app.core.zones import zone


def update_profile(user: User, *, display_name: str, handle: str) -> None:
    """Raise NameMissing, WrongHandle or HandleTaken."""
    if not display_name:
        raise NameMissing
    check_handle(handle, user.id)
    user.display_name = display_name[:80]
    user.handle = handle


def set_timezone(user: User, tzid: str) -> None:
    """Raise UnknownZone for anything but an IANA name."""
    user.timezone = zone(tzid).key


def count_as_reader(user: User, counts: bool) -> None:
    """Whether a person is part of "read in 5 cities"."""
    if user.counts_as_reader and not counts:
        reader_stopped_counting.send(user)
    user.counts_as_reader = counts


def choose_mails(user: User, *, of_actions: bool, of_summaries: bool) -> None:
    """Reminders of what they promised; summaries of webinars of topics they follow."""
    user.wants_action_mails, user.wants_summary_mails = of_actions, of_summaries


def set_locale(user: User, locale: str | None) -> None:
    """The language of pages and mails. None: pages follow the browser, mails are in English."""
    if locale is not None and locale not in LANGUAGES:
        raise UnknownLanguage
    user.locale = locale
