from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.core.rate_limit import spend
from app.polls import voting
from app.polls.enums import PollState, ResultsShown
from app.polls.models import QuickPoll
from app.webinars.enums import RegistrationState
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_polls import QUESTION, make_poll, numbers, vote_by
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
NOW = timedelta(minutes=-10)


def address_of(poll: QuickPoll) -> str:
    return f"/webinars/{poll.webinar_id}/polls/{poll.id}/vote"


def option(poll: QuickPoll, place: int) -> str:
    return str(poll.options[place].id)


def live_page(browser: FlaskClient, webinar: Webinar, token: str = "") -> str:
    query = f"?t={token}" if token else ""
    return browser.get(f"/webinars/{webinar.id}/join{query}").text


@pytest.fixture
def webinar(app: Flask) -> Webinar:
    return make_webinar(starts_in=NOW)


def test_a_member_votes_and_changes_the_vote(webinar: Webinar, client_for: SignIn) -> None:
    poll, person = make_poll(webinar), make_user()
    make_registration(webinar, user_id=person.id, email=person.email)
    browser = client_for(person)

    first = browser.post(address_of(poll), data={"options": option(poll, 0)})
    browser.post(address_of(poll), data={"options": option(poll, 2)})

    assert first.location == f"/webinars/{webinar.id}/join#poll-{poll.id}"
    assert numbers(poll) == (1, [0, 0, 1])
    page = live_page(browser, webinar)
    assert "Change my vote" in page
    assert re.search(rf'value="{option(poll, 2)}"[^>]* checked', page)
    assert "100 %" in page


def test_a_guest_votes_by_the_link_and_keeps_it(webinar: Webinar, client: FlaskClient) -> None:
    poll, guest = make_poll(webinar, is_multiple=True), make_registration(webinar)
    data = {"t": guest.token, "options": [option(poll, 0), option(poll, 1)]}

    answer = client.post(address_of(poll), data=data)

    assert answer.location == f"/webinars/{webinar.id}/join?t={guest.token}#poll-{poll.id}"
    assert numbers(poll) == (1, [1, 1, 0])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "Choose an answer."),
        (["x", "-1", "99999999999999999999", "0"], "Choose an answer."),
        (["first", "second"], "Choose one answer only."),
    ],
)
def test_a_vote_that_does_not_count_says_why(
    webinar: Webinar, client: FlaskClient, options: list[str], words: str
) -> None:
    poll, guest = make_poll(webinar), make_registration(webinar)
    known = {"first": option(poll, 0), "second": option(poll, 1)}
    chosen = [known.get(one, one) for one in options]

    answer = client.post(address_of(poll), data={"t": guest.token, "options": chosen})

    assert answer.status_code == 422
    assert words in answer.text
    assert answer.text.count(" checked>") == sum(one in known for one in options)
    assert f'name="t" value="{guest.token}"' in answer.text
    assert numbers(poll) == (0, [0, 0, 0])


def test_a_vote_that_comes_too_late_says_so(webinar: Webinar, client: FlaskClient) -> None:
    poll, guest = make_poll(webinar, state=PollState.CLOSED), make_registration(webinar)

    answer = client.post(address_of(poll), data={"t": guest.token, "options": option(poll, 0)})

    assert answer.status_code == 422
    assert "This poll is closed." in answer.text


def test_who_votes_all_the_time_has_to_wait(webinar: Webinar, client: FlaskClient) -> None:
    poll, guest = make_poll(webinar), make_registration(webinar)
    with write():
        for _ in range(voting.PACE.most):
            spend("poll.vote", f"registration:{guest.id}", voting.PACE)

    answer = client.post(address_of(poll), data={"t": guest.token, "options": option(poll, 0)})

    assert answer.status_code == 429
    assert numbers(poll) == (0, [0, 0, 0])


def test_who_may_vote(app: Flask, client: FlaskClient, client_for: SignIn) -> None:
    """What each kind of reader gets for the same vote; only those with 302 are counted."""
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, starts_in=NOW, visibility=Visibility.NETWORK)
    poll, draft = make_poll(webinar), make_poll(webinar, state=PollState.DRAFT)
    other = make_poll(make_webinar(starts_in=NOW))
    placed = make_registration(webinar)
    gone = make_registration(webinar, state=RegistrationState.CANCELLED)
    elsewhere = make_registration(make_webinar())

    def status(browser: FlaskClient, where: str, token: str = "") -> int:
        data = {"t": token, "options": option(poll, 0)}
        return browser.post(where, data=data).status_code

    mixed = f"/webinars/{webinar.id}/polls/{other.id}/vote"
    here = address_of(poll)
    statuses = {
        "visitor": status(client, here),
        "guest": status(client, here, placed.token),
        "gone": status(client, here, gone.token),
        "of another webinar": status(client, here, elsewhere.token),
        "invented link": status(client, here, "x" * 32),
        "applicant": status(client_for(make_user(approved_at=None)), here),
        "member": status(client_for(make_user()), here),
        "organiser": status(client_for(organiser), here),
        "draft": status(client_for(make_user()), address_of(draft)),
        "poll of another": status(client_for(make_user()), mixed),
    }

    assert statuses == {
        "visitor": 404, "guest": 302, "gone": 403, "of another webinar": 404, "invented link": 404,
        "applicant": 404, "member": 302, "organiser": 302, "draft": 404, "poll of another": 404,
    }  # fmt: skip
    assert numbers(poll) == (3, [3, 0, 0])


