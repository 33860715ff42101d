"""Cities come, belong and leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db, write
from app.core.zones import UnknownZone
from app.network import admitting
from app.network.admitting import CityFacts, Place
from app.network.enums import MembershipKind, OrganisationKind
from app.network.errors import (
    AddressTaken,
    AlreadyMember,
    DomainTaken,
    EndsBeforeStart,
    NameMissing,
    NotADomain,
    PlaceUnknown,
)
from app.network.models import City
from app.network.naming import body_name, country_name, language_name, membership_label, name_of
from app.network.queries import (
    memberships_at,
    memberships_ended_before,
    one_organisation,
    organisations_listed,
)
from app.network.signals import city_added
from tests.factories import make_city

GRAZ = CityFacts({"en": "Graz"}, ["de"], "AT", 47.07, 15.44, "Europe/Vienna", population=290_000)


def test_a_city_gets_its_address_from_its_name(app: Flask) -> None:
    with write():
        admitting.add_city(replace(GRAZ, names={"de": "Nürnberg", "en": "Nuremberg"}))

    city = db.session.scalars(select(City).where(City.slug == "nuremberg")).one()
    assert (city.population, city.memberships) == (290_000, [])


def test_others_hear_of_a_new_city(app: Flask) -> None:
    heard: list[Any] = []

    def listen(sender: Any, **_: Any) -> None:
        heard.append(sender)

    with city_added.connected_to(listen), write():
        city = admitting.add_city(GRAZ)

    assert heard == [city]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"names": {}}, NameMissing),
        ({"names": {"en": " "}}, NameMissing),
        ({"latitude": 91.0}, PlaceUnknown),
        ({"longitude": -181.0}, PlaceUnknown),
        ({"latitude": float("nan")}, PlaceUnknown),
        ({"timezone": "Mars/Base"}, UnknownZone),
    ],
)
def test_facts_that_cannot_be_are_refused(
    app: Flask, change: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error), write():
        admitting.add_city(replace(GRAZ, **change))


def test_two_members_never_share_an_address(app: Flask) -> None:
    with write():
        admitting.add_organisation({"en": "Graz"}, OrganisationKind.UNIVERSITY)

    with pytest.raises(AddressTaken), write():
        admitting.add_city(GRAZ)


def test_an_organisation_may_have_a_place(app: Flask) -> None:
    with write():
        there = admitting.add_organisation(
            {"en": "University partner"},
            OrganisationKind.UNIVERSITY,
            place=Place(52.09, 5.12, "Europe/Amsterdam"),
        )

    assert (there.latitude, there.longitude, there.timezone) == (52.09, 5.12, "Europe/Amsterdam")


def test_an_organisation_is_nowhere_else_than_on_earth(app: Flask) -> None:
    with pytest.raises(PlaceUnknown), write():
        admitting.add_organisation(
            {"en": "Moon base"}, OrganisationKind.AGENCY, place=Place(0.0, 181.0, "UTC")
        )


def test_organisations_are_listed_with_their_memberships(app: Flask) -> None:
    with write():
        partner = admitting.add_organisation({"en": "University"}, OrganisationKind.UNIVERSITY)
        admitting.begin_membership(partner, MembershipKind.ASSOCIATE)

    listed = db.session.scalars(organisations_listed()).all()
    assert [one.memberships[0].kind for one in listed] == [MembershipKind.ASSOCIATE]
    assert db.session.scalars(one_organisation("university")).one() == partner


def test_memberships_run_from_their_first_to_their_last_day(app: Flask) -> None:
    city = make_city()
    with write():
        period = admitting.begin_membership(city, MembershipKind.GUEST, starts_on=date(2020, 1, 1))
        admitting.end_membership(period, date(2020, 12, 31))

    def running(day: date) -> int:
        return len(db.session.scalars(memberships_at(day)).all())

    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [running(day) for day in days] == [0, 1, 1, 0]
    assert len(db.session.scalars(memberships_ended_before(date(2021, 1, 1))).all()) == 1


def test_unknown_days_count_as_running(app: Flask) -> None:
    with write():
        admitting.begin_membership(make_city_inside(), MembershipKind.GUEST)

    assert len(db.session.scalars(memberships_at(date(1990, 1, 1))).all()) == 1


def make_city_inside() -> Any:
    return admitting.add_city(GRAZ)


def test_periods_do_not_overlap(app: Flask) -> None:
    city = make_city()
    with write():
        admitting.begin_membership(
            city, MembershipKind.GUEST, starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31)
        )

    with pytest.raises(AlreadyMember), write():
        admitting.begin_membership(city, MembershipKind.PARTNER, starts_on=date(2020, 12, 31))
    with write():
        admitting.begin_membership(city, MembershipKind.PARTNER, starts_on=date(2021, 1, 1))
    assert len(city.memberships) == 2


def test_nothing_ends_before_it_starts(app: Flask) -> None:
    city = make_city()
    with pytest.raises(EndsBeforeStart), write():
        admitting.begin_membership(
            city, MembershipKind.GUEST, starts_on=date(2020, 2, 1), ends_on=date(2020, 1, 1)
        )
    with write():
        period = admitting.begin_membership(city, MembershipKind.GUEST, starts_on=date(2020, 2, 1))
    with pytest.raises(EndsBeforeStart), write():
        admitting.end_membership(period, date(2020, 1, 1))


def test_a_mail_domain_belongs_to_one_member(app: Flask) -> None:
    graz, lund = make_city("Graz"), make_city("Lund")
    with write():
        first = admitting.claim_domain(" Graz.Example ", graz)
        again = admitting.claim_domain("graz.example", graz)

    assert (first.domain, again.id, first.verified_at) == ("graz.example", first.id, None)
    with pytest.raises(DomainTaken), write():
        admitting.claim_domain("graz.example", lund)


@pytest.mark.parametrize("domain", ["", "graz", "a@graz.example", "graz..example", "x" * 200])
def test_what_is_no_domain_is_refused(app: Flask, domain: str) -> None:
    with pytest.raises(NotADomain), write():
        admitting.claim_domain(domain, make_city_inside())


def test_an_organisation_claims_a_domain_too(app: Flask) -> None:
    with write():
        office = admitting.add_organisation({"en": "Office"}, OrganisationKind.NETWORK)
        claimed = admitting.claim_domain("office.example", office)

    assert (claimed.city_id, claimed.organisation_id) == (None, office.id)


def test_names_fall_back_to_the_language_of_the_place(app: Flask) -> None:
    city = make_city("York", names={"fr": "York-fr", "de": "York-de"}, languages=["de"])

    assert [str(name_of(city, wanted)) for wanted in ("fr", "sv")] == ["York-fr", "York-de"]
    assert name_of(make_city("Lund", names={"xx": "Lund"}), "sv").language == "xx"
    assert body_name(city, "fr") == "York-fr"


def test_countries_languages_and_kinds_have_names(app: Flask) -> None:
    assert (country_name("NL", "nl"), country_name("ZZZ")) == ("Nederland", "ZZZ")
    assert (language_name("sv", "de"), language_name("qqq")) == ("Schwedisch", "qqq")
    assert [membership_label(kind) for kind in MembershipKind] == [
        "Guest member",
        "Associate",
        "Partner",
        "Applicant",
    ]
