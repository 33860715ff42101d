"""Who can be given an action."""

from __future__ import annotations

from app.accounts.queries import users_by_ids
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _
from app.network.models import City
from app.network.naming import city_name
from app.network.queries import cities_by_ids, member_cities
from app.notes.deciding import Owner
from app.notes.errors import UnknownOwner
from app.notes.models import Action
from app.webinars.attending import registrations_at
from app.webinars.enums import RegistrationState
from app.webinars.models import Webinar


def owner_choices(webinar: Webinar, action: Action | None = None) -> list[tuple[str, str]]:
    """The cities, the webinar's organisers and the people with accounts who came."""
    people = {seat.user_id: seat.user.display_name for seat in webinar.organisers}
    for person in db.session.scalars(registrations_at(webinar)):
        if person.user_id and person.state == RegistrationState.CONFIRMED:
            people.setdefault(person.user_id, person.name)
    cities = {city.id: city for city in db.session.scalars(member_cities(utcnow().date()))}
    if action and action.owner_user:
        people.setdefault(action.owner_user.id, action.owner_user.display_name)
    if action and action.owner_city:
        cities.setdefault(action.owner_city.id, action.owner_city)
    return [
        ("", _("Nobody from this list")),
        *((f"city:{city.id}", city_name(city)) for city in _by_name(list(cities.values()))),
        *((f"user:{user_id}", name) for user_id, name in people.items()),
    ]


def owner_from(choice: str, label: str) -> Owner:
    """The owner that a form names. Raise UnknownOwner when it is gone meanwhile."""
    kind, _colon, number = choice.partition(":")
    if not number:
        return Owner(label=label)
    if kind == "user":
        user = users_by_ids([int(number)]).get(int(number))
        return _known(Owner(user=user))
    return _known(Owner(city=db.session.scalars(cities_by_ids([int(number)])).first()))


def choice_of(action: Action) -> str:
    """The choice that stands for the owner of now."""
    if action.owner_user_id:
        return f"user:{action.owner_user_id}"
    return f"city:{action.owner_city_id}" if action.owner_city_id else ""


def _known(owner: Owner) -> Owner:
    if not owner.is_known:
        raise UnknownOwner
    return owner


def _by_name(cities: list[City]) -> list[City]:
    return sorted(cities, key=city_name)
