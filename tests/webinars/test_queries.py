"""What is not yours to see does not exist for you."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.topics.enums import LineColour
from app.webinars import queries
from app.webinars.enums import DatePrecision, RegistrationState, Status
from app.webinars.models import Registration, Webinar
from app.webinars.own import own_of
from tests.factories import make_group, make_topic, make_user
from tests.factories_webinars import make_organiser, make_registration, make_webinar

pytestmark = pytest.mark.usefixtures("app")

PEOPLE = ["visitor", "applicant", "member", "practitioner", "organiser", "admin"]


def cast() -> dict[str, User | None]:
    return {
        "visitor": None,
        "applicant": make_user(approved_at=None),
        "member": make_user(),
        "practitioner": make_user(),
        "organiser": make_organiser(),
        "admin": make_user(role=SiteRole.ADMIN),
    }


@pytest.mark.parametrize("topic", [None, *Visibility])
@pytest.mark.parametrize("visibility", list(Visibility))
@pytest.mark.parametrize("status", [Status.DRAFT, Status.PUBLISHED, Status.CANCELLED])
def test_who_sees_which_webinar(
    status: Status, visibility: Visibility, topic: Visibility | None
) -> None:
    people = cast()
    group = make_group(people["practitioner"])  # type: ignore[arg-type]
    in_group = visibility in {Visibility.CLOSED, Visibility.HIDDEN}
    about = topic and make_topic(visibility=topic, groups=[group], colour=LineColour.PLACES)
    webinar = make_webinar(
        organiser=people["organiser"],
        status=status,
        visibility=visibility,
        group_id=group.id if in_group else None,
        topic_id=about.id if about else None,
    )

    seen = [
        name
        for name, person in people.items()
        if db.session.scalars(queries.one_webinar(person, webinar.id)).first()
    ]

    assert seen == expected(status, visibility, topic)


def expected(status: Status, visibility: Visibility, topic: Visibility | None) -> list[str]:
    if status == Status.DRAFT:
        return ["organiser"]
    strictest = {visibility, topic or Visibility.PUBLIC}
    if strictest & {Visibility.CLOSED, Visibility.HIDDEN}:
        return ["practitioner", "organiser"]
    if Visibility.NETWORK in strictest:
        return ["member", "practitioner", "organiser", "admin"]
    return PEOPLE


def titles(select: object) -> list[str]:
    return [webinar.title for webinar in db.session.scalars(select)]  # type: ignore[call-overload]


def test_what_is_ahead_comes_in_order_and_what_is_over_is_not_in_it() -> None:
    make_webinar("Later", starts_in=timedelta(days=9))
    make_webinar("Sooner", starts_in=timedelta(days=2))
    make_webinar("Running", starts_in=timedelta(minutes=-10))
    make_webinar("Called off", starts_in=timedelta(days=3), status=Status.CANCELLED)
    make_webinar("Over", starts_in=timedelta(days=-2))
    make_webinar("Draft", published=False)

    assert titles(queries.upcoming(None, utcnow())) == [
        "Running", "Sooner", "Called off", "Later",
    ]  # fmt: skip
    assert titles(queries.past(None, utcnow())) == ["Over"]


def test_webinars_of_an_unknown_day_close_their_year() -> None:
    make_webinar("June", starts_in=datetime(2020, 6, 12, tzinfo=UTC) - utcnow())
    make_webinar("January after", starts_in=datetime(2021, 1, 20, tzinfo=UTC) - utcnow())
    unknown: dict[str, Any] = {
        "date_precision": DatePrecision.YEAR,
        "year": 2020,
        "starts_at": None,
        "ends_at": None,
        "sorts_at": datetime(2020, 1, 1, tzinfo=UTC),
    }
    make_webinar("Some day in 2020", **unknown)

    assert titles(queries.past(None, utcnow())) == ["January after", "June", "Some day in 2020"]


def test_organisers_find_what_they_organise() -> None:
    organiser = make_organiser()
    make_webinar("Mine", organiser=organiser)
    make_webinar("My draft", organiser=organiser, published=False)
    make_webinar("Theirs")

    assert titles(queries.organised_by(organiser)) == ["Mine", "My draft"]
    assert titles(queries.drafts_of(organiser)) == ["My draft"]


def test_registrations_are_found_by_their_person() -> None:
    person = make_user()
    coming, given_up, other = (
        make_webinar("Coming"),
        make_webinar("Given up"),
        make_webinar("Other"),
    )
    make_registration(coming, person, state=RegistrationState.CONFIRMED)
    make_registration(given_up, person, state=RegistrationState.CANCELLED)
    make_registration(other, make_user(), state=RegistrationState.CONFIRMED)
    assert titles(queries.registered(queries.upcoming(person, utcnow()), person)) == ["Coming"]

    assert own_of(person).states == {
        coming.id: RegistrationState.CONFIRMED,
        given_up.id: RegistrationState.CANCELLED,
    }
    assert own_of(None).states == {}
    assert (queries.people_to_tell(coming), queries.people_to_tell(given_up)) == (1, 0)


def register(webinar: Webinar, person: User, state: RegistrationState) -> None:
    with write() as session:
        session.add(
            Registration(
                webinar_id=webinar.id,
                user_id=person.id,
                email=person.email,
                name=person.display_name,
                language="en",
                timezone="Europe/Brussels",
                state=state,
                token=f"{webinar.id}-{person.id}",
                created_at=utcnow(),
                queued_at=utcnow(),
            )
        )
