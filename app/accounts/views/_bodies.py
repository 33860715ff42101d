"""Cities and organisations as choices of a form: "city:3", "organisation:2"."""

from __future__ import annotations

from typing import Any

from app.core.db import db
from app.core.i18n import in_language
from app.network.queries import cities_listed, organisations_listed, owners_of_domains


def body_choices() -> list[tuple[str, str]]:
    return sorted(
        [(f"city:{city.id}", in_language(city.names)) for city in _cities()]
        + [(f"organisation:{body.id}", in_language(body.names)) for body in _organisations()],
        key=lambda choice: choice[1],
    )


def body_named(choice: str) -> Any:
    """The city or organisation that was chosen; None for no seat."""
    kind, _, number = choice.partition(":")
    bodies = _cities() if kind == "city" else _organisations() if kind == "organisation" else []
    return next((body for body in bodies if str(body.id) == number), None)


def suggested_body(email: str) -> str:
    """What the mail address says about where somebody works: a suggestion, no proof."""
    domain = email.rpartition("@")[2]
    owner = owners_of_domains({domain}).get(domain)
    if owner is None:
        return ""
    return f"city:{owner.city_id}" if owner.city_id else f"organisation:{owner.organisation_id}"


def _cities() -> Any:
    return db.session.scalars(cities_listed()).all()


def _organisations() -> Any:
    return db.session.scalars(organisations_listed()).all()
