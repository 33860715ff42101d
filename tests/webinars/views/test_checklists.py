"""The organisers' desk: checklist, look before publishing, run sheet."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db
from app.core.jobs import Job
from app.core.outbox import OutboxMail
from app.webinars.lint import faults
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_webinars import (
    ROOM,
    make_agenda_item,
    make_organiser,
    make_registration,
    make_speaker,
    make_webinar,
)

SignIn = Callable[[User], FlaskClient]
PAGES = ["checklist", "preflight", "run-sheet"]


@pytest.mark.parametrize("page", PAGES)
def test_only_those_who_organise_it_see_the_desk(
    client: FlaskClient, client_for: SignIn, page: str
) -> None:
    organiser = make_organiser()
    webinar, draft = make_webinar(organiser=organiser), make_webinar(published=False)

    def status(browser: FlaskClient, of: Webinar) -> int:
        return browser.get(f"/webinars/{of.id}/{page}").status_code

    assert status(client, webinar) == 302
    assert status(client_for(make_user()), webinar) == 403
    assert status(client_for(make_organiser("Another office")), webinar) == 403
    assert status(client_for(make_organiser("Third office")), draft) == 404
    assert status(client_for(organiser), webinar) == 200
    assert status(client_for(make_user(role=SiteRole.ADMIN)), webinar) == 200


def test_a_line_leads_to_what_does_it(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False, room_url="")

    page = client_for(organiser).get(f"/webinars/{webinar.id}/checklist").text

    assert "Look through and publish" in page
    assert f'href="/webinars/{webinar.id}/preflight"' in page
    assert "Late" in page


def test_a_tick_by_hand_and_back(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser = client_for(organiser)
    address = f"/webinars/{webinar.id}/checklist"
    assert "Not done yet" not in browser.get(address).text

    browser.post(f"{address}/sound")
    assert browser.get(address).text.count("Not done yet") == 1

    browser.post(f"{address}/sound")
    assert "Not done yet" not in browser.get(address).text


def test_nobody_ticks_what_facts_say(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)

    assert client_for(organiser).post(f"/webinars/{webinar.id}/checklist/room").status_code == 404
    assert (
        client_for(make_user()).post(f"/webinars/{webinar.id}/checklist/sound").status_code == 403
    )


def test_the_preview_shows_the_invitation_without_the_room(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)

    page = client_for(organiser).get(f"/webinars/{webinar.id}/preflight").text

    assert "Sample: Counting together" in page
    assert "Outlook, Google, Apple and Thunderbird can read the invitation." in page
    assert ROOM not in page


def test_a_sample_goes_to_whoever_asks_and_once(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)
    browser = client_for(organiser)

    browser.post(f"/webinars/{webinar.id}/preflight/sample")
    browser.post(f"/webinars/{webinar.id}/preflight/sample")

    (mail,) = db.session.scalars(select(OutboxMail))
    message: Any = message_from_bytes(mail.content, policy=policy.SMTP)
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    ics = part.get_payload(decode=True)
    assert (mail.recipient, faults(ics, "REQUEST")) == (organiser.email, [])
    assert f"UID:sample-{webinar.uid}" in ics.decode().replace("\r\n ", "")
    assert ROOM not in message.as_string()


def test_asking_to_look_again_queues_it_once(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser = client_for(organiser)

    for _ in range(2):
        browser.post(f"/webinars/{webinar.id}/preflight/domain")

    names = list(db.session.scalars(select(Job.name)))
    assert names.count("core.look_up_sender_domain") in {1, 2}  # the minute may turn


def test_the_run_sheet_has_all_for_the_hour_and_no_names_with_needs(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    make_agenda_item(webinar, "Welcome and rules")
    make_speaker(webinar, "Housing expert", phone="+43 316 000", may_record=False)
    person = make_user("Planner, Utrecht")
    make_registration(webinar, person, access_needs="Slides beforehand, please")

    page = client_for(organiser).get(f"/webinars/{webinar.id}/run-sheet").text

    assert ROOM in page
    for words in ("Welcome and rules", "+43 316 000", "Slides beforehand, please", "One person"):
        assert words in page
    assert "Planner, Utrecht" not in page


def test_the_access_card_says_what_was_answered(client: FlaskClient) -> None:
    webinar = make_webinar(
        has_captions=True, captions="English, German", has_sign_language=False,
        access_contact="access@example.org", plain_summary="We talk about rent.",
    )  # fmt: skip

    page = client.get(f"/webinars/{webinar.id}-counting-together").text

    assert "Live captions" in page
    assert "English, German" in page
    assert "No sign language" in page
    assert "access@example.org" in page
    assert "We talk about rent." in page
    assert "nterpretation" not in page
