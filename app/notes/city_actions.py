"""What a city promised, on the city's page: kept for all who reach the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.core.db import db
from app.core.fragments import Key, fragment
from app.core.i18n import language
from app.core.templating import rendered
from app.forum.reach import NETWORK, PEOPLE, TOPICS, Reach
from app.notes.carrying import is_public_record
from app.notes.models import Action, NoteSet
from app.notes.registers import OPEN_FIRST, SOONEST, names_cities, promises_of
from app.webinars.enums import Status
from app.webinars.models import Webinar
from app.webinars.queries import audience

MOST = 10


def city_actions(reach: Reach, city: Any, today: date) -> Markup:
    """The section of the page. `city` is `network.queries.city_facts`.

    Of each summary only the part for everybody: so it does not depend on what else a reader is.
    """
    shown = (reach.generations[one] for one in (NETWORK, PEOPLE, TOPICS))
    made_from = (city.webinars, city.notes, *shown)
    reached = (reach.wide[-1], reach.topics, reach.groups)
    key: Key = ("city actions", city.id, language(), today, *made_from, *reached)
    return Markup(fragment(key, lambda: _made(reach.viewer, city)))  # noqa: S704 - our template


def _made(viewer: User | None, city: Any) -> str:
    found = db.session.scalars(_of_city(viewer, city.id).limit(MOST + 1)).all()
    shown = promises_of(viewer, found[:MOST])
    return rendered(
        "notes/_city_actions.html", promises=shown, has_more=len(found) > MOST, slug=city.slug
    )


def _of_city(viewer: User | None, city_id: int) -> Select[Action]:
    """Open ones first, soonest first."""
    theirs = (Action.owner_city_id == city_id, names_cities(), is_public_record())
    names = contains_eager(Action.note_set).contains_eager(NoteSet.webinar)
    return (
        select(Action)
        .join(Action.note_set)
        .join(NoteSet.webinar)
        .where(*theirs, Webinar.status != Status.DRAFT, audience(viewer))
        .options(names.joinedload(Webinar.topic), joinedload(Action.owner_city))
        .order_by(OPEN_FIRST, *SOONEST)
    )
