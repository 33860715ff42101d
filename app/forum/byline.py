"""Who wrote something, as far as the reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, Select, and_, case, literal
from sqlalchemy.orm import aliased

from app.accounts.models import Seat, User
from app.core.clock import utcnow
from app.core.i18n import _, in_language
from app.core.prepared import as_of_now
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
    is_past: bool = False

    @property
    def body(self) -> str:
        """City or organisation in the reader's language."""
        return in_language(self.city or self.organisation or {})

    @property
    def role(self) -> str:
        """ "Title, city" without what the name says already; "then Graz" of a seat that ended."""
        parts = [part for part in (self.title, self.body) if part]
        unsaid = [part for part in parts if part not in self.name]
        if self.is_past and parts:
            return _("then %(role)s", role=", ".join(unsaid or parts))
        return ", ".join(unsaid)


@dataclass(frozen=True)
class Joined:
    """The tables a byline is read from; a statement with a second author needs other aliases."""

    user: Any
    seat: Any
    city: Any
    organisation: Any


PAST = "\x1d"  # no form takes it, so no title begins with it
AUTHOR = Joined(User, Seat, City, Organisation)
SECOND = Joined(
    aliased(User, name="second_author"),
    aliased(Seat, name="second_seat"),
    aliased(City, name="second_city"),
    aliased(Organisation, name="second_organisation"),
)


def author_columns(joined: Joined = AUTHOR) -> tuple[Any, ...]:
    """Five values for `byline`, whatever they carry: others count on their number."""
    city = joined.city
    return (
        joined.user.display_name,
        _title(joined.seat),
        city.names,
        city.slug,
        joined.organisation.names,
    )


def byline(values: tuple[Any, ...]) -> Byline | None:
    """From the values of `author_columns`. None: withheld, or the account is gone."""
    name, title, city, city_slug, organisation = values
    if name is None:
        return None
    plain = (title or "").removeprefix(PAST)
    return Byline(name, plain, city, city_slug, organisation, plain != (title or ""))


def _title(seat: Any) -> Any:
    """The title of a seat, with a sign in front when the seat has ended."""
    has_ended = seat.ends_on < as_of_now(lambda: utcnow().date(), Date())
    return case((has_ended, literal(PAST).concat(seat.title)), else_=seat.title)


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
