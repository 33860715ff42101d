"""Who wrote something, as far as the reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_
from sqlalchemy.orm import aliased

from app.accounts.models import Seat, User
from app.core.i18n import in_language
from app.forum.models import Thread
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


def author_columns() -> tuple[Any, ...]:
    return (User.display_name, Seat.title, City.names, City.slug, Organisation.names)


def byline(values: tuple[Any, ...]) -> Byline | None:
    """From the values of `author_columns`. None: withheld, or the account is gone."""
    name, title, city, city_slug, organisation = values
    return None if name is None else Byline(name, title or "", city, city_slug, organisation)


def with_author(
    statement: Select[Any], viewer: User | None, author_id: Any, seat_id: Any
) -> Select[Any]:
    """Join people, seats and cities; for a thread that withholds names they come out empty."""
    shown = names_shown_to(viewer)
    return (
        statement.outerjoin(User, and_(User.id == author_id, shown))
        .outerjoin(Seat, and_(Seat.id == seat_id, shown))
        .outerjoin(City, City.id == Seat.city_id)
        .outerjoin(Organisation, Organisation.id == Seat.organisation_id)
    )


LastAuthor = aliased(User, name="last_author")


def last_author_join(viewer: User | None) -> ColumnElement[bool]:
    return and_(LastAuthor.id == Thread.last_author_id, names_shown_to(viewer))
