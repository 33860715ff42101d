"""Which sessions came before a webinar, and which are still to come after it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.core.enums import Visibility
from app.topics.models import Topic
from app.webinars.enums import Status
from app.webinars.models import Webinar


def session_by_id(webinar_id: int) -> Select[Webinar]:
    """For work queued by what happened to it."""
    return select(Webinar).where(Webinar.id == webinar_id)


def sessions_before(webinar: Webinar) -> ColumnElement[bool]:
    """The condition that a webinar is an earlier session: of its series, or what it is a copy of.

    Only those that everybody may read who may read this one.
    """
    in_series = and_(Webinar.series_id == webinar.series_id, Webinar.series_id.is_not(None))
    before = and_(Webinar.id != webinar.id, Webinar.sorts_at <= webinar.sorts_at)
    copied = Webinar.id.in_(_copied_from(webinar.id))
    return and_(before, or_(in_series, copied), _at_least_as_open_as(webinar))


def sessions_ahead(webinar: Webinar, now: Any) -> Select[Webinar]:
    """What has not begun: itself, of its series, what was copied from it. In order of ids."""
    related: ColumnElement[bool] = Webinar.id.in_(_copies_of(webinar.id))
    related = or_(related, Webinar.id == webinar.id)
    if webinar.series_id is not None:
        related = or_(related, Webinar.series_id == webinar.series_id)
    ahead = and_(Webinar.status.in_([Status.DRAFT, Status.PUBLISHED]), Webinar.starts_at > now)
    kept = and_(Webinar.deleted_at.is_(None), ~Webinar.is_template)
    return select(Webinar).where(related, ahead, kept).order_by(Webinar.id)


def _copied_from(webinar_id: int) -> Select[int]:
    """The webinar that it was copied from, the one before that, and so on."""
    first = select(Webinar.copied_from_id.label("id")).where(
        Webinar.id == webinar_id, Webinar.copied_from_id.is_not(None)
    )
    chain = first.cte("copied_from", recursive=True)
    further = select(Webinar.copied_from_id).join(chain, Webinar.id == chain.c.id)
    chain = chain.union(further.where(Webinar.copied_from_id.is_not(None)))
    return select(chain.c.id)


def _copies_of(webinar_id: int) -> Select[int]:
    """Its copies, theirs, and so on."""
    chain = (
        select(Webinar.id).where(Webinar.copied_from_id == webinar_id).cte("copies", recursive=True)
    )
    further = select(Webinar.id).join(chain, Webinar.copied_from_id == chain.c.id)
    return select(chain.union(further).c.id)


def _at_least_as_open_as(webinar: Webinar) -> ColumnElement[bool]:
    """Whoever may read the webinar may read the other one too."""
    same_topic = Webinar.topic_id.is_not_distinct_from(webinar.topic_id)
    wide = [Visibility.PUBLIC]
    if webinar.visibility != Visibility.PUBLIC:
        wide.append(Visibility.NETWORK)
    open_topics = select(Topic.id).where(Topic.visibility.in_(wide))
    open_place = or_(same_topic, Webinar.topic_id.is_(None), Webinar.topic_id.in_(open_topics))
    same_group = and_(
        Webinar.visibility == webinar.visibility,
        Webinar.group_id.is_not_distinct_from(webinar.group_id),
    )
    return and_(open_place, or_(same_group, Webinar.visibility.in_(wide)))
