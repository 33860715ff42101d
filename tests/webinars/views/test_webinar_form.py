"""The organiser's form: few fields that are needed, the rest folded, nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import copying, scheduling
from app.webinars.enums import Status, Waiting
from app.webinars.models import Webinar
from tests.factories_webinars import (
    make_agenda_item,
    make_organiser,
    make_registration,
    make_speaker,
    make_webinar,
)

SignIn = Callable[[User], FlaskClient]
ONCE = "0190a7a0-0000-4000-8000-000000000001"


def least(**changes: Any) -> dict[str, Any]:
    """What a browser sends when only what is needed was filled in."""
    return {
        "title": "Counting together",
        "description": "How cities count.",
        "language": "en",
        "date": (utcnow() + timedelta(days=20)).date().isoformat(),
        "start_local": "14:00",
        "end_local": "15:15",
        "tzid": "Europe/Brussels",
        "topic": "",
        "visibility": "public",
        "attribution": "open",
        "recording": "none",
        "waiting": "auto",
        "has_captions": "",
        "has_sign_language": "",
        "has_interpretation": "",
        "repeats": "",
        "asks_access_needs": "y",
        **changes,
    }


def all_webinars() -> list[Webinar]:
    return list(db.session.scalars(sa.select(Webinar).order_by(Webinar.sorts_at, Webinar.id)))


def test_at_most_seven_fields_are_needed(client_for: SignIn) -> None:
    page = client_for(make_organiser()).get("/webinars/new").text

    needed = re.findall(r'<(?:input|select|textarea)[^>]*aria-required="true"[^>]*>', page)
    names = [re.findall(r'name="([^"]+)"', field)[0] for field in needed]
    assert names == [
        "title",
        "description",
        "language",
        "date",
        "start_local",
        "end_local",
        "tzid",
    ]
    assert page.count("<details") - page.count("<details open") >= 6


def test_scheduled_and_published_in_one_go(client_for: SignIn, client: FlaskClient) -> None:
    browser = client_for(make_organiser())

    answer = browser.post("/webinars/new", data=least(publish_now="Publish it now"))

    [webinar] = all_webinars()
    assert (answer.status_code, webinar.status) == (302, Status.PUBLISHED)
    assert client.get(answer.location).status_code == 200


def test_what_cannot_be_published_stays_in_the_form(client_for: SignIn) -> None:
    browser = client_for(make_organiser())
    sent = least(publish_now="y", date="2021-05-04", title="Too late for <this>")

    answer = browser.post("/webinars/new", data=sent)

    assert (answer.status_code, all_webinars()) == (422, [])
    assert "It starts at least one hour from now." in answer.text
    assert 'value="Too late for &lt;this&gt;"' in answer.text
    assert 'value="2021-05-04"' in answer.text


def test_the_same_form_sent_twice_makes_one(client_for: SignIn) -> None:
    browser = client_for(make_organiser())

    answers = [browser.post("/webinars/new", data=least(once=ONCE)) for _time in range(2)]
    other = browser.post("/webinars/new", data=least(once=ONCE, title="Something else"))
    stranger = client_for(make_organiser()).post("/webinars/new", data=least(once="nonsense"))

    assert len({answer.location for answer in answers}) == 1
    assert (other.status_code, stranger.status_code) == (302, 302)
    assert len(all_webinars()) == 3


def test_what_is_folded_is_kept(client_for: SignIn) -> None:
    browser = client_for(make_organiser())
    sent = least(
        needs_approval="y",
        waiting="offer",
        capacity="40",
        kept_per_city="2",
        kept_until=(utcnow() + timedelta(days=10)).date().isoformat(),
        tells_late="y",
        has_captions="yes",
        captions="English",
        has_sign_language="no",
        interpretation="French",
        plain_summary="We count.",
        access_contact="access@city.invalid",
    )

    answer = browser.post("/webinars/new", data=sent)

    [webinar] = all_webinars()
    assert (webinar.needs_approval, webinar.waiting, webinar.tells_late) == (
        True,
        Waiting.OFFER,
        True,
    )
    assert (webinar.kept_per_city, webinar.kept_until is not None) == (2, True)
    assert (webinar.has_captions, webinar.has_sign_language, webinar.has_interpretation) == (
        True,
        False,
        True,
    )
    assert (webinar.plain_summary, webinar.access_contact) == ("We count.", "access@city.invalid")
    form = browser.get(f"/webinars/{webinar.id}/edit").text
    assert answer.status_code == 302
    for value in (sent["kept_until"], "access@city.invalid", "English"):
        assert f'value="{value}"' in form


def test_an_hour_that_does_not_exist_is_refused(client_for: SignIn) -> None:
    browser = client_for(make_organiser())

    answer = browser.post(
        "/webinars/new",
        data=least(date="2027-03-28", start_local="02:30", end_local="04:00"),
    )

    assert (answer.status_code, all_webinars()) == (422, [])
    assert "this time does not exist" in answer.text
    assert 'value="02:30"' in answer.text


@pytest.mark.parametrize(("turn", "hour"), [("0", 0), ("1", 1)])
def test_an_hour_that_comes_twice_is_asked(client_for: SignIn, turn: str, hour: int) -> None:
    browser = client_for(make_organiser())
    sent = least(date="2027-10-31", start_local="02:30", end_local="04:00")

    asked = browser.post("/webinars/new", data=sent)
    answered = browser.post("/webinars/new", data={**sent, "start_turn": turn})

    assert asked.status_code == 422
    assert asked.text.count('name="start_turn"') == 2
    assert 'name="end_turn"' not in asked.text
    assert answered.status_code == 302
    [webinar] = all_webinars()
    assert webinar.starts_at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
    form = browser.get(f"/webinars/{webinar.id}/edit").text
    assert re.search(rf'checked[^>]*name="start_turn"[^>]*value="{turn}"', form)


def test_a_copy_starts_as_a_filled_form(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar("Office hour 3", organiser=organiser, capacity=30)
    make_agenda_item(webinar, "Welcome")
    make_speaker(webinar, "Housing officer", bio="Counts flats.")
    make_registration(webinar)
    browser = client_for(organiser)
    address = f"/webinars/new?like={webinar.id}"

    form = browser.get(address).text
    refused = browser.post(address, data=least(date=""))
    answer = browser.post(
        address, data=least(title="Office hour 4", **{"speakers-0-name": "Housing officer"})
    )

    assert 'value="Office hour 4"' in form
    assert 'value="Welcome"' in form
    assert 'name="date" type="text" value=""' in form or 'value=""' in form
    assert refused.status_code == 422
    assert answer.status_code == 302
    fresh = next(one for one in all_webinars() if one.title == "Office hour 4")
    assert fresh.uid != webinar.uid
    assert [one.bio for one in fresh.speakers] == ["Counts flats."]


def test_templates_are_saved_used_edited_and_deleted(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar("Office hour", organiser=organiser)
    browser = client_for(organiser)

    empty = browser.get("/webinars/templates").text
    saved = browser.post(f"/webinars/{webinar.id}/template")
    listed = browser.get(saved.location).text
    template = next(one for one in all_webinars() if one.is_template)
    form = browser.get(f"/webinars/new?like={template.id}")
    edit = browser.get(f"/webinars/{template.id}/edit").text
    browser.post(f"/webinars/{template.id}/edit", data={**least(title="Open hour"), "version": "1"})
    db.session.refresh(template)
    browser.post(f"/webinars/{template.id}/delete")

    assert "You have no templates yet." in empty
    assert "Office hour" in listed
    assert 'value="Office hour"' in form.text
    assert 'name="date"' not in edit
    assert template.title == "Open hour"
    assert browser.get(f"/webinars/{template.id}").status_code == 404
    assert "You have no templates yet." in browser.get("/webinars/templates").text


@pytest.mark.parametrize("like", ["999999", "0", "x", "-1", "9" * 40, "%00"])
def test_a_copy_of_nothing_is_not_found(client_for: SignIn, like: str) -> None:
    assert client_for(make_organiser()).get(f"/webinars/new?like={like}").status_code == 404


def test_a_copy_of_what_others_organise_is_refused(client_for: SignIn) -> None:
    webinar, template = make_webinar(), make_webinar(published=False, is_template=True)
    browser = client_for(make_organiser())

    assert browser.get(f"/webinars/new?like={webinar.id}").status_code == 403
    assert browser.get(f"/webinars/new?like={template.id}").status_code == 404


def test_a_series_is_made_with_the_form(client_for: SignIn) -> None:
    browser = client_for(make_organiser())
    sent = least(title="Housing hour {n}", date="2027-03-24", repeats="weekly", count="3")

    answer = browser.post("/webinars/new", data=sent)

    found = all_webinars()
    assert answer.status_code == 302
    assert [one.title for one in found] == ["Housing hour 1", "Housing hour 2", "Housing hour 3"]
    assert [one.start_local.isoformat() for one in found if one.start_local] == [
        "2027-03-24T14:00:00",
        "2027-03-31T14:00:00",
        "2027-04-07T14:00:00",
    ]


def test_a_session_that_cannot_be_is_named_and_nothing_is_made(client_for: SignIn) -> None:
    browser = client_for(make_organiser())
    sent = least(
        date="2027-03-21", start_local="02:30", end_local="03:30", repeats="weekly", count="2"
    )

    answer = browser.post("/webinars/new", data=sent)
    odd = browser.post("/webinars/new", data=least(repeats="days", days="tomorrow"))

    assert (answer.status_code, odd.status_code, all_webinars()) == (422, 422, [])
    assert "28 March 2027" in answer.text
    assert "Write one day on each line" in odd.text
    assert "tomorrow</textarea>" in odd.text


def test_the_words_of_all_following_sessions_change(client_for: SignIn) -> None:
    browser = client_for(make_organiser())
    browser.post("/webinars/new", data=least(repeats="weekly", count="3"))
    first, second, third = all_webinars()

    page = browser.get(f"/webinars/{second.id}/edit").text
    browser.post(
        f"/webinars/{second.id}/edit",
        data={
            **least(description="New words.", date=second.start_local.date().isoformat()),  # type: ignore[union-attr]
            "version": str(second.lock_version),
            "following": "y",
        },
    )

    for one in (first, second, third):
        db.session.refresh(one)
    assert 'name="following"' in page
    assert [one.description for one in (first, second, third)] == [
        "How cities count.",
        "New words.",
        "New words.",
    ]


def test_a_stale_form_keeps_the_new_fields_too(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, lock_version=4)

    answer = client_for(organiser).post(
        f"/webinars/{webinar.id}/edit",
        data={**least(plain_summary="We count.", kept_per_city="7"), "version": "1"},
    )

    assert answer.status_code == 422
    assert "Somebody else changed this webinar" in answer.text
    assert "We count.</textarea>" in answer.text
    assert 'value="7"' in answer.text


def test_a_template_is_published_by_nobody(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    with write():
        template = copying.save_as_template(
            webinar, organiser, uid=scheduling.new_uid("forum.example.org")
        )

    assert client_for(organiser).post(f"/webinars/{template.id}/publish").status_code == 404
