"""Seats, groups, names, roles, sessions, mails: what other domains rely on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from app.accounts import approving, drafting, grouping, seating, signup
from app.accounts.directory import members, people_of_city
from app.accounts.enums import SeatRole, SiteRole
from app.accounts.errors import AlreadyDecided, NameMissing
from app.accounts.models import Draft, GroupMember, User
from app.accounts.queries import (
    current_seat,
    group_by_slug,
    one_user,
    users_by_handles,
    users_by_ids,
)
from app.core.clock import utcnow
from app.core.db import db, first_or_404, write
from app.network.enums import OrganisationKind
from app.network.models import Organisation
from tests.factories import make_city, make_group, make_seat, make_user
from tests.factories_accounts import make_applicant


def test_the_seat_of_today_counts(app: Flask) -> None:
    person, graz, york = make_user(), make_city("Graz"), make_city("York")
    make_seat(person, graz, ends_on=date(2024, 12, 31))
    with write():
        seating.give_seat(person, york, SeatRole.CONTRIBUTOR, title="Coordinator")
        seating.give_seat(person, york, starts_on=date(2999, 1, 1))

    seat = current_seat(person)

    assert seat is not None
    assert (seat.city_id, seat.role, seat.title) == (york.id, SeatRole.CONTRIBUTOR, "Coordinator")


def test_a_seat_in_an_organisation(app: Flask) -> None:
    person = make_user()
    with write() as session:
        body = Organisation(
            slug="university",
            names={"en": "University"},
            kind=OrganisationKind.UNIVERSITY,
            created_at=utcnow(),
        )
        session.add(body)
        session.flush()
        seat = seating.give_seat(person, body)

    found = current_seat(person)
    with write():
        seating.end_seat(seat, date(2024, 1, 1))

    assert found is not None
    assert found.organisation_id == body.id
    assert current_seat(person) is None


def test_current_seat_is_one_statement(app: Flask, count_statements: Any) -> None:
    person = make_user(city=make_city())
    person_id = person.id

    with count_statements() as statements:
        seat = current_seat(person)
        assert seat is not None
        assert seat.city is not None
        assert seat.city.slug == "graz"

    assert (len(statements), person_id) == (1, person.id)


def test_people_of_a_city_are_approved_and_present(app: Flask) -> None:
    city = make_city()
    here = make_user("A", city=city)
    make_user("B", city=city, approved_at=None)
    make_seat(make_user("C"), city, ends_on=date(2024, 2, 1))

    assert [seat.user_id for seat in people_of_city(city.id)] == [here.id]


def test_group_members_come_and_go(app: Flask) -> None:
    person = make_user()
    with write():
        group = grouping.create_group("practitioners", {"en": "Practitioners"})
        grouping.add_member(group, person)
        grouping.add_member(group, person)
    known = group_by_slug("practitioners")
    count = db.session.query(GroupMember).count()
    with write():
        grouping.remove_member(group, person)
        grouping.remove_member(group, person)

    assert (known, count, db.session.query(GroupMember).count()) == (group, 1, 0)


def test_mentions_reach_approved_people_only(app: Flask) -> None:
    person = make_user(handle="graz-officer")
    make_user(handle="newcomer", approved_at=None)

    assert users_by_handles(["Graz-Officer", "newcomer", "nobody"]) == {"graz-officer": person}
    assert users_by_handles([]) == {}
    assert users_by_ids([person.id, 999]) == {person.id: person}
    assert users_by_ids([]) == {}
    assert first_or_404(one_user(person.id)) == person


def test_handles_come_from_names(app: Flask) -> None:
    names = ["Human rights officer, Graz", "Human rights officer, Graz", "人権", "Ø"]
    with write():
        people = [
            signup.open_account(f"p{number}@city.example", name, None)
            for number, name in enumerate(names)
        ]

    assert [person.handle for person in people] == [
        "human-rights-officer-graz", "human-rights-officer-graz-2", "item", "member",
    ]  # fmt: skip


def test_an_account_needs_a_name(app: Flask) -> None:
    with pytest.raises(NameMissing), write():
        signup.open_account("p@city.example", "  ", None)


def test_two_admins_at_once_decide_once(app: Flask) -> None:
    person, admin = make_applicant(), make_user(role=SiteRole.ADMIN)
    ids, outcomes = (person.id, admin.id), []

    def decide() -> None:
        with app.app_context():
            try:
                with write() as session:
                    applicant, actor = (session.get_one(User, one) for one in ids)
                    approving.approve(applicant, actor)
                outcomes.append("approved")
            except AlreadyDecided:
                outcomes.append("too late")

    threads = [Thread(target=decide) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["approved", "too late", "too late", "too late"]


def test_two_tabs_at_once_save_one_draft(app: Flask) -> None:
    person_id, outcomes = make_user().id, []

    def save(text: str) -> None:
        with app.app_context(), write() as session:
            person = session.get_one(User, person_id)
            saved = drafting.save_draft(person, "reply:1", {"body": text}, 0)
        outcomes.append(saved.is_newer)

    threads = [Thread(target=save, args=[f"text {number}"]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, True, True, True]


def test_the_same_text_twice_is_no_clash(app: Flask) -> None:
    person = make_user()
    with write():
        drafting.save_draft(person, "reply:1", {"body": "x"}, 0)
        saved = drafting.save_draft(person, "reply:1", {"body": "x"}, 0)

    assert saved.is_newer is False


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_forgotten_tab_overwrites_no_later_draft(
    app: Flask, time_machine: Any, is_sent: bool
) -> None:
    """Its number is of a draft that was sent, or thrown away, since."""
    person, forgotten = make_user(), 0
    time_machine.move_to("2027-05-12 12:00 +0000", tick=False)
    for text in ("a", "ab", "abc"):
        time_machine.shift(2)
        with write():
            forgotten = drafting.save_draft(person, "reply:1", {"body": text}, forgotten).sequence
    with write():
        if is_sent:
            drafting.settle_draft(person, "reply:1", "abc, sent", forgotten)
        else:
            drafting.set_aside(person, "reply:1")
    time_machine.shift(2)
    with write():
        drafting.save_draft(person, "reply:1", {"body": "Later words"}, 0)
        late = drafting.save_draft(person, "reply:1", {"body": "abc, typed on"}, forgotten)

    assert (late.is_newer, late.fields) == (True, {"body": "Later words"})


def test_drafts_expire_after_half_a_year(
    app: Flask, time_machine: Any, run_jobs: Callable[[], int]
) -> None:
    person = make_user()
    time_machine.move_to("2026-01-01 12:00 +0000", tick=False)
    with write():
        drafting.save_draft(person, "reply:1", {"body": "Old"}, 0)

    time_machine.move_to("2026-07-15 12:00 +0000", tick=False)
    with write():
        saved = drafting.save_draft(person, "reply:1", {"body": "New"}, 0)
    time_machine.move_to("2027-07-15 12:00 +0000", tick=False)
    with write():
        drafting.forget_expired()

    assert (saved.is_newer, db.session.query(Draft).count()) == (False, 0)


def test_visitors_and_applicants_find_nobody(app: Flask) -> None:
    make_group(make_user())

    assert db.session.scalars(members(None)).all() == []
    assert db.session.scalars(members(make_user(approved_at=None))).all() == []


def test_make_admin_on_the_command_line(app: Flask) -> None:
    person = make_applicant(confirmed_at=None)
    run = app.test_cli_runner()

    done = run.invoke(args=["accounts", "make-admin", person.email.upper()])
    unknown = run.invoke(args=["accounts", "make-admin", "nobody@city.example"])
    db.session.rollback()

    assert (done.exit_code, unknown.exit_code) == (0, 1)
    assert unknown.stderr == "interurban: No account has the address nobody@city.example.\n"
    assert (person.role, person.is_approved) == (SiteRole.ADMIN, True)


def test_mails_speak_the_language_of_the_account(
    app: Flask, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]]
) -> None:
    person = make_applicant(confirmed_at=None, locale="sv")
    with write():
        signup.send_confirmation(person)
    run_jobs()

    (mail,) = outbox()

    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert '<html lang="sv">' in html
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_mail_that_flask_security_writes_lands_in_the_outbox(
    app: Flask, outbox: Callable[[], list[EmailMessage]]
) -> None:
    util = app.extensions["security"].mail_util
    with write():
        util.send_mail("any", "A  subject", "p@city.example", "x", "text", "<p>text</p>")

    assert [(mail["To"], mail["Subject"]) for mail in outbox()] == [("p@city.example", "A subject")]
