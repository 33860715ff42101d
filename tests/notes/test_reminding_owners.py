"""Mails to owners: who gets which, when, once; and what their links do."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Attribution
from app.notes import deciding, promising, reminding_owners, writing
from app.notes.deciding import Owner
from app.notes.enums import ActionState, NotesStatus
from app.notes.models import Action, NoteSet
from app.webinars.models import WebinarOrganiser
from tests.factories import make_city, make_group, make_seat, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]
Outbox = Callable[[], list[EmailMessage]]
RunJobs = Callable[..., int]
DUE = date(2027, 3, 10)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2027-02-01T08:15:00+00:00") as traveller:
        yield traveller


def promised(
    owner: Owner,
    organiser: User | None = None,
    published: bool = True,
    due: date = DUE,
    closed: bool = False,
    **changes: Any,
) -> Action:
    organiser = organiser or make_organiser()
    notes = make_notes(organiser, ("Welcome", "Hard"), starts_in=timedelta(days=-20), **changes)
    for position in (1, 2):
        save(note_at(notes, position), "Written.", organiser)
    with write():
        writing.describe(note_at(notes, 2), is_for_practitioners=True, is_treated=True)
        place = note_at(notes, 2) if closed else None
        action = deciding.promise(notes, "Count the <homes> & tell", owner, due, place)
    if published:
        publish(notes, organiser)
    return action


@pytest.fixture
def mailed(
    run_jobs: RunJobs, outbox: Outbox, clock: time_machine.Traveller
) -> Callable[..., list[tuple[str, str]]]:
    """Whom the hours until this one brought which mail: (address, first words of the subject)."""

    def read(*moments: str) -> list[tuple[str, str]]:
        before = len(outbox())
        for moment in moments:
            clock.move_to(f"{moment}:00+00:00")
            with write():
                reminding_owners.go_round()
            run_jobs()
        return [(str(mail["To"].addresses[0].addr_spec), str(mail["Subject"]).split(":")[0])
                for mail in outbox()[before:] if "action" in str(mail["List-Unsubscribe"] or "")
                or "promises" in str(mail["List-Unsubscribe"] or "")]  # fmt: skip

    return read


Mailed = Callable[..., list[tuple[str, str]]]
DAYS = [f"2027-03-{day:02}T{hour}" for day in range(1, 32) for hour in ("06:30", "07:30", "08:05",
                                                                       "09:05")]  # fmt: skip


def words_of(mail: EmailMessage) -> str:
    body: Any = mail.get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n")


def test_owner_hears_three_times_at_nine_of_their_zone(app: Flask, mailed: Mailed) -> None:
    ada = make_user(timezone="Europe/Vienna")
    organiser = make_organiser()
    promised(Owner(user=ada), organiser)

    assert mailed("2027-03-07T07:55") == []
    assert mailed("2027-03-07T08:00") == [(ada.email, "Due in three days")]
    assert (
        mailed(*DAYS)
        == [
            (ada.email, "Due today"),
            (organiser.email, "1 action is a week late"),
            (ada.email, "A week late"),
        ]
        or mailed() == []
    )


def test_each_mail_comes_once_and_again_when_the_day_moves(app: Flask, mailed: Mailed) -> None:
    ada = make_user()
    action = promised(Owner(user=ada))
    assert len(mailed("2027-03-07T08:05", "2027-03-07T08:10", "2027-03-07T20:00")) == 1
    with write():
        one = db.session.get_one(Action, action.id)
        moved = date(2027, 3, 15)
        deciding.change_action(one, one.text, Owner(user=ada), moved, None, one.lock_version)

    assert mailed("2027-03-10T08:05", "2027-03-12T08:05") == [(ada.email, "Due in three days")]


def test_what_is_not_sent_on_its_day_is_dropped(app: Flask, mailed: Mailed) -> None:
    ada = make_user(timezone="Europe/Athens")
    promised(Owner(user=ada))

    assert mailed("2027-03-06T22:30", "2027-03-07T22:30") == []
    assert mailed("2027-03-10T21:30") == [(ada.email, "Due today")]


def test_mail_that_waits_looks_again(
    app: Flask, run_jobs: RunJobs, clock: time_machine.Traveller, outbox: Outbox
) -> None:
    ada, owners = make_user(), [make_user() for _ in range(4)]
    done, moved, given, taken = (promised(Owner(user=one)) for one in owners)
    stays = promised(Owner(user=ada))
    clock.move_to("2027-03-07T07:00:00+00:00")
    before = len(outbox())
    with write():
        reminding_owners.go_round()
    with write() as session:
        deciding.finish(done, done.lock_version)
        deciding.change_action(moved, "x", Owner(user=owners[1]), None, None, moved.lock_version)
        deciding.change_action(given, "x", Owner(user=ada), None, None, given.lock_version)
        session.get_one(NoteSet, taken.note_set_id).status = NotesStatus.DRAFT
    clock.move_to("2027-03-07T08:00:00+00:00")
    run_jobs()

    assert [mail["To"].addresses[0].addr_spec for mail in outbox()[before:]] == [ada.email]
    assert stays.state == ActionState.OPEN


def test_only_open_and_published_actions_are_mailed(app: Flask, mailed: Mailed) -> None:
    promised(Owner(user=make_user()), published=False)
    dropped = promised(Owner(user=make_user()))
    with write():
        deciding.drop(dropped, dropped.lock_version)
    ada = make_user()
    promised(Owner(user=ada), due=date(2027, 3, 9))
    outsider = make_user()
    promised(Owner(user=outsider), closed=True)

    assert mailed("2027-03-10T09:00", "2027-03-07T09:00") == []


def test_practitioner_hears_of_the_practitioners_part(app: Flask, mailed: Mailed) -> None:
    insider = make_user()
    make_group(insider)
    promised(Owner(user=insider), closed=True)

    assert mailed("2027-03-07T09:00") == [(insider.email, "Due in three days")]


def test_city_is_everybody_with_a_seat_who_wants_mails(
    app: Flask, mailed: Mailed, outbox: Outbox
) -> None:
    graz = make_city("Graz")
    ada, bo = make_user("Ada", city=graz), make_user("Bo", city=graz)
    make_user("Left", city=None)
    make_seat(make_user("Gone"), graz, ends_on=date(2027, 1, 1))
    make_user("Applicant", city=graz, approved_at=None)
    make_user("Quiet", city=graz, wants_action_mails=False)
    make_seat(ada, graz)
    promised(Owner(city=graz), attribution=Attribution.CHATHAM_HOUSE)

    assert sorted(mailed("2027-03-07T09:00")) == sorted(
        (one.email, "Due in three days") for one in (ada, bo)
    )
    for mail in outbox()[-2:]:
        text = "".join(part.get_content() for part in mail.walk() if not part.is_multipart())
        assert "Your city promised this" in text
        assert "Graz" not in text


def test_organisers_hear_of_roles_and_of_owners_who_left(app: Flask, mailed: Mailed) -> None:
    organiser, colleague = make_organiser(), make_organiser()
    role = promised(Owner(label="network office"), organiser)
    with write() as session:
        session.add(WebinarOrganiser(webinar_id=role.note_set.webinar_id, user_id=colleague.id))
    left = make_user()
    promised(Owner(user=left), organiser)
    with write() as session:
        session.get_one(User, left.id).active = False

    assert sorted(mailed("2027-03-10T09:00")) == sorted(
        [(organiser.email, "Due today")] * 2 + [(colleague.email, "Due today")]
    )


def test_organisers_get_one_mail_for_all_that_is_a_week_late(
    app: Flask, mailed: Mailed, outbox: Outbox
) -> None:
    organiser, ada = make_organiser(), make_user("Housing officer")
    graz = make_city("Graz")
    first = promised(Owner(user=ada), organiser)
    notes = db.session.get_one(NoteSet, first.note_set_id)
    with write():
        deciding.promise(notes, "Second", Owner(city=graz), DUE)
        deciding.promise(notes, "Mine", Owner(user=organiser), DUE)
    publish(notes, organiser, "More")

    told = mailed("2027-03-17T09:00", "2027-03-17T10:00")

    assert sorted(told) == sorted(
        [(ada.email, "A week late"), (organiser.email, "A week late"),
         (organiser.email, "2 actions are a week late")]
    )  # fmt: skip
    (mail,) = [one for one in outbox() if str(one["Subject"]).startswith("2 actions")]
    text = words_of(mail)
    assert re.findall(r"^A-2027-00\d .*$", text, re.M) == [
        "A-2027-001 Count the <homes> & tell (Housing officer)",
        "A-2027-002 Second (Graz)",
    ]
    assert f"/actions?webinar={notes.webinar_id}&overdue=1" in text


def test_mail_says_what_in_the_owners_language_and_how_to_end_it(
    app: Flask, mailed: Mailed, outbox: Outbox
) -> None:
    ada = make_user(locale="de", timezone="Europe/Vienna")
    action = promised(Owner(user=ada))
    mailed("2027-03-10T08:05")
    (mail,) = [one for one in outbox() if "promises" in str(one["List-Unsubscribe"])]
    text = words_of(mail)
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]

    assert "A-2027-001 Count the <homes> & tell" in text
    assert "Count the &lt;homes&gt; &amp; tell" in html
    assert "10. März 2027" in text
    assert f"/webinars/{action.note_set.webinar_id}/summary#a-2027-001" in text
    assert len(re.findall(r"/promises/[\w.-]+$", text, re.M)) == 1
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert not any(part.get_content_type() == "text/calendar" for part in mail.walk())


def test_a_round_asks_the_same_of_one_and_of_thirty(
    app: Flask, count_statements: Callable[[], Any], clock: time_machine.Traveller
) -> None:
    ada, organiser = make_user(), make_organiser()
    notes = db.session.get_one(NoteSet, promised(Owner(user=ada), organiser).note_set_id)
    clock.move_to("2027-03-12T12:00:00+00:00")
    counts = []
    for many in (0, 29):
        with write():
            for number in range(many):
                deciding.promise(notes, f"No {number}", Owner(user=ada), DUE)
        db.session.expire_all()
        with write(), count_statements() as statements:
            reminding_owners.go_round()
        counts.append(len([one for one in statements if one.startswith("SELECT")]))

    assert counts[0] == counts[1]


# The link of the mail.


def link(action: Action, person: User) -> str:
    with db.session.no_autoflush:
        return f"/promises/{promising.link_token(action, person)}"


def state_of(action: Action) -> ActionState:
    db.session.expire_all()
    return db.session.get_one(Action, action.id).state


def version(client: FlaskClient, address: str) -> dict[str, str]:
    found = re.search(r'name="lock_version" value="(\d+)"', client.get(address).text)
    return {"lock_version": found[1] if found else "0"}


def test_link_shows_and_the_button_does(client: FlaskClient) -> None:
    ada = make_user()
    action = promised(Owner(user=ada))
    address = link(action, ada)

    page = client.get(address)
    assert (page.status_code, "Count the &lt;homes&gt;" in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "no-store"
    assert client.head(address).status_code == 200
    assert state_of(action) == ActionState.OPEN

    data = version(client, address)
    assert [client.post(address, data=data).status_code for _ in range(2)] == [302, 302]
    assert state_of(action) == ActionState.DONE
    assert "This is done." in client.get(address).text

    data = version(client, address)
    assert client.post(f"{address}/undo", data=data).status_code == 302
    assert client.post(f"{address}/undo", data=data).status_code == 302
    assert state_of(action) == ActionState.OPEN


def test_link_shows_whose_promise_it_is_as_far_as_it_may_be_said(client: FlaskClient) -> None:
    graz = make_city("Graz")
    ada = make_user(city=graz)
    chatham, network = Attribution.CHATHAM_HOUSE, Attribution.NETWORK
    asked = [
        promised(Owner(city=graz)), promised(Owner(city=graz), attribution=chatham),
        promised(Owner(user=ada), attribution=network),
    ]  # fmt: skip
    pages = [client.get(link(action, ada)).text for action in asked]

    owners = [re.findall(r"<dt>Owner</dt><dd>([^<]*)", page) for page in pages]
    assert owners == [["Graz"], ["a participating city"], ["Graz"]]


def test_page_of_a_promise_has_its_words_as_heading_and_the_number_beside_them(
    client: FlaskClient,
) -> None:
    ada = make_user()
    action = promised(Owner(user=ada))
    page = client.get(link(action, ada)).text
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    crumbs = re.search(r'<nav class="crumb".*?</nav>', page, re.DOTALL)
    place = f"/webinars/{action.note_set.webinar_id}"

    assert heading is not None
    assert crumbs is not None
    words, number = heading[1].split(" <span class=")
    assert re.sub("<[^>]+>", "", words) == "Count the &lt;homes&gt; &amp; tell"
    assert number == '"promise__number">A-2027-001</span>'
    assert re.findall('href="([^"]+)"', crumbs[0]) == ["/knowledge", "/actions"]
    assert f'href="{place}/summary#a-2027-001"' in page
    assert re.search(rf'href="{place}-[^"/]+" lang="en"', page)
    assert '<time datetime="2027-03-10">' in page


def test_page_of_a_promise_says_when_it_is_late(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    ada = make_user()
    action = promised(Owner(user=ada))
    address = link(action, ada)

    def pills() -> list[str]:
        return re.findall(r'<span class="pill[^>]*>([^<]*)', client.get(address).text)

    clock.move_to("2027-03-10T12:00:00+00:00")
    assert pills() == ["Open"]
    clock.move_to("2027-03-11T12:00:00+00:00")
    assert pills() == ["Overdue"]
    client.post(address, data=version(client, address))
    assert pills() == ["Done"]


def test_link_is_for_one_person_and_one_day(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    graz = make_city("Graz")
    ada = make_user(city=graz)
    action = promised(Owner(city=graz))
    address = link(action, ada)
    with write():
        one = db.session.get_one(Action, action.id)
        later = date(2027, 4, 1)
        deciding.change_action(one, one.text, Owner(city=graz), later, None, one.lock_version)

    page = client.get(address)
    assert "The day it is due was changed" in page.text
    assert client.post(address, data=version(client, address)).status_code == 409
    assert state_of(action) == ActionState.OPEN

    owner = Owner(city=make_city("York"))
    with write() as session:
        one = session.get_one(Action, action.id)
        deciding.change_action(one, one.text, owner, DUE, None, one.lock_version)
    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]


def test_link_ends_after_sixty_days(client: FlaskClient, clock: time_machine.Traveller) -> None:
    ada = make_user()
    action = promised(Owner(user=ada))
    address = link(action, ada)
    clock.shift(timedelta(days=59, hours=23))
    assert client.get(address).status_code == 200
    clock.shift(timedelta(hours=2))

    assert [client.get(address).status_code, client.post(address).status_code] == [410, 410]
    assert "60 days" in client.get(address).text


@pytest.mark.parametrize("token", ["x", "a" * 5000, "WzEsMiwiIl0.x.y", "%00", "%F0%9F%8E%A5",
                                   "..", "é"])  # fmt: skip
def test_odd_links_lead_nowhere(client: FlaskClient, token: str) -> None:
    ways = ["", "/undo", "/stop", "/resume"]
    codes = {client.post(f"/promises/{token}{way}").status_code for way in ways}
    codes |= {client.get(f"/promises/{token}{way}").status_code for way in ("", "/stop")}

    assert codes <= {404, 405}


def test_link_of_a_person_who_left_or_of_what_was_taken_back(client: FlaskClient) -> None:
    ada, bo = make_user(), make_user()
    left, taken = promised(Owner(user=ada)), promised(Owner(user=bo))
    links = [link(left, ada), link(taken, bo)]
    with write() as session:
        session.get_one(User, ada.id).active = False
        session.get_one(NoteSet, taken.note_set_id).status = NotesStatus.DRAFT

    assert [client.get(one).status_code for one in links] == [404, 404]


def test_organiser_says_that_a_role_has_done_it(client: FlaskClient) -> None:
    organiser = make_organiser()
    action = promised(Owner(label="network office"), organiser)
    address = link(action, organiser)

    assert client.post(address, data=version(client, address)).status_code == 302
    assert state_of(action) == ActionState.DONE
    assert client.get(link(action, make_user())).status_code == 404


def test_what_was_given_up_cannot_be_done(client: FlaskClient) -> None:
    ada = make_user()
    action = promised(Owner(user=ada))
    address = link(action, ada)
    with write():
        one = db.session.get_one(Action, action.id)
        deciding.drop(one, one.lock_version)

    assert "will not be done" in client.get(address).text
    assert client.post(address).status_code == 409
    assert state_of(action) == ActionState.DROPPED


def test_somebody_changed_it_meanwhile(client: FlaskClient) -> None:
    ada = make_user()
    action = promised(Owner(user=ada))

    answer = client.post(link(action, ada), data={"lock_version": "0"})

    assert (answer.status_code, "Somebody changed this" in answer.text) == (409, True)


def test_button_pressed_by_four_at_once_does_it_once(app: Flask) -> None:
    ada = make_user()
    action = promised(Owner(user=ada))
    address, number, before = link(action, ada), action.id, action.lock_version
    ready, codes = threading.Barrier(4), []
    db.session.rollback()

    def press() -> None:
        with app.app_context():
            ready.wait(10)
            answer = app.test_client().post(address, data={"lock_version": before})
            codes.append(answer.status_code)
            db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert codes == [302] * 4
    assert state_of(action) == ActionState.DONE
    assert db.session.get_one(Action, number).lock_version == before + 1


# Ending the mails.


def test_mail_program_ends_the_mails_and_the_person_brings_them_back(
    client: FlaskClient, mailed: Mailed
) -> None:
    ada = make_user()
    promised(Owner(user=ada))
    address = f"/promises/{promising.stop_token(ada)}"
    assert "No more of these mails" in client.get(f"{address}/stop").text
    assert mailed("2027-03-07T09:00") != []

    stopped = client.post(f"{address}/stop", data={"List-Unsubscribe": "One-Click"})

    assert (stopped.status_code, "You get no more mails" in stopped.text) == (200, True)
    assert mailed("2027-03-10T09:00") == []
    assert client.post(f"{address}/resume").status_code == 200
    assert mailed("2027-03-10T10:00") == [(ada.email, "Due today")]


def test_link_that_ends_mails_does_not_do_actions(client: FlaskClient) -> None:
    ada = make_user()
    action = promised(Owner(user=ada))
    ends, does = promising.stop_token(ada), promising.link_token(action, ada)

    assert client.post(f"/promises/{ends}").status_code == 404
    assert client.post(f"/promises/{does}/stop").status_code == 404
    assert ends != promising.stop_token(make_user())
