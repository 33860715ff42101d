"""Who may do what to a webinar: each act, by each kind of person, at each address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.webinars.enums import Status
from app.webinars.models import Webinar, WebinarOrganiser
from tests.factories import make_user
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]

PAGES = ["edit", "schedule", "cancel", "postpone", "restore", "organisers", "publish-later"]
ACTS = [
    ("publish", {}),
    ("publish-later", {"date": "2031-05-06", "start_local": "10:00"}),
    ("publish-later/withdraw", {}),
    ("schedule", {"date": "2031-05-06", "start_local": "10:00", "end_local": "11:00",
                  "tzid": "Europe/Brussels", "version": "1"}),
    ("cancel", {"reason": "The speaker is ill."}),
    ("postpone", {"reason": "The speaker is ill."}),
    ("restore", {}),
    ("end", {}),
    ("reopen", {}),
    ("delete", {}),
    ("organisers", {"who": "somebody@demo.invalid"}),
    ("organisers/1/remove", {}),
]  # fmt: skip


def facts(webinar: Webinar) -> list[Any]:
    db.session.refresh(webinar)
    names = ("status", "starts_at", "publish_at", "ended_at", "deleted_at", "lock_version")
    return [getattr(webinar, name) for name in names] + [len(webinar.organisers)]


@pytest.mark.parametrize(("act", "sent"), ACTS, ids=[act for act, _sent in ACTS])
def test_others_do_nothing_to_it(
    client: FlaskClient, client_for: SignIn, act: str, sent: dict[str, str]
) -> None:
    """Who sees it is refused, who does not see it finds nothing, a visitor signs in first."""
    make_user(email="somebody@demo.invalid")
    webinar = make_webinar(starts_in=timedelta_of(act))
    hidden = make_webinar(published=False)
    applicant = make_user(approved_at=None)
    before = facts(webinar), facts(hidden)

    answers = {
        "visitor": client.post(f"/webinars/{webinar.id}/{act}", data=sent).status_code,
        "applicant": client_for(applicant).post(f"/webinars/{webinar.id}/{act}", data=sent),
        "member": client_for(make_user()).post(f"/webinars/{webinar.id}/{act}", data=sent),
        "organiser of another": client_for(make_organiser()).post(
            f"/webinars/{webinar.id}/{act}", data=sent
        ),
        "a draft of others": client_for(make_organiser()).post(
            f"/webinars/{hidden.id}/{act}", data=sent
        ),
    }

    assert {who: getattr(answer, "status_code", answer) for who, answer in answers.items()} == {
        "visitor": 302,
        "applicant": 403,
        "member": 403,
        "organiser of another": 403,
        "a draft of others": 404,
    }
    assert (facts(webinar), facts(hidden)) == before


@pytest.mark.parametrize("page", PAGES)
def test_a_look_changes_nothing_and_is_for_its_organisers(
    client: FlaskClient, client_for: SignIn, page: str
) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=page != "publish-later")
    hidden = 404 if page == "publish-later" else 403
    before = facts(webinar)

    assert client.get(f"/webinars/{webinar.id}/{page}").status_code == 302
    assert client_for(make_user()).get(f"/webinars/{webinar.id}/{page}").status_code == hidden
    assert client_for(organiser).get(f"/webinars/{webinar.id}/{page}").status_code == 200
    assert facts(webinar) == before


@pytest.mark.parametrize("role", [SiteRole.MEMBER, SiteRole.ORGANISER])
def test_whoever_organises_it_too_may_do_all_of_it(client_for: SignIn, role: SiteRole) -> None:
    owner, second = make_organiser(), make_user(role=role)
    webinar = make_webinar(organiser=owner, published=False)
    with write() as session:
        session.add(WebinarOrganiser(webinar_id=webinar.id, user_id=second.id))
    browser, at = client_for(second), f"/webinars/{webinar.id}"

    assert browser.post(f"{at}/publish").status_code == 302
    assert browser.post(f"{at}/postpone", data={"reason": "The hall."}).status_code == 302
    assert facts(webinar)[0] == Status.POSTPONED
    assert browser.post(f"{at}/cancel", data={"reason": "No hall at all."}).status_code == 302
    assert browser.post(f"{at}/restore").status_code == 302
    assert facts(webinar)[0] == Status.PUBLISHED


def test_a_member_who_organises_one_schedules_no_other(client_for: SignIn) -> None:
    webinar, member, other = make_webinar(), make_user(), make_webinar()
    with write() as session:
        session.add(WebinarOrganiser(webinar_id=webinar.id, user_id=member.id))
    browser = client_for(member)

    page = browser.get(f"/webinars/{webinar.id}-counting-together").text
    assert "Organisers" in page
    assert "Save as template" not in page
    assert browser.get(f"/webinars/{webinar.id}/edit").status_code == 200
    for address in (
        "/webinars/new",
        "/webinars/templates",
        f"/webinars/new?like={webinar.id}",
        f"/webinars/{webinar.id}/series",
        f"/webinars/{other.id}/edit",
    ):
        assert browser.get(address).status_code == 403
    assert browser.post(f"/webinars/{webinar.id}/template").status_code == 403


def test_an_admin_manages_what_is_seen_and_drafts_are_not(client_for: SignIn) -> None:
    admin = client_for(make_user(role=SiteRole.ADMIN))
    webinar, draft = make_webinar(visibility=Visibility.NETWORK), make_webinar(published=False)

    assert admin.get(f"/webinars/{webinar.id}/postpone").status_code == 200
    assert admin.get(f"/webinars/{draft.id}/postpone").status_code == 404


def test_each_button_pressed_twice_is_once(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser, at = client_for(organiser), f"/webinars/{webinar.id}"

    for act, sent in (("postpone", {"reason": "The hall."}), ("cancel", {"reason": "No."})):
        first = browser.post(f"{at}/{act}", data=sent).status_code
        once = facts(webinar)
        second = browser.post(f"{at}/{act}", data=sent).status_code
        assert (first, second, facts(webinar)) == (302, 302, once)


def test_a_running_webinar_is_ended_and_opened_again(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, starts_in=timedelta_of("end"))
    browser, at = client_for(organiser), f"/webinars/{webinar.id}"

    before = browser.get(f"{at}-counting-together").text
    browser.post(f"{at}/end")
    ended = browser.get(f"{at}-counting-together").text
    browser.post(f"{at}/reopen")
    again = browser.get(f"{at}-counting-together").text

    assert ["End it now" in page for page in (before, ended, again)] == [True, False, True]
    assert "Open the room again" in ended
    assert "This webinar is over" in ended


def test_ending_what_does_not_run_says_so(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser = client_for(organiser)

    answer = browser.post(f"/webinars/{webinar.id}/end")

    said = browser.get(answer.location).text
    assert "Only a webinar that is running can be ended." in said


def test_a_draft_is_deleted_and_taken_back(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)
    browser, at = client_for(organiser), f"/webinars/{webinar.id}"

    answer = browser.get(browser.post(f"{at}/delete").location)
    gone = browser.get(f"{at}-counting-together").status_code
    others = client_for(make_organiser()).get(f"{at}/deleted").status_code
    back = browser.get(browser.post(f"{at}/deleted").location)

    assert "For a day you can take it back" in answer.text
    assert (gone, others) == (404, 404)
    assert "It is back." in back.text
    assert browser.get(f"{at}-counting-together").status_code == 200


def test_a_published_one_is_not_deleted(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)

    browser = client_for(organiser)

    answer = browser.post(f"/webinars/{webinar.id}/delete")

    assert "Only drafts can be deleted." in browser.get(answer.location).text


def test_publication_is_planned_changed_and_withdrawn(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)
    browser, at = client_for(organiser), f"/webinars/{webinar.id}"
    assert webinar.starts_at is not None
    day = utcnow().date().isoformat()

    wrong = browser.post(f"{at}/publish-later", data={"date": "2020-01-01", "start_local": "10:00"})
    soon = {"date": webinar.starts_at.date().isoformat(), "start_local": "00:00"}
    planned = browser.post(f"{at}/publish-later", data=soon)
    page = browser.get(planned.location).text
    form = browser.get(f"{at}/publish-later").text
    browser.post(f"{at}/publish-later/withdraw")

    assert (wrong.status_code, 'value="2020-01-01"' in wrong.text) == (422, True)
    assert "Choose a moment that is still ahead." in wrong.text
    assert planned.status_code == 302
    assert "It is published by itself on" in page
    assert f'value="{soon["date"]}"' in form
    assert day != soon["date"]
    assert facts(webinar)[2] is None


def test_a_cancelled_one_comes_back_only_before_its_start(client_for: SignIn) -> None:
    organiser = make_organiser()
    late = make_webinar(organiser=organiser, starts_in=timedelta_of("end"), status=Status.CANCELLED)
    browser = client_for(organiser)

    answer = browser.post(f"/webinars/{late.id}/restore")

    assert answer.status_code == 422
    assert "only before its start" in answer.text


def timedelta_of(act: str) -> Any:
    """When the webinar starts: those that are ended are running."""
    return timedelta(minutes=-5) if act in {"end", "reopen"} else timedelta(days=7)
