"""Who reads and writes notes in which state: the table, and the statements that follow it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.notes import deciding, writing
from app.notes.deciding import Owner
from app.notes.enums import NotesStatus
from app.notes.glancing import summary_glance
from app.notes.models import NoteSet, NoteTaker
from app.notes.permissions import (
    can_publish_notes,
    can_read_notes,
    can_unpublish_notes,
    can_write_notes,
    reads_practitioners_part,
    reads_whole_draft,
)
from app.notes.queries import (
    decisions_visible_to,
    notes_visible_to,
    one_summary,
    open_actions_visible_to,
    practitioners_set_ids,
    published_set_ids,
    summaries_for_indexing,
)
from app.webinars.enums import RegistrationState, SpeakerState
from app.webinars.models import Webinar
from app.webinars.queries import one_webinar
from tests.factories import make_group, make_user
from tests.factories_notes import make_summary, note_at
from tests.factories_webinars import (
    add_organiser,
    make_organiser,
    make_registration,
    make_speaker,
)


def take_notes(webinar: Webinar, person: User) -> None:
    with write() as session:
        session.add(NoteTaker(webinar_id=webinar.id, user_id=person.id, added_at=utcnow()))


def invite(state: RegistrationState) -> Callable[[Webinar, User], None]:
    return lambda webinar, person: make_registration(webinar, person, state=state) and None


def by_address(webinar: Webinar, person: User) -> None:
    make_registration(webinar, None, email=person.email, state=RegistrationState.CONFIRMED)


def speak(webinar: Webinar, person: User) -> None:
    make_speaker(webinar, user_id=person.id, state=SpeakerState.CONFIRMED)


def decline(webinar: Webinar, person: User) -> None:
    make_speaker(webinar, user_id=person.id, state=SpeakerState.DECLINED)


def in_group(webinar: Webinar, person: User) -> None:
    make_group(person)


def in_group_and_there(webinar: Webinar, person: User) -> None:
    make_group(person)
    make_registration(webinar, person, state=RegistrationState.CONFIRMED)


def nothing(webinar: Webinar, person: User) -> None:
    """A member like any other."""


CONFIRMED = RegistrationState.CONFIRMED
# What each may do: write, publish, unpublish, read a draft, read in review, all of that, and the
# practitioners' part of what is published.
ROLES: dict[str, tuple[Callable[[Webinar, User], None], SiteRole, str]] = {
    "member": (nothing, SiteRole.MEMBER, ""),
    "in the group": (in_group, SiteRole.MEMBER, "part"),
    "has a place": (invite(CONFIRMED), SiteRole.MEMBER, "review"),
    "has a place by address": (by_address, SiteRole.MEMBER, "review"),
    "waits": (invite(RegistrationState.WAITLISTED), SiteRole.MEMBER, ""),
    "withdrew": (invite(RegistrationState.CANCELLED), SiteRole.MEMBER, ""),
    "speaks": (speak, SiteRole.MEMBER, "review"),
    "declined": (decline, SiteRole.MEMBER, ""),
    "in the group and there": (in_group_and_there, SiteRole.MEMBER, "review part"),
    "takes notes": (take_notes, SiteRole.MEMBER, "write draft review"),
    "organises": (add_organiser, SiteRole.ORGANISER, "write publish draft review part"),
    "organises elsewhere": (nothing, SiteRole.ORGANISER, ""),
    "admin": (nothing, SiteRole.ADMIN, "write publish unpublish draft review part"),
    "applicant": (invite(RegistrationState.CONFIRMED), SiteRole.MEMBER, "review"),
    "applicant who took notes": (take_notes, SiteRole.MEMBER, ""),
}


def make_person(role: str, note_set: NoteSet) -> tuple[User, set[str]]:
    prepare, site_role, may = ROLES[role]
    approved_at = None if role.startswith("applicant") else utcnow()
    person = make_user("Some officer", role=site_role, approved_at=approved_at)
    prepare(note_set.webinar, person)
    return person, set(may.split())


def finds(person: User | None, note_set: NoteSet) -> bool:
    found = notes_visible_to(person).where(NoteSet.id == note_set.id)
    return db.session.scalars(found).first() is not None


def turn(note_set: NoteSet, status: NotesStatus) -> None:
    with write():
        note_set.status = status


@pytest.fixture
def note_set(app: Flask) -> NoteSet:
    """Published once, with a decision and an action in each of its two parts."""
    organiser = make_organiser()
    note_set = make_summary(organiser, closed="For practitioners", visibility=Visibility.NETWORK)
    return note_set.note_set


@pytest.mark.parametrize("role", ROLES)
def test_table_of_who_may(app: Flask, role: str) -> None:
    shown = make_summary(closed="For practitioners").note_set
    person, may = make_person(role, shown)
    webinar = shown.webinar

    does = {
        "write": can_write_notes(person, webinar),
        "publish": can_publish_notes(person, webinar),
        "unpublish": can_unpublish_notes(person, webinar),
        "part": reads_practitioners_part(person, webinar),
    }
    for name, status in (("draft", NotesStatus.DRAFT), ("review", NotesStatus.IN_REVIEW)):
        turn(shown, status)
        does[name] = can_read_notes(person, shown)
        assert finds(person, shown) is does[name]
    assert {name for name, can in does.items() if can} == may
    assert reads_whole_draft(person, webinar) is bool({"write", "part"} & may)


@pytest.mark.parametrize("role", ROLES)
def test_statements_follow_the_table_for_what_is_published(app: Flask, role: str) -> None:
    shown = make_summary(closed="For practitioners").note_set
    person, may = make_person(role, shown)

    glance = summary_glance(person, shown.webinar_id)

    assert glance is not None
    assert (glance.can_write, glance.is_whole) == ("write" in may, "part" in may)
    assert glance.reads_notes is can_read_notes(person, shown)
    assert list(db.session.scalars(published_set_ids(person))) == [shown.id]
    part = list(db.session.scalars(practitioners_set_ids(person)))
    assert part == ([shown.id] if "part" in may else [])


def test_a_visitor_reads_what_is_published_and_nothing_else(app: Flask) -> None:
    note_set = make_summary().note_set

    seen = db.session.scalars(one_summary(None, note_set.webinar_id)).first()
    assert (seen is None, can_read_notes(None, note_set), finds(None, note_set)) == (
        False,
        False,
        False,
    )
    turn(note_set, NotesStatus.IN_REVIEW)
    assert (can_read_notes(None, note_set), finds(None, note_set)) == (False, False)


def test_who_was_there_but_no_longer_sees_the_webinar_finds_nothing(app: Flask) -> None:
    """The personal link stays; a closed room is closed for accounts."""
    group = make_group(slug="closed-circle")
    note_set = make_summary(visibility=Visibility.HIDDEN, group_id=group.id).note_set
    person = make_user()
    make_registration(note_set.webinar, person, state=CONFIRMED)
    turn(note_set, NotesStatus.IN_REVIEW)

    assert db.session.scalars(one_webinar(person, note_set.webinar_id)).first() is None
    assert finds(person, note_set) is False


@pytest.mark.parametrize("status", [NotesStatus.DRAFT, NotesStatus.IN_REVIEW])
def test_what_is_not_published_is_in_no_output(app: Flask, status: NotesStatus) -> None:
    organiser, admin = make_organiser(), make_user(role=SiteRole.ADMIN)
    note_set = make_summary(organiser).note_set
    with write():
        deciding.decide(note_set, "Meet again")
        deciding.promise(note_set, "Call the landlords", Owner(label="office"), None)
    with write():
        note_set.status = status
    webinar_id = note_set.webinar_id

    for person in (None, make_user(), organiser, admin):
        found = [
            *db.session.scalars(one_summary(person, webinar_id)),
            *db.session.scalars(published_set_ids(person)),
            *db.session.scalars(practitioners_set_ids(person)),
            *db.session.scalars(decisions_visible_to(person)),
            *db.session.scalars(open_actions_visible_to(person)),
            *db.session.scalars(summaries_for_indexing()),
        ]
        assert (found, summary_glance(person, webinar_id)) == ([], None)


def test_records_of_a_removed_note_are_in_no_register(app: Flask) -> None:
    organiser = make_organiser()
    note_set = make_summary(organiser).note_set
    note = note_at(note_set, 1)
    with write():
        deciding.decide(note_set, "Meet again", note)
        deciding.promise(note_set, "Call the landlords", Owner(label="office"), None, note)
        version = one_summary(organiser, note_set.webinar_id)
        db.session.scalars(version).one().published_at = utcnow()
    before = len(list(db.session.scalars(decisions_visible_to(None))))
    with write():
        note.removed_at = utcnow()

    after = [
        *db.session.scalars(decisions_visible_to(organiser)),
        *db.session.scalars(open_actions_visible_to(organiser)),
    ]
    assert (before, after) == (1, [])
    assert writing.revision_of(note, note.head) is not None
