"""Adding and removing co-organisers."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.webinars.models import Webinar, WebinarOrganiser
from tests.factories import make_user
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]


def owned() -> tuple[Webinar, User]:
    owner = make_organiser("Owner of it")
    webinar = make_webinar(organiser=owner)
    with write():
        seat = db.session.get_one(WebinarOrganiser, (webinar.id, owner.id))
        seat.is_owner = True
    return webinar, owner


def organisers(webinar: Webinar) -> set[int]:
    db.session.expire_all()
    return {seat.user_id for seat in webinar.organisers}


def address(webinar: Webinar) -> str:
    return f"/webinars/{webinar.id}/organisers"


def test_somebody_is_added_by_address(client_for: SignIn) -> None:
    webinar, owner = owned()
    second = make_user("Planning officer", email="planning@demo.invalid")
    browser = client_for(owner)

    answers = [
        browser.post(address(webinar), data={"who": "Planning@demo.invalid"}) for _time in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert organisers(webinar) == {owner.id, second.id}
    page = browser.get(address(webinar)).text
    assert "Planning officer organises it already." in page
    assert page.count("Planning officer") >= 2


def test_of_several_names_one_is_chosen(client_for: SignIn) -> None:
    webinar, owner = owned()
    make_user("Housing officer, Graz")
    york = make_user("Housing officer, York")
    browser = client_for(owner)

    asked = browser.post(address(webinar), data={"who": "Housing officer"})
    browser.post(address(webinar), data={"who": "Housing officer", "person": str(york.id)})

    assert "Whom do you mean?" in asked.text
    assert "Housing officer, Graz" in asked.text
    assert organisers(webinar) == {owner.id, york.id}


def test_nobody_unknown_or_not_approved_is_added(client_for: SignIn) -> None:
    webinar, owner = owned()
    applicant = make_user("Newcomer", approved_at=None)
    browser = client_for(owner)

    for who in ("nobody@demo.invalid", applicant.email, "Newcomer", "", "x" * 300, "%_"):
        answer = browser.post(address(webinar), data={"who": who})
        assert answer.status_code == 422
    assert organisers(webinar) == {owner.id}


def test_the_owner_stays_and_others_go(client_for: SignIn) -> None:
    webinar, owner = owned()
    second, third = make_user(), make_user()
    with write() as session:
        for person in (second, third):
            session.add(WebinarOrganiser(webinar_id=webinar.id, user_id=person.id))
    browser = client_for(second)

    refused = browser.post(f"{address(webinar)}/{owner.id}/remove")
    removed = browser.post(f"{address(webinar)}/{third.id}/remove")
    left = browser.post(f"{address(webinar)}/{second.id}/remove")

    assert (refused.status_code, removed.status_code) == (422, 302)
    assert "can only leave it themselves" in refused.text
    assert left.location == "/webinars"
    assert organisers(webinar) == {owner.id}
    assert browser.get(address(webinar)).status_code == 403


def test_the_last_one_stays(client_for: SignIn) -> None:
    webinar, owner = owned()

    answer = client_for(owner).post(f"{address(webinar)}/{owner.id}/remove")

    assert answer.status_code == 422
    assert "Somebody has to organise it." in answer.text
