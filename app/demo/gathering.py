"""Cities, organisations, people, groups and topics come together."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.enums import SiteRole
from app.accounts.grouping import add_member, create_group
from app.accounts.models import User
from app.accounts.seating import give_seat
from app.accounts.signup import confirm, open_account
from app.core.clock import standing_at
from app.core.enums import Visibility
from app.demo.cast import Cast
from app.demo.reading import Entry, chapter
from app.forum.curating.tagging import make_tag
from app.network.admitting import CityFacts, add_city, add_organisation, begin_membership
from app.network.enums import MembershipKind, OrganisationKind
from app.network.models import City, Organisation
from app.topics.curating import NewTopic, appoint_steward, create_topic, grant
from app.topics.enums import LineColour

STEWARD = "steward@demo.invalid"
BEGAN = timedelta(days=400)


def gather_network(cast: Cast) -> None:
    story = chapter("network")
    for entry in story["cities"]:
        cast.bodies[entry["slug"]] = _admit_city(entry)
    for entry in story["organisations"]:
        cast.bodies[entry["slug"]] = _admit_organisation(entry)


def _admit_city(entry: Entry) -> City:
    facts = {name: value for name, value in entry.items() if name != "membership"}
    city = add_city(CityFacts(**facts, is_demo=True))
    _begin(city, entry["membership"])
    return city


def _admit_organisation(entry: Entry) -> Organisation:
    kind = OrganisationKind(entry["kind"])
    body = add_organisation(entry["names"], kind, slug=entry["slug"], is_demo=True)
    _begin(body, entry["membership"])
    return body


def _begin(body: City | Organisation, period: Entry) -> None:
    begin_membership(
        body,
        MembershipKind(period["kind"]),
        starts_on=period.get("starts_on"),
        ends_on=period.get("ends_on"),
        remark=period["remark"],
    )


def gather_people(cast: Cast, password_hash: str) -> None:
    """Everybody has the same password; one person still waits for approval."""
    story = chapter("network")
    for entry in story["groups"]:
        cast.groups[entry["slug"]] = create_group(entry["slug"], entry["names"], is_demo=True)
    with standing_at(cast.now - BEGAN):
        for entry in story["people"]:
            cast.people[entry["email"]] = _welcome(entry, cast, password_hash)


def _welcome(entry: Entry, cast: Cast, password_hash: str) -> User:
    person = open_account(
        entry["email"],
        entry["name"],
        password_hash,
        handle=entry["handle"],
        timezone=entry["timezone"],
        wishes=entry.get("wishes", ""),
        role=SiteRole(entry.get("role", "member")),
        is_demo=True,
    )
    confirm(person)
    if not entry.get("awaits_approval"):
        person.approved_at = cast.now - BEGAN
    body = entry.get("city") or entry.get("organisation")
    if body:
        give_seat(person, cast.bodies[body])
    for slug in entry.get("groups", []):
        add_member(cast.groups[slug], person)
    return person


def open_topics(cast: Cast) -> None:
    for entry in chapter("topics")["topics"]:
        topic = create_topic(
            NewTopic(
                slug=entry["slug"],
                names=entry["names"],
                descriptions=entry["descriptions"],
                colour=LineColour(entry["colour"]),
                number=entry["number"],
                visibility=Visibility(entry.get("visibility", "public")),
                is_demo=True,
            )
        )
        for slug in entry.get("groups", []):
            grant(topic, cast.groups[slug])
        if topic.visibility is not Visibility.HIDDEN:
            appoint_steward(topic, cast.people[STEWARD])
        for names in entry.get("tags", []):
            make_tag(topic, names, cast.people[STEWARD])
        cast.topics[topic.slug] = topic
