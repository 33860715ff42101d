"""What the numbers mean, in sentences."""

from __future__ import annotations

from flask_babel import format_decimal, format_percent, format_timedelta

from app.core.i18n import _, ngettext
from app.files.showing import size_words
from app.home.page_groups import Figures
from app.home.site_health import Health, Stretch

GIGABYTE = 1024**3
HOUR = 3600


def lasted(seconds: float | None) -> str:
    """38 ms, 1.2 s, 12 min, 3 hours. None: longer than what is measured."""
    if seconds is None:
        return _("more than 10 s")
    if seconds < 1:
        return _("%(number)s ms", number=format_decimal(max(1, round(seconds * 1000))))
    if seconds < 120:
        return _("%(number)s s", number=format_decimal(seconds, "#,##0.#"))
    if seconds < 2 * HOUR:
        return _("%(number)s min", number=format_decimal(round(seconds / 60)))
    return str(format_timedelta(seconds, threshold=1.5))


def room(size: int) -> str:
    """59.8 GB, 172.6 MB."""
    if size >= GIGABYTE:
        return _("%(number)s GB", number=format_decimal(size / GIGABYTE, "#,##0.0"))
    return size_words(size)


def share(part: float) -> str:
    return str(format_percent(part))


def answered(figures: Figures) -> str:
    """How long people wait for a page."""
    if not figures.count:
        return _("Nobody asked for a page.")
    return _(
        "Pages are answered in %(average)s on average, 95 of 100 within %(most)s.",
        average=lasted(figures.seconds),
        most=lasted(figures.most_within),
    )


def asked_for(stretch: Stretch) -> str:
    """The sentence of the chart of pages."""
    highest = max((point.figures.count for point in stretch.points), default=0)
    return _(
        "Pages asked for: %(total)s in all, %(highest)s in the busiest part.",
        total=format_decimal(stretch.pages.count),
        highest=format_decimal(highest),
    )


def waited(stretch: Stretch) -> str:
    """The sentence of the chart of times."""
    longest = max((point.figures.seconds for point in stretch.points), default=0.0)
    return _(
        "Average time to an answer: %(average)s in all, %(longest)s in the slowest part.",
        average=lasted(stretch.pages.seconds),
        longest=lasted(longest),
    )


def to_look_at(health: Health) -> list[str]:
    """What somebody should do something about, the most urgent first."""
    return [*_of_work(health), *_of_answers(health), *_of_machines(health)]


def _of_work(health: Health) -> list[str]:
    found = []
    if not health.has_worker:
        found.append(_("No worker runs: mails and reminders wait. Start one: make worker."))
    elif health.is_late:
        longest = max(seconds for _count, seconds in health.due.values())
        late = _("Work waits longer than it should: the oldest for %(time)s.", time=lasted(longest))
        found.append(late)
    said = {"job": _jobs_given_up, "mail": _mails_given_up}
    return found + [said[kind](count) for kind in said if (count := health.given_up[kind])]


def _jobs_given_up(count: int) -> str:
    return ngettext(
        "%(num)d job was given up. flask jobs list says why.",
        "%(num)d jobs were given up. flask jobs list says why.",
        count,
    )


def _mails_given_up(count: int) -> str:
    return ngettext(
        "%(num)d mail could not be sent. flask jobs list says why.",
        "%(num)d mails could not be sent. flask jobs list says why.",
        count,
    )


def _of_answers(health: Health) -> list[str]:
    errors = health.hour.pages.errors
    if not errors:
        return []
    return [
        ngettext(
            "%(num)d page of the last hour ended in an error on our side. The log names it.",
            "%(num)d pages of the last hour ended in an error on our side. The log names them.",
            errors,
        )
    ]


def _of_machines(health: Health) -> list[str]:
    found = [
        _("The disk of %(machine)s is nearly full.", machine=machine.name)
        for machine in health.machines
        if machine.is_short_of_disk
    ]
    versions = {version for machine in health.machines for version in machine.versions}
    if health.shared_answers is False:
        found.append(_("The shared memory does not answer: each process goes on alone, slower."))
    if len(versions) > 1:
        several = ", ".join(sorted(versions))
        found.append(_("Several versions run at the same time: %(versions)s.", versions=several))
    return found
