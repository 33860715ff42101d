"""Who may schedule and who may manage."""

from __future__ import annotations

import pytest

from app.accounts.enums import SiteRole
from app.webinars.permissions import can_manage, can_schedule
from tests.factories import make_user
from tests.factories_webinars import make_organiser, make_webinar

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("role", "may"),
    [(SiteRole.MEMBER, False), (SiteRole.ORGANISER, True), (SiteRole.ADMIN, True)],
)
def test_organisers_and_admins_schedule(role: SiteRole, may: bool) -> None:
    assert can_schedule(make_user(role=role)) is may


def test_applicants_and_visitors_schedule_nothing() -> None:
    assert can_schedule(None) is False
    assert can_schedule(make_user(role=SiteRole.ORGANISER, approved_at=None)) is False


def test_only_its_own_organisers_and_admins_manage_a_webinar() -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)

    assert can_manage(organiser, webinar) is True
    assert can_manage(make_user(role=SiteRole.ADMIN), webinar) is True
    assert can_manage(make_organiser(), webinar) is False
    assert can_manage(make_user(), webinar) is False
    assert can_manage(None, webinar) is False


def test_an_organiser_whose_account_is_closed_manages_nothing() -> None:
    organiser = make_organiser(active=False)

    assert can_manage(organiser, make_webinar(organiser=organiser)) is False
