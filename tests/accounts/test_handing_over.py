"""A seat goes from one person to the next, with what belongs to the task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import drafting
from app.accounts.enums import SiteRole
from app.accounts.models import Draft, Seat, User
from app.accounts.queries import current_seat
from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum.enums import FollowLevel, ThreadKind
from app.forum.models import Thread
from app.forum.reader_models import ThreadRead
from app.network.models import City
from app.notes.models import Action
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread
from tests.factories_notes import make_notes

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def graz(app: Flask) -> City:
    return make_city("Graz")


@pytest.fixture
def old(graz: City) -> User:
    return make_user("Human rights officer", graz)


@pytest.fixture
def new(app: Flask) -> User:
    return make_user("New officer, Graz", handle="new-officer")


def seat_of(person: User) -> Seat:
    return db.session.query(Seat).filter_by(user_id=person.id).one()


def hand_over(browser: FlaskClient, seat: Seat, handle: str = "new-officer", **more: str) -> int:
    data = {"successor": handle, **more}
    return browser.post(f"/seats/{seat.id}/handover", data=data).status_code


def test_20_seat_handover_moves_follows_questions_and_commitments_and_old_posts_say_then(
    old: User, new: User, graz: City, client_for: SignIn
) -> None:
    york = make_user("Policy adviser, York")
    question = make_thread(make_topic(), old, kind=ThreadKind.QUESTION)
    followed = make_thread(make_topic("housing"), york, "Where do people sleep tonight?")
    make_reply(followed, old, "We opened the gym.")
    action = owed_by(old)

    assert hand_over(client_for(old), seat_of(old)) == 302

    assert db.session.get_one(Thread, question.id).keeper_id == new.id
    assert db.session.get_one(ThreadRead, (new.id, followed.id)).level is FollowLevel.FOLLOWING
    assert db.session.get_one(ThreadRead, (old.id, followed.id)).level is FollowLevel.NORMAL
    assert db.session.get_one(Action, action.id).owner_user_id == new.id
    seat = current_seat(new)
    assert seat is not None
    assert seat.city_id == graz.id
    page = client_for(york).get(f"/threads/{followed.id}-where-do-people-sleep-tonight").text
    assert "then Graz" in page


def test_only_what_the_successor_may_read_moves(old: User, new: User, client_for: SignIn) -> None:
    closed = make_topic("closed", [make_group(old)], visibility=Visibility.CLOSED)
    thread = make_thread(closed, old, kind=ThreadKind.QUESTION)

    hand_over(client_for(old), seat_of(old))

    assert db.session.get(ThreadRead, (new.id, thread.id)) is None
    assert db.session.get_one(Thread, thread.id).keeper_id is None


def test_successor_goes_on_reading_where_the_other_stopped(
    old: User, new: User, client_for: SignIn
) -> None:
    thread = make_thread(make_topic(), make_user("Policy adviser, York"))
    make_reply(thread, old)
    with write() as session:
        session.get_one(ThreadRead, (old.id, thread.id)).last_read = 2

    hand_over(client_for(old), seat_of(old))

    assert db.session.get_one(ThreadRead, (new.id, thread.id)).last_read == 2


def test_drafts_move_only_when_asked_and_never_over_a_text(
    old: User, new: User, client_for: SignIn
) -> None:
    with write():
        for person, context in [(old, "thread:new"), (old, "reply:1"), (new, "reply:1")]:
            drafting.save_draft(person, context, {"body": person.display_name}, 0)

    hand_over(client_for(old), seat_of(old), with_drafts="y")

    found = {(draft.user_id, draft.context) for draft in db.session.query(Draft)}
    assert found == {(new.id, "thread:new"), (new.id, "reply:1"), (old.id, "reply:1")}


def test_a_line_of_the_audit_log_remains(old: User, new: User, client_for: SignIn) -> None:
    seat = seat_of(old)

    hand_over(client_for(old), seat)

    entry = db.session.query(AuditEntry).filter_by(act="accounts.hand_over").one()
    assert (entry.actor_id, entry.thing) == (old.id, f"seat:{seat.id}")


@pytest.mark.parametrize("handle", ["", "nobody", "@nobody", "x" * 500])
def test_an_unknown_successor_comes_back_with_a_sentence(
    old: User, client_for: SignIn, handle: str
) -> None:
    browser = client_for(old)
    seat = seat_of(old)

    answer = browser.post(f"/seats/{seat.id}/handover", data={"successor": handle})

    assert answer.status_code == 422
    assert seat_of(old).ends_on is None


def test_a_seat_is_handed_over_once(old: User, new: User, client_for: SignIn) -> None:
    browser = client_for(old)
    seat = seat_of(old)

    codes = [hand_over(browser, seat), hand_over(browser, seat)]

    assert codes == [302, 422]
    assert db.session.query(Seat).count() == 2


def test_seats_of_others_are_not_there(old: User, new: User, client_for: SignIn) -> None:
    seat = seat_of(old)
    office = make_user("Network office", role=SiteRole.ADMIN)

    codes = [
        client_for(person).get(f"/seats/{seat.id}/handover").status_code
        for person in (old, new, office)
    ]

    assert codes == [200, 404, 200]


def owed_by(person: User) -> Action:
    """An open action of this person."""
    note_set = make_notes()
    with write() as session:
        action = Action(
            note_set_id=note_set.id,
            year=2026,
            number=1,
            text="Send the template",
            owner_user_id=person.id,
            due_on=date(2026, 12, 1),
            created_at=utcnow(),
        )
        session.add(action)
    db.session.refresh(action)
    return action
