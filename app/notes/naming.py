"""How far people are named in what is handed out: by name, by city, by kind of actor, not at all.

Every output asks here: documents, registers, mails, feeds. Only those who write the notes see, on
the notes page and in its history, who wrote what.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import users_by_ids
from app.accounts.seating import seat_of, users_with_seats
from app.core import audit
from app.core.db import db, locked
from app.core.enums import Attribution
from app.core.i18n import _
from app.network.enums import OrganisationKind
from app.network.models import City, Organisation
from app.network.naming import city_name
from app.notes.enums import Naming
from app.notes.errors import NamingTooOpen
from app.notes.models import Action, NoteSet
from app.webinars.models import Registration, Speaker

Person = User | Registration | Speaker
Place = City | Organisation | str

STRICTNESS = list(Naming)
"""From open to strict."""


def naming_of(note_set: NoteSet, *, public: bool) -> Naming:
    """The strictest of what the webinar promised, promised before, and the organisers chose."""
    promised = (note_set.attribution, note_set.webinar.attribution)
    return strictest(note_set.naming, *(_promised(one, public=public) for one in promised))


def strictest(*namings: Naming) -> Naming:
    return max(namings, key=STRICTNESS.index)


def choices_for(note_set: NoteSet) -> list[Naming]:
    """What organisers may choose: as strict as what was promised, or stricter."""
    promised = strictest(
        _promised(note_set.attribution, public=False),
        _promised(note_set.webinar.attribution, public=False),
    )
    return STRICTNESS[STRICTNESS.index(promised) :]


def choose(note_set: NoteSet, naming: Naming, actor: User) -> None:
    """Raise NamingTooOpen where people were promised more."""
    note_set = db.session.scalars(locked(select(NoteSet).where(NoteSet.id == note_set.id))).one()
    if naming not in choices_for(note_set):
        raise NamingTooOpen
    if note_set.naming == naming:
        return
    thing, before = f"note_set:{note_set.id}", note_set.naming.value
    audit.record(actor.id, "notes.naming", thing, before=before, after=naming.value)
    note_set.naming = naming


def person_words(person: Person, naming: Naming) -> str:
    """What is said instead of the name, where the name may not be said."""
    if naming == Naming.PERSON:
        return person.display_name if isinstance(person, User) else person.name
    place = None if naming == Naming.NOBODY else _place_of(person)
    return _("a participant") if place is None else place_words(place, naming)


def place_words(place: Place, naming: Naming) -> str:
    """A city's name, or its kind; of other bodies the kind alone, for they are one of a few."""
    if naming == Naming.NOBODY:
        return _("a participating city") if _is_city(place) else _("a participant")
    if isinstance(place, Organisation):
        return kind_words(place.kind)
    if naming == Naming.ACTOR:
        return _("a city")
    return city_name(place) if isinstance(place, City) else place


def owner_words(action: Action, naming: Naming) -> str:
    """Who does it, as far as it may be said; empty while nobody does. Roles stay as written."""
    if action.owner_user is not None:
        return person_words(action.owner_user, naming)
    if action.owner_city is None:
        return action.owner_label
    return place_words(action.owner_city, strictest(naming, Naming.CITY))


def owner_of(action: Action, *, public: bool) -> str:
    return owner_words(action, naming_of(action.note_set, public=public))


def load_owners(actions: Iterable[Action]) -> None:
    """Read the seats of owners at once, where a list is going to ask for the place of each."""
    placed = {Naming.CITY, Naming.ACTOR}
    owned = (action for action in actions if action.owner_user_id)
    asked = (one for one in owned if naming_of(one.note_set, public=True) in placed)
    users_with_seats([action.owner_user_id for action in asked if action.owner_user_id])


def kind_words(kind: OrganisationKind) -> str:
    return {
        OrganisationKind.UNIVERSITY: _("a university"),
        OrganisationKind.CIVIL_SOCIETY: _("civil society"),
        OrganisationKind.AGENCY: _("a public agency"),
        OrganisationKind.NETWORK: _("a network"),
        OrganisationKind.MUNICIPALITY: _("a city"),
    }[kind]


def naming_words(naming: Naming) -> str:
    """The choice, as organisers read it."""
    return {
        Naming.PERSON: _("By name"),
        Naming.CITY: _("By city"),
        Naming.ACTOR: _("By kind of actor: a city, a university, civil society"),
        Naming.NOBODY: _("Nobody and no city (Chatham House rule)"),
    }[naming]


def _promised(attribution: Attribution, *, public: bool) -> Naming:
    if attribution == Attribution.CHATHAM_HOUSE:
        return Naming.NOBODY
    inside_only = attribution == Attribution.NETWORK
    return Naming.CITY if inside_only and public else Naming.PERSON


def _place_of(person: Person) -> Place | None:
    if isinstance(person, Registration) and (person.city or person.city_label):
        return person.city or person.city_label
    account = _account_of(person)
    seat = seat_of(account) if account else None
    return (seat.city or seat.organisation) if seat else None


def _account_of(person: Person) -> User | None:
    if isinstance(person, User):
        return person
    if isinstance(person, Registration):
        return person.user
    return users_by_ids([person.user_id]).get(person.user_id) if person.user_id else None


def _is_city(place: Place) -> bool:
    return not isinstance(place, Organisation) or place.kind == OrganisationKind.MUNICIPALITY
