"""A city that nobody came from is told once, in its people's language, by nobody twice."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from flask import Flask

from app.accounts.enums import SeatRole
from app.accounts.models import GroupMember, User
from app.core.db import db, write
from app.core.enums import Visibility
from app.core.rate_limit import AllowanceSpent, spend
from app.network.enums import MembershipKind
from app.network.models import City, Membership
from app.statistics import nudging
from app.statistics.covering import reach_map, reach_of, reach_sentence
from app.statistics.errors import NobodyToNudge, NothingToShow, NotMissing, NudgedBefore
from app.statistics.figuring import figures_of
from app.statistics.models import CityNudge
from app.webinars.models import Webinar
from tests.factories import make_city, make_group, make_seat, make_user
from tests.factories_notes import make_summary
from tests.factories_registrations import mails_to, make_registration, text_of, work
from tests.factories_statistics import CAME, TWO_DAYS_AGO, make_held
from tests.factories_webinars import make_organiser
from tests.hostile.seat_rush import at_once


def make_member_city(name: str = "Graz") -> City:
    city = make_city(name)
    with write() as session:
        session.add(Membership(city_id=city.id, kind=MembershipKind.PARTNER))
    db.session.refresh(city)
    return city


def summarised(**changes: Any) -> Webinar:
    """It ended, and its summary is published."""
    return make_summary(make_organiser(), starts_in=TWO_DAYS_AGO, **changes).note_set.webinar


def tell(webinar: Webinar, city: City) -> None:
    with write():
        nudging.nudge(webinar.id, city.id, webinar.organisers[0].user)


def told(webinar: Webinar) -> set[int]:
    db.session.rollback()
    return nudging.nudged_ids(webinar.id)


def test_whoever_speaks_for_the_city_gets_one_mail_in_their_language(app: Flask) -> None:
    city, webinar = make_member_city(), summarised()
    voice = make_user("Human rights officer", city, locale="de")
    observer = make_user("Adviser")
    make_seat(observer, city, role=SeatRole.OBSERVER)

    tell(webinar, city)
    with pytest.raises(NudgedBefore):
        tell(webinar, city)
    work()

    (mail,) = mails_to(voice.email)
    assert mail["Content-Language"] == "de"
    assert f"/webinars/{webinar.id}/summary" in text_of(mail)
    assert mails_to(observer.email) == []
    assert told(webinar) == {city.id}


def test_where_nobody_speaks_the_others_are_told(app: Flask) -> None:
    city, webinar = make_member_city(), summarised()
    person = make_user("Adviser")
    make_seat(person, city, role=SeatRole.CONTRIBUTOR)

    tell(webinar, city)
    work()

    assert len(mails_to(person.email)) == 1


def test_a_city_that_was_reached_is_not_told(app: Flask) -> None:
    city, webinar = make_member_city(), summarised()
    make_user("Human rights officer", city)
    make_registration(webinar, city_id=city.id, opened_summary=True)

    for wrong in (city, make_city("Elsewhere")):
        with pytest.raises(NotMissing):
            tell(webinar, wrong)
    assert told(webinar) == set()


def test_there_must_be_something_to_read(app: Flask) -> None:
    city = make_member_city()
    make_user("Human rights officer", city)
    ahead = make_summary(make_organiser()).note_set.webinar

    for webinar in (make_held(), ahead):
        with pytest.raises(NothingToShow):
            tell(webinar, city)


def test_nobody_hears_of_a_webinar_that_is_closed_to_them(app: Flask) -> None:
    city, group = make_member_city(), make_group()
    make_user("Human rights officer", city)
    webinar = summarised(visibility=Visibility.CLOSED, group_id=group.id)
    for seat in webinar.organisers:
        make_group_member(group.id, seat.user_id)

    with pytest.raises(NobodyToNudge):
        tell(webinar, city)


def make_group_member(group_id: int, user_id: int) -> None:
    with write() as session:
        session.add(GroupMember(group_id=group_id, user_id=user_id))


def test_sixty_an_hour_are_enough(app: Flask) -> None:
    webinar = summarised()
    cities = [make_member_city(f"City {number}") for number in range(2)]
    make_user("Human rights officer", cities[1])
    organiser = webinar.organisers[0].user
    with write():
        for _ in range(60):
            spend("nudge", f"user:{organiser.id}", nudging.NUDGES)

    with pytest.raises(AllowanceSpent):
        tell(webinar, cities[1])


def test_two_organisers_at_once_tell_a_city_once(app: Flask) -> None:
    city, webinar = make_member_city(), summarised()
    person = make_user("Human rights officer", city)
    webinar_id, city_id = webinar.id, city.id
    actors = [webinar.organisers[0].user_id, make_organiser().id]
    refused = []

    def act(actor_id: int) -> None:
        actor = db.session.get_one(User, actor_id)
        try:
            with write():
                nudging.nudge(webinar_id, city_id, actor)
        except NudgedBefore:
            refused.append(actor_id)

    at_once(app, [partial(act, actor_id) for actor_id in actors])
    work()

    assert len(refused) == 1
    assert db.session.query(CityNudge).count() == 1
    assert len(mails_to(person.email)) == 1


def test_the_map_is_filled_where_somebody_came_from(app: Flask) -> None:
    graz, lund = make_member_city("Graz"), make_member_city("Lund")
    webinar = make_held()
    make_registration(webinar, city_id=graz.id, **CAME)
    make_registration(webinar, city_id=lund.id)

    reach = reach_of([figures_of(webinar)])

    assert ([city.id for city in reach.reached], [city.id for city in reach.missing]) == (
        [graz.id], [lund.id],
    )  # fmt: skip
    assert reach_sentence(reach) == "1 of 2 cities were reached."
    assert reach_map(reach).count('class="stop full"') == 1


def test_a_network_without_cities_says_so(app: Flask) -> None:
    assert reach_sentence(reach_of([])) == "The network had no member cities then."
