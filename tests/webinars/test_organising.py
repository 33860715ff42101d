"""Organising together: rights on one event."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from app.core.audit import AuditEntry
from app.core.db import db, write
from app.webinars import organising, scheduling
from app.webinars.details import WebinarDetails
from app.webinars.errors import LastOrganiser, OwnerStays
from app.webinars.models import Webinar
from app.webinars.permissions import can_manage, can_schedule
from tests.factories import make_user
from tests.factories_webinars import make_organiser, make_webinar
from tests.webinars.test_scheduling import on

pytestmark = pytest.mark.usefixtures("app")


def owned() -> tuple[Webinar, Any]:
    owner = make_organiser()
    with write():
        webinar = scheduling.schedule(
            WebinarDetails(title="Counting together"),
            on(7),
            owner,
            uid=scheduling.new_uid("forum.example.org"),
        )
    return webinar, owner


def add(webinar: Webinar, person: Any, actor: Any) -> bool:
    with write():
        return organising.add_organiser(webinar, person, actor)


def remove(webinar: Webinar, person: Any, actor: Any) -> bool:
    with write():
        return organising.remove_organiser(webinar, person.id, actor)


def test_a_member_organises_this_one_and_nothing_else() -> None:
    webinar, owner = owned()
    member, other = make_user(), make_webinar()

    added = [add(webinar, member, owner), add(webinar, member, owner)]

    assert added == [True, False]
    assert can_manage(member, webinar)
    assert not can_manage(member, other)
    assert not can_schedule(member)


def test_the_owner_is_not_removed_by_others() -> None:
    webinar, owner = owned()
    second = make_user()
    add(webinar, second, owner)

    with pytest.raises(OwnerStays):
        remove(webinar, owner, second)

    assert can_manage(owner, webinar)


def test_others_are_removed_and_leave() -> None:
    webinar, owner = owned()
    second, third = make_user(), make_user()
    add(webinar, second, owner)
    add(webinar, third, second)

    assert [remove(webinar, third, second), remove(webinar, third, second)] == [True, False]
    assert remove(webinar, second, second)

    assert [seat.user_id for seat in webinar.organisers] == [owner.id]
    acts = db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[1:] == ["webinars.add_organiser"] * 2 + ["webinars.remove_organiser"] * 2


def test_when_the_owner_leaves_the_next_one_owns_it() -> None:
    webinar, owner = owned()
    second = make_user()
    add(webinar, second, owner)

    remove(webinar, owner, owner)

    assert [(seat.user_id, seat.is_owner) for seat in webinar.organisers] == [(second.id, True)]


def test_somebody_stays() -> None:
    webinar, owner = owned()

    with pytest.raises(LastOrganiser):
        remove(webinar, owner, owner)
