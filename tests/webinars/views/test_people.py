"""The organisers' list of registrations, and what they do for one person on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.webinars.enums import (
    CancelSource,
    ConsentKind,
    PartStat,
    Recording,
    RegistrationState,
    Status,
)
from app.webinars.models import Registration, Webinar
from tests.factories import make_city, make_user
from tests.factories_answers import (
    make_answer,
    make_consent,
    make_proposal,
    make_question,
    make_transfer,
)
from tests.factories_places import make_member_city, states_of, wait_for
from tests.factories_registrations import (
    mails_to,
    make_registration,
    methods_and_sequences,
    text_of,
    work,
)
from tests.factories_webinars import make_webinar

SignIn = Callable[[User], FlaskClient]
State = RegistrationState
CONFIRMED, WAITLISTED, PENDING = State.CONFIRMED, State.WAITLISTED, State.PENDING_APPROVAL


def desk(client_for: SignIn, webinar: Webinar) -> FlaskClient:
    return client_for(webinar.organisers[0].user)


def list_of(browser: FlaskClient, webinar: Webinar, query: str = "") -> str:
    answer = browser.get(f"/webinars/{webinar.id}/registrations{query}")
    assert answer.status_code == 200
    return answer.text


def words_in(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def act(browser: FlaskClient, row: Registration, verb: str, **data: str) -> Any:
    address = f"/webinars/{row.webinar_id}/registrations/{row.id}/{verb}?state=waitlisted&page=2"
    return browser.post(address, data=data)


def test_numbers_say_who_comes_and_from_where_nobody_does(client_for: SignIn) -> None:
    webinar = make_webinar(capacity=20)
    graz, lund = make_member_city("Graz"), make_member_city("Lund")
    make_member_city("York")
    with write():
        lund.country_code = "SE"
    make_registration(webinar, city_id=graz.id, language="de", partstat=PartStat.ACCEPTED)
    make_registration(webinar, city_id=graz.id, language="de", partstat=PartStat.TENTATIVE)
    make_registration(webinar, city_id=lund.id, language="sv")
    make_registration(webinar, city_label="Elsewhere")
    make_registration(webinar, city_id=lund.id, state=WAITLISTED)

    words = words_in(list_of(desk(client_for, webinar), webinar))

    assert (
        "People come from 2 of the 3 cities of the network. One person comes from elsewhere."
        in words
    )
    assert "Nobody comes from one city York" in words
    assert "There are 20 seats." in words
    assert "State Has a seat 4 On the waiting list 1" in words
    assert "City Graz 2 Lund 1" in words
    assert "Country Austria 2 Sweden 1" in words
    assert "Language German 2 English 1 Swedish 1" in words
    assert all(pair in words for pair in ("Yes 1", "Maybe 1", "No answer yet 2"))


def test_seats_kept_for_cities_are_counted(client_for: SignIn) -> None:
    webinar = make_webinar(capacity=10, kept_per_city=2)
    make_member_city("Graz")
    make_registration(webinar)

    words = words_in(list_of(desk(client_for, webinar), webinar))

    assert "2 of the free ones are kept for cities until" in words


def test_list_shows_what_is_known_of_each(client_for: SignIn) -> None:
    webinar = make_webinar(recording=Recording.ALL)
    why = make_question(webinar, "Why?")
    person = make_registration(
        webinar, name="Housing officer", email="officer@demo.invalid", city_label="York",
        access_needs="Captions", partstat=PartStat.TENTATIVE, reply_comment="Only the first half",
        is_reply_stale=True,
    )  # fmt: skip
    make_answer(person, why, "To learn")
    make_transfer(person)
    shy = make_registration(webinar, name="Shy officer")
    make_consent(shy, ConsentKind.RECORDING, True)
    make_consent(shy, ConsentKind.RECORDING, False)
    make_consent(person, ConsentKind.RECORDING, True)

    page = list_of(desk(client_for, webinar), webinar)

    told = ["Housing officer", "officer@demo.invalid", "York", "Captions", "By calendar: Maybe",
            "(for an earlier time)", "Only the first half", "Why?", "To learn",
            "Has offered the seat to colleague@demo.invalid."]  # fmt: skip
    assert [words for words in told if words not in words_in(page)] == []
    assert page.count("Does not want to be in the recording.") == 1
    assert [person.token in page, shy.token in page] == [False, False]


def test_other_times_that_people_proposed_are_shown(client_for: SignIn) -> None:
    webinar = make_webinar()
    make_proposal(make_registration(webinar, name="Late officer"), comment="After lunch, please")
    make_proposal(make_registration(make_webinar()), comment="Of another webinar")

    page = list_of(desk(client_for, webinar), webinar)

    assert ["After lunch, please" in page, "Of another webinar" in page] == [True, False]


def test_filter_shows_one_state_and_the_line_in_its_order(client_for: SignIn) -> None:
    webinar = make_webinar(capacity=1)
    make_registration(webinar, name="Seated officer")
    wait_for(webinar, 2, name="Second in line")
    wait_for(webinar, 1, name="First in line")
    wait_for(webinar, 3, name="Urgent officer", priority=1)
    browser = desk(client_for, webinar)

    page = list_of(browser, webinar, "?state=waitlisted")
    everybody = [list_of(browser, webinar, query) for query in ("", "?state=nonsense&state=x")]

    names = ["Urgent officer", "First in line", "Second in line"]
    assert sorted(names, key=page.index) == names
    assert "Seated officer" not in page
    assert ["Seated officer" in other for other in everybody] == [True, True]
    assert "Nobody is in this state." in list_of(browser, webinar, "?state=rejected")


def test_list_has_pages(client_for: SignIn) -> None:
    webinar = make_webinar()
    for number in range(31):
        make_registration(webinar, name=f"Officer {number:02}")
    browser = desk(client_for, webinar)

    first, second = list_of(browser, webinar), list_of(browser, webinar, "?page=2")

    assert all(f"Officer {number:02}" in first for number in range(30))
    assert ["Officer 30" in first, "Officer 30" in second] == [False, True]
    assert "Officer 30" in list_of(browser, webinar, "?page=999")


def test_list_takes_the_same_statements_for_one_and_thirty(
    client_for: SignIn, count_statements: Callable[[], Any]
) -> None:
    webinar = make_webinar(recording=Recording.ALL, capacity=50)
    question, browser = make_question(webinar), desk(client_for, webinar)

    def add(number: int) -> None:
        row = make_registration(webinar, city_id=make_city(f"City {number}").id)
        make_answer(row, question, "To learn")
        make_transfer(row)
        make_proposal(row)
        make_consent(row, ConsentKind.RECORDING, True)

    add(0)
    list_of(browser, webinar)
    with count_statements() as one:
        list_of(browser, webinar)
    for number in range(1, 30):
        add(number)
    with count_statements() as thirty:
        list_of(browser, webinar)

    assert len(thirty) == len(one)
    assert len(thirty) <= 18


def test_approving_one_and_all(client_for: SignIn) -> None:
    webinar = make_webinar(needs_approval=True, capacity=2)
    rows = [
        make_registration(webinar, state=PENDING, queued_at=utcnow() + timedelta(seconds=number))
        for number in range(3)
    ]
    browser = desk(client_for, webinar)
    assert "Approve all 3 who wait" in list_of(browser, webinar)

    one = act(browser, rows[1], "approve")
    everybody = browser.post(f"/webinars/{webinar.id}/registrations/approve")
    again = browser.post(f"/webinars/{webinar.id}/registrations/approve")
    work()

    place = f"/webinars/{webinar.id}/registrations"
    assert one.headers["Location"] == f"{place}?state=waitlisted&page=2"
    assert [everybody.headers["Location"], again.headers["Location"]] == [place, place]
    assert states_of(*rows) == [CONFIRMED, CONFIRMED, WAITLISTED]
    assert [methods_and_sequences(row.email) for row in rows] == [[("REQUEST", 0)]] * 2 + [[]]
    assert "Nobody waits for an answer." in list_of(browser, webinar)


def test_saying_no_needs_words_that_the_person_reads(
    client: FlaskClient, client_for: SignIn
) -> None:
    webinar = make_webinar(needs_approval=True)
    row = make_registration(webinar, state=PENDING)
    browser = desk(client_for, webinar)

    page = browser.get(f"/webinars/{webinar.id}/registrations/{row.id}/reject")
    wrong = act(browser, row, "reject", reason=" ")
    long = act(browser, row, "reject", reason="Łódź " * 101)
    right = act(browser, row, "reject", reason="We have only 20 seats.")
    twice = act(browser, row, "reject", reason="We have only 20 seats.")
    work()

    assert page.status_code == 200
    assert [wrong.status_code, long.status_code, right.status_code] == [422, 422, 302]
    assert "Say in a sentence why." in wrong.text
    assert "Łódź" in long.text
    assert twice.status_code == 302
    assert states_of(row) == [State.REJECTED]
    assert "We have only 20 seats." in client.get(f"/registrations/{row.token}").text
    (mail,) = mails_to(row.email)
    assert "We have only 20 seats." in text_of(mail)
    act(browser, row, "approve")
    assert states_of(row) == [CONFIRMED]


def test_first_in_line_is_the_next_to_have_a_seat(client_for: SignIn) -> None:
    webinar = make_webinar(capacity=1)
    seated = make_registration(webinar)
    first, second, third = (wait_for(webinar, number) for number in range(3))
    browser = desk(client_for, webinar)

    act(browser, second, "first")
    act(browser, third, "first")
    act(browser, third, "first")
    with write():
        webinar.capacity = 2
    act(browser, second, "first")

    seen = states_of(seated, first, second, third)
    assert seen == [CONFIRMED, WAITLISTED, CONFIRMED, WAITLISTED]
    assert [row.priority for row in (first, second, third)] == [0, 3, 2]


def test_who_is_not_waiting_cannot_be_first(client_for: SignIn) -> None:
    webinar = make_webinar()
    row = make_registration(webinar)
    browser = desk(client_for, webinar)

    act(browser, row, "first")

    assert "not on the waiting list any more" in list_of(browser, webinar)


def test_invitation_is_sent_again(client_for: SignIn) -> None:
    webinar = make_webinar()
    row = make_registration(webinar, ics_last_method="REQUEST", ics_last_sequence=0)
    other = make_registration(webinar, state=WAITLISTED)
    browser = desk(client_for, webinar)

    for person in (row, row, other):
        assert act(browser, person, "invitation").status_code == 302
    work()

    assert [method for method, _ in methods_and_sequences(row.email)] == ["REQUEST"]
    assert mails_to(other.email) == []


def test_registration_is_ended_with_words_and_can_be_let_in_again(
    client: FlaskClient, client_for: SignIn
) -> None:
    webinar = make_webinar(capacity=1)
    seated = make_registration(webinar, ics_last_method="REQUEST", ics_last_sequence=0)
    waiting, last = wait_for(webinar, 1), wait_for(webinar, 2)
    browser = desk(client_for, webinar)

    page = browser.get(f"/webinars/{webinar.id}/registrations/{seated.id}/end")
    wrong = act(browser, seated, "end", reason="")
    for person in (seated, last):
        assert act(browser, person, "end", reason="Only for housing offices.").status_code == 302
    twice = act(browser, seated, "end", reason="Only for housing offices.")
    work()

    assert ["End the registration" in page.text, wrong.status_code] == [True, 422]
    assert twice.status_code == 302
    assert states_of(seated, waiting, last) == [State.CANCELLED, CONFIRMED, State.CANCELLED]
    assert methods_and_sequences(seated.email) == [("CANCEL", 1)]
    for person in (seated, last):
        (mail,) = mails_to(person.email)
        assert "Only for housing offices." in text_of(mail)
        assert "Your registration has ended" in mail["Subject"]
        assert "take it back" not in text_of(mail)
        assert "Only for housing offices." in client.get(f"/registrations/{person.token}").text
    act(browser, seated, "again")
    assert states_of(seated) == [WAITLISTED]
    assert seated.reject_reason == ""


def test_who_left_by_themselves_is_not_called_back(client_for: SignIn) -> None:
    webinar = make_webinar()
    row = make_registration(webinar, state=State.CANCELLED, cancel_source=CancelSource.USER)
    browser = desk(client_for, webinar)

    act(browser, row, "again")

    assert states_of(row) == [State.CANCELLED]
    assert "Only they can come back." in list_of(browser, webinar)


@pytest.mark.parametrize("verb", ["approve", "first", "again", "invitation", "reject", "end"])
def test_nothing_is_done_once_it_is_over(client_for: SignIn, verb: str) -> None:
    webinar = make_webinar(starts_in=timedelta(days=-2))
    rows = [make_registration(webinar, state=state) for state in (PENDING, WAITLISTED, CONFIRMED)]
    browser = desk(client_for, webinar)

    answers = [act(browser, row, verb, reason="Too late.").status_code for row in rows]

    assert set(answers) <= {302, 422}
    assert states_of(*rows) == [PENDING, WAITLISTED, CONFIRMED]
    work()
    assert [mails_to(row.email) for row in rows] == [[], [], []]


def test_person_of_another_webinar_is_not_found(client_for: SignIn) -> None:
    webinar, other = make_webinar(), make_webinar()
    row = make_registration(other)
    unproven = make_registration(webinar, state=State.PENDING_EMAIL)
    browser = desk(client_for, webinar)

    verbs = ["approve", "reject", "first", "invitation", "again", "end"]
    for person in (row, unproven):
        answers = [
            browser.post(f"/webinars/{webinar.id}/registrations/{person.id}/{verb}").status_code
            for verb in verbs
        ]
        assert answers == [404] * 6


def test_cancelled_webinar_still_shows_who_had_registered(client_for: SignIn) -> None:
    webinar = make_webinar(status=Status.CANCELLED)
    make_registration(webinar, name="Housing officer")

    assert "Housing officer" in list_of(desk(client_for, webinar), webinar)


def test_who_was_taken_out_does_not_come_back_by_registering_again(
    client: FlaskClient, client_for: SignIn
) -> None:
    webinar, user = make_webinar(), make_user()
    out: Any = {"state": State.CANCELLED, "cancel_source": CancelSource.ORGANISER}
    member = make_registration(webinar, user_id=user.id, email=user.email, **out)
    guest = make_registration(webinar, email="out@demo.invalid", **out)
    transfer = make_transfer(make_registration(webinar), to_email="out@demo.invalid")
    form = {"name": "Officer", "email": "out@demo.invalid", "consent": "y"}

    path = f"/webinars/{webinar.id}/registrations"
    by_member, by_guest = client_for(user).post(path), client.post(path, data=form)
    by_colleague = client.post(f"/seats/{transfer.token}", data=form)
    work()

    seen = [answer.status_code for answer in (by_member, by_guest, by_colleague)]
    assert seen == [422, 302, 422]
    assert "The organisers cancelled this registration." in by_member.text
    assert states_of(member, guest) == [State.CANCELLED, State.CANCELLED]
    assert mails_to("out@demo.invalid") == []
