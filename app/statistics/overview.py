"""The webinars of a topic and a year together: of those that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import in_language, ngettext
from app.core.zones import to_local
from app.statistics.figures import Figures, added
from app.statistics.figuring import figures_by_webinar
from app.topics.models import Topic
from app.webinars.counting import held_webinars
from app.webinars.models import Webinar


@dataclass(frozen=True)
class Held:
    """A webinar that took place, in the year of its own clock."""

    webinar: Webinar
    year: int
    figures: Figures


@dataclass(frozen=True)
class Overview:
    """`topics` and `years` are those one can choose; `of_topic` is narrowed by the topic alone."""

    topics: list[Topic]
    years: list[int]
    of_topic: list[Held]
    chosen: list[Held]

    @property
    def total(self) -> Figures:
        return added(held.figures for held in self.chosen)


def overview(viewer: User, topic_slug: str = "", year: int | None = None) -> Overview:
    """A topic or a year that nothing was held in narrows to nothing."""
    held = held_by(viewer)
    topics = {one.webinar.topic for one in held if one.webinar.topic}
    of_topic = [one for one in held if not topic_slug or _slug(one) == topic_slug]
    return Overview(
        topics=sorted(topics, key=lambda topic: in_language(topic.names).casefold()),
        years=sorted({one.year for one in held}, reverse=True),
        of_topic=of_topic,
        chosen=[one for one in of_topic if year is None or one.year == year],
    )


def held_by(viewer: User) -> list[Held]:
    """The latest first, in as many statements for one as for a thousand."""
    webinars = db.session.scalars(held_webinars(viewer, utcnow())).all()
    figures = figures_by_webinar(webinars)
    return [Held(webinar, year_of(webinar), figures[webinar.id]) for webinar in webinars]


def by_year(held: Iterable[Held]) -> list[tuple[int, Figures]]:
    """The earliest first."""
    in_order = sorted(held, key=lambda one: one.year)
    return [
        (year, added(one.figures for one in group))
        for year, group in groupby(in_order, key=lambda one: one.year)
    ]


def year_of(webinar: Webinar) -> int:
    if webinar.starts_at is not None:
        return to_local(webinar.starts_at, webinar.tzid).year
    return webinar.year or webinar.sorts_at.year


def count_sentence(held: Sequence[Held]) -> str:
    return ngettext("There was one webinar.", "There were %(num)s webinars.", len(held))


def _slug(held: Held) -> str:
    return held.webinar.topic.slug if held.webinar.topic else ""