@pytest.mark.parametrize(
    ("results", "state", "voter", "other", "manager"),
    [
        (ResultsShown.VOTED, PollState.OPEN, True, False, True),
        (ResultsShown.VOTED, PollState.CLOSED, True, True, True),
        (ResultsShown.CLOSED, PollState.OPEN, False, False, True),
        (ResultsShown.CLOSED, PollState.CLOSED, True, True, True),
        (ResultsShown.NEVER, PollState.OPEN, False, False, True),
        (ResultsShown.NEVER, PollState.CLOSED, False, False, True),
        (ResultsShown.VOTED, PollState.DRAFT, False, False, False),
    ],
)
def test_results_are_seen_by_whom_the_organisers_chose(
    client: FlaskClient,
    client_for: SignIn,
    results: ResultsShown,
    state: PollState,
    voter: bool,
    other: bool,
    manager: bool,
) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, starts_in=NOW)
    poll = make_poll(webinar, results=results)
    one, another = make_registration(webinar), make_registration(webinar)
    vote_by(one, poll, 1)
    with write():
        db.session.get_one(QuickPoll, poll.id).state = state

    seen = [
        "Results: " in live_page(client, webinar, one.token),
        "Results: " in live_page(client, webinar, another.token),
        "Results: " in live_page(client_for(organiser), webinar),
    ]

    assert seen == [voter, other, manager]


def test_a_draft_is_on_no_page_of_the_audience(webinar: Webinar, client: FlaskClient) -> None:
    make_poll(webinar, state=PollState.DRAFT)
    guest = make_registration(webinar)

    assert QUESTION not in live_page(client, webinar, guest.token)
    assert QUESTION not in client.get(f"/webinars/{webinar.id}/live?t={guest.token}").text


def test_no_page_tells_who_chose_what(app: Flask, client_for: SignIn) -> None:
    """Two people change places: everybody else, the organisers too, still sees the same."""
    organiser, admin = make_organiser(), make_user(role=SiteRole.ADMIN)
    webinar = make_webinar(organiser=organiser, starts_in=NOW)
    poll = make_poll(webinar, is_multiple=True)
    first, second = make_registration(webinar), make_registration(webinar)
    watcher = make_registration(webinar)
    vote_by(first, poll, 0)
    vote_by(second, poll, 1)
    vote_by(watcher, poll, 2)
    browsers = {"organiser": client_for(organiser), "admin": client_for(admin)}
    pages = ["polls", "join", "live", "moderate", "registrations", "registrations.csv",
             "run-sheet", "figures", "questions", "feedback/results"]  # fmt: skip

    def all_pages() -> dict[str, str]:
        found = {
            f"{who} {page}": _plain(browser.get(f"/webinars/{webinar.id}/{page}"))
            for who, browser in browsers.items()
            for page in pages
        }
        visitor = app.test_client()
        link = f"?t={watcher.token}"
        for page in ("join", "live", "questions"):
            address = f"/webinars/{webinar.id}/{page}{link}"
            found[f"watcher {page}"] = _plain(visitor.get(address))
        return found

    before = all_pages()
    vote_by(first, poll, 1)
    vote_by(second, poll, 0)

    assert numbers(poll) == (3, [1, 1, 1])
    assert all_pages() == before


def test_opening_and_closing_leads_back_to_where_the_button_was(
    app: Flask, client_for: SignIn
) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, starts_in=NOW)
    poll = make_poll(webinar, state=PollState.DRAFT)
    browser = client_for(organiser)
    here = f"/webinars/{webinar.id}/polls/{poll.id}"

    places = [
        browser.post(f"{here}/open", data={"back": "join"}).location,
        browser.post(f"{here}/close", data={"back": "desk"}).location,
        browser.post(f"{here}/open", data={"back": "https://elsewhere.example"}).location,
    ]

    assert places == [
        f"/webinars/{webinar.id}/join#poll-{poll.id}",
        f"/webinars/{webinar.id}/moderate#poll-{poll.id}",
        f"/webinars/{webinar.id}/polls#poll-{poll.id}",
    ]
    for page in ("join", "moderate"):
        shown = browser.get(f"/webinars/{webinar.id}/{page}").text
        assert f'action="{here}/close"' in shown


def test_a_poll_that_cannot_be_opened_says_why(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    draft = make_webinar(organiser=organiser, published=False)
    poll = make_poll(draft, state=PollState.DRAFT)
    browser = client_for(organiser)

    browser.post(f"/webinars/{draft.id}/polls/{poll.id}/open")

    assert (
        "Polls can be opened once the webinar is published"
        in browser.get(f"/webinars/{draft.id}/polls").text
    )


def _plain(answer: Any) -> str:
    """Without what differs from look to look: tokens of forms, the tag of the live part."""
    assert answer.status_code == 200
    changing = r'(csrf_token" value|data-live-tag|X-CSRFToken"):?=? ?"[^"]*"'
    return re.sub(changing, "", answer.text)
