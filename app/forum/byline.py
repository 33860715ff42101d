"""Who wrote something, as far as the reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_
from sqlalchemy.orm import aliased

from app.accounts.models import Seat, User
from app.core.i18n import in_language
from app.forum.queries import names_shown_to
from app.network.models import City, Organisation


@dataclass(frozen=True)
class Byline:
    """A name and the seat that was held when the text was written."""

    name: str
    title: str
    city: dict[str, str] | None
    city_slug: str | None
    organisation: dict[str, str] | None

    @property
    def body(self) -> str:
        """City or organisation in the reader's language."""
        return in_language(self.city or self.organisation or {})

    @property
    def role(self) -> str:
        """ "Title, city" without what the name says already."""
        return ", ".join(part for part in (self.title, self.body) if part not in self.name)


@dataclass(frozen=True)
class Joined:
    """The tables a byline is read from; a statement with a second author needs other aliases."""

    user: Any
    seat: Any
    city: Any
    organisation: Any


AUTHOR = Joined(User, Seat, City, Organisation)
SECOND = Joined(
    aliased(User, name="second_author"),
    aliased(Seat, name="second_seat"),
    aliased(City, name="second_city"),
    aliased(Organisation, name="second_organisation"),
)


def author_columns(joined: Joined = AUTHOR) -> tuple[Any, ...]:
    city = joined.city
    return (
        joined.user.display_name,
        joined.seat.title,
        city.names,
        city.slug,
        joined.organisation.names,
    )


def byline(values: tuple[Any, ...]) -> Byline | None:
    """From the values of `author_columns`. None: withheld, or the account is gone."""
    name, title, city, city_slug, organisation = values
    return None if name is None else Byline(name, title or "", city, city_slug, organisation)


def with_author(
    statement: Select[Any],
    viewer: User | None,
    author_id: Any,
    seat_id: Any,
    joined: Joined = AUTHOR,
) -> Select[Any]:
    """Join people, seats and cities; for a thread that withholds names they come out empty."""
    shown = names_shown_to(viewer)
    user, seat, city, organisation = joined.user, joined.seat, joined.city, joined.organisation
    return (
        statement.outerjoin(user, and_(user.id == author_id, shown))
        .outerjoin(seat, and_(seat.id == seat_id, shown))
        .outerjoin(city, city.id == seat.city_id)
        .outerjoin(organisation, organisation.id == seat.organisation_id)
    )
