"""The pages of date polls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Visibility
from app.datepolls.enums import Vote
from app.datepolls.queries import choices_of, poll_of
from tests.factories import make_group, make_user
from tests.factories_datepolls import make_poll
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]


def typed(days: tuple[int, ...] = (10, 12), **changes: Any) -> dict[str, Any]:
    today = utcnow().date()
    rows = {f"slots-{n}-date": f"{today + timedelta(days=day)}" for n, day in enumerate(days)}
    hours = {f"slots-{n}-start_local": "10:30" for n, _ in enumerate(days)}
    rest = {
        "minutes": "90", "tzid": "Europe/Vienna", "closes_on": f"{today + timedelta(days=5)}",
        "remark": "Before the summer, please",
    }  # fmt: skip
    return {**rows, **hours, **rest, **changes}


def test_an_organiser_asks_for_a_date(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)
    browser = client_for(organiser)
    assert browser.get(f"/webinars/{webinar.id}/dates/ask").status_code == 200

    answer = browser.post(f"/webinars/{webinar.id}/dates/ask", data=typed())

    poll = poll_of(webinar.id)
    assert poll is not None
    assert (answer.status_code, len(poll.slots), poll.remark) == (
        302, 2, "Before the summer, please",
    )  # fmt: skip
    assert poll.slots[0].start_local.strftime("%H:%M") == "10:30"
    assert poll.slots[0].ends_at - poll.slots[0].starts_at == timedelta(minutes=90)


def test_what_was_typed_comes_back_with_the_fault(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)

    answer = client_for(organiser).post(f"/webinars/{webinar.id}/dates/ask", data=typed((10,)))

    assert answer.status_code == 422
    assert "Offer at least two dates" in answer.text
    assert "Before the summer, please" in answer.text
    assert 'value="10:30"' in answer.text
    assert poll_of(webinar.id) is None


def test_more_rows_lose_nothing(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)

    page = (
        client_for(organiser).post(f"/webinars/{webinar.id}/dates/ask", data=typed(more="1")).text
    )

    assert page.count('-start_local"') > 4
    assert "Before the summer, please" in page


def test_a_member_answers_and_then_sees_how_it_stands(client_for: SignIn) -> None:
    organiser, person = make_organiser(), make_user()
    poll = make_poll(make_webinar(organiser=organiser, published=False), organiser)
    browser, address = client_for(person), f"/webinars/{poll.webinar_id}/dates"
    assert "Votes of cities" not in browser.get(address).text
    slot = poll.slots[1].id

    answer = browser.post(address, data={f"slot_{slot}": "yes"})

    assert answer.status_code == 302
    assert choices_of(poll, person) == {slot: Vote.YES}
    page = browser.get(address).text
    assert "Votes of cities" in page
    assert "checked" in page


def test_odd_answers_are_refused_beside_the_question(client_for: SignIn) -> None:
    organiser, person = make_organiser(), make_user()
    poll = make_poll(make_webinar(organiser=organiser, published=False), organiser)
    address = f"/webinars/{poll.webinar_id}/dates"

    answer = client_for(person).post(address, data={f"slot_{poll.slots[0].id}": "perhaps"})

    assert answer.status_code == 422
    assert choices_of(poll, person) == {}


def test_only_its_organisers_ask_and_choose(client: FlaskClient, client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)
    poll = make_poll(webinar, organiser)
    ask_at = f"/webinars/{webinar.id}/dates/ask"
    choose_at = f"/webinars/{webinar.id}/dates/{poll.slots[0].id}/choose"

    assert client.get(ask_at).status_code == 302
    assert client_for(make_user()).get(ask_at).status_code == 404
    assert client_for(make_user()).post(choose_at).status_code == 403
    assert client_for(organiser).post(choose_at).status_code == 302
    db.session.refresh(webinar)
    assert webinar.starts_at == poll.slots[0].starts_at


def test_a_slot_of_another_poll_is_not_chosen(client_for: SignIn) -> None:
    organiser = make_organiser()
    poll = make_poll(make_webinar(organiser=organiser, published=False), organiser)
    other = make_poll(make_webinar(organiser=organiser, published=False), organiser)

    answer = client_for(organiser).post(
        f"/webinars/{poll.webinar_id}/dates/{other.slots[0].id}/choose"
    )

    assert answer.status_code == 404


def test_a_poll_of_a_group_is_hidden_from_others(client_for: SignIn) -> None:
    organiser, group = make_organiser(), make_group()
    webinar = make_webinar(
        organiser=organiser, published=False, visibility=Visibility.HIDDEN, group_id=group.id
    )
    make_poll(webinar, organiser)

    assert client_for(make_user()).get(f"/webinars/{webinar.id}/dates").status_code == 404
    assert client_for(organiser).get(f"/webinars/{webinar.id}/dates").status_code == 200
    assert webinar.title not in client_for(make_user()).get("/dates").text


def test_the_list_shows_what_still_wants_answers(client_for: SignIn) -> None:
    browser = client_for(make_user())
    assert "Nobody is looking for a date" in browser.get("/dates").text
    organiser = make_organiser()
    make_poll(make_webinar("Rent", organiser=organiser, published=False), organiser)

    assert "Rent" in browser.get("/dates").text


def test_many_answers_cost_no_more_statements(client_for: SignIn, count_statements: Any) -> None:
    organiser = make_organiser()
    poll = make_poll(make_webinar(organiser=organiser, published=False), organiser)
    browser, address = client_for(organiser), f"/webinars/{poll.webinar_id}/dates"

    def cost() -> int:
        browser.get(address)
        with count_statements() as seen:
            browser.get(address)
        return len(seen)

    few = cost()
    for number in range(10):
        client_for(make_user(f"Planner {number}")).post(
            address, data={f"slot_{poll.slots[0].id}": "yes"}
        )

    assert cost() == few
