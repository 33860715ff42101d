"""The schedule, the page of a webinar, and the form behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.network.enums import MembershipKind
from app.network.models import Membership
from app.webinars.enums import DatePrecision, RegistrationState, Status
from app.webinars.models import Webinar
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_webinars import (
    ROOM,
    make_agenda_item,
    make_organiser,
    make_registration,
    make_speaker,
    make_webinar,
)

SignIn = Callable[[User], FlaskClient]


def page_of(webinar: Webinar) -> str:
    return f"/webinars/{webinar.id}-counting-together"


def filled(**changes: Any) -> dict[str, Any]:
    """The form as an organiser fills it in."""
    day = (utcnow() + timedelta(days=20)).date().isoformat()
    return {
        "title": "Counting together",
        "description": "How cities **count**.",
        "language": "en",
        "topic": "",
        "date": day,
        "start_local": "14:00",
        "end_local": "15:15",
        "tzid": "Europe/Brussels",
        "capacity": "80",
        "visibility": "public",
        "attribution": "open",
        "room_url": ROOM,
        "recording": "speakers",
        "captions": "English",
        "asks_access_needs": "y",
        "has_sign_language": "no",
        "has_interpretation": "no",
        "host_label": "Rights and diversity service, Barcelona",
        "agenda-0-title": "Welcome",
        "agenda-0-minutes": "5",
        "agenda-1-title": "Two city stories",
        "agenda-1-minutes": "20",
        "agenda-1-detail": "Barcelona and Nuremberg",
        "speakers-0-name": "Anti-discrimination officer",
        "speakers-0-affiliation": "Nuremberg",
        "speakers-0-email": "Speaker@demo.invalid",
        **changes,
    }


def all_webinars() -> list[Webinar]:
    return list(db.session.scalars(sa.select(Webinar).order_by(Webinar.id)))


def in_network(name: str, timezone: str) -> None:
    city = make_city(name, timezone=timezone)
    with write() as session:
        session.add(Membership(city_id=city.id, kind=MembershipKind.PARTNER))


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


# The schedule


def test_schedule_lists_what_comes_by_day_and_what_took_place_by_year(client: FlaskClient) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=UTC), tick=False):
        make_webinar("Equality data", starts_in=timedelta(days=3, hours=4))
        make_webinar("First responses", starts_in=datetime(2020, 6, 12, 12, tzinfo=UTC) - utcnow())
        make_webinar(
            "Session 1", date_precision=DatePrecision.YEAR, year=2020, starts_at=None,
            ends_at=None, start_local=None, end_local=None, status=Status.ARCHIVED,
            sorts_at=datetime(2020, 1, 1, tzinfo=UTC),
        )  # fmt: skip

        shown = text_of(client.get("/webinars"))

    assert "All times are those of Brussels" in shown
    for words in (
        "Tuesday, 24 November 2026 14:00 to 15:15 Equality data",
        "2020 14:00 to 15:15 First responses",
        "2020, day not recorded Session 1",
    ):
        assert words in shown


def test_schedule_tells_hours_in_the_readers_zone(client_for: SignIn) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=UTC), tick=False):
        make_webinar("Equality data", starts_in=timedelta(days=3, hours=4))

        shown = text_of(client_for(make_user(timezone="Europe/London")).get("/webinars"))

    assert "13:00 to 14:15 Equality data" in shown


def test_empty_schedule_says_what_to_do(client: FlaskClient) -> None:
    assert "Nothing is planned in this filter." in client.get("/webinars").text


def test_schedule_offers_the_feed_in_both_forms(client: FlaskClient) -> None:
    page = client.get("/webinars").text

    assert 'href="http://localhost/calendars/public.ics"' in page
    assert 'href="webcal://localhost/calendars/public.ics"' in page


def test_schedule_is_filtered_by_topic_and_by_own_registrations(client_for: SignIn) -> None:
    housing, other = make_topic("housing"), make_topic("other")
    person = make_user()
    mine = make_webinar("Rents", topic_id=housing.id)
    make_registration(mine, person, state=RegistrationState.CONFIRMED)
    make_webinar("Evictions", topic_id=housing.id)
    make_webinar("Data", topic_id=other.id)
    browser = client_for(person)

    def found(query: str) -> list[str]:
        page = browser.get(f"/webinars?{query}").text
        return re.findall(r'href="/webinars/\d+-([a-z]+)"', page)

    assert sorted(found("topic=housing")) == ["evictions", "rents"]
    assert found("mine=1") == ["rents"]
    assert found("mine=1&topic=other") == []
    assert "You are registered" in browser.get("/webinars?mine=1").text


def test_a_topic_that_is_hidden_or_unknown_filters_nothing_but_404(client: FlaskClient) -> None:
    make_topic("secret", visibility=Visibility.HIDDEN)

    assert client.get("/webinars?topic=secret").status_code == 404
    assert client.get("/webinars?topic=unknown").status_code == 404
    assert "secret" not in client.get("/webinars").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "%00", "1&page=2", "9" * 400])
def test_odd_page_numbers_are_pages(client: FlaskClient, page: str) -> None:
    assert client.get(f"/webinars?page={page}").status_code == 200


def test_the_past_has_pages(client: FlaskClient) -> None:
    organiser = make_organiser()
    for number in range(31):
        make_webinar(f"Talk {number}", organiser=organiser, starts_in=timedelta(days=-number - 1))

    first, second = client.get("/webinars"), client.get("/webinars?page=2")

    assert ("Talk 29" in first.text, "Talk 30" in first.text) == (True, False)
    assert 'href="/webinars?page=2"' in first.text
    assert ("Talk 29" in second.text, "Talk 30" in second.text) == (False, True)
    assert 'href="/webinars"' in second.text


def test_drafts_are_listed_to_their_organiser_only(client: FlaskClient, client_for: SignIn) -> None:
    organiser = make_organiser()
    make_webinar("My plan", organiser=organiser, published=False)

    assert "My plan" in client_for(organiser).get("/webinars").text
    assert "My plan" not in client_for(make_organiser()).get("/webinars").text
    assert "My plan" not in client.get("/webinars").text


def test_schedule_asks_the_database_the_same_for_1_and_30(
    client_for: SignIn, count_statements: Any
) -> None:
    organiser, topic = make_organiser(), make_topic()
    browser = client_for(make_user())

    def add(count: int) -> None:
        for number in range(count):
            make_webinar(
                organiser=organiser, topic_id=topic.id, starts_in=timedelta(days=number + 1)
            )
            make_webinar(
                organiser=organiser, topic_id=topic.id, starts_in=-timedelta(days=number + 1)
            )

    counts = []
    for count in (1, 29):
        add(count)
        browser.get("/webinars")
        with count_statements() as statements:
            assert browser.get("/webinars").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert counts[1] == SCHEDULE_STATEMENTS


SCHEDULE_STATEMENTS = 4


# The page of one webinar


def test_page_shows_clock_zones_speakers_and_programme(client: FlaskClient) -> None:
    in_network("Graz", "Europe/Vienna")
    in_network("York", "Europe/London")
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=UTC), tick=False):
        webinar = make_webinar(
            starts_in=timedelta(days=3, hours=4), has_captions=True, captions="English, German"
        )
        make_speaker(webinar, "Anti-discrimination officer")
        make_agenda_item(webinar, "Welcome", minutes=5)
        make_agenda_item(webinar, "City stories", minutes=20, position=2)

        shown = text_of(client.get(page_of(webinar)))

    for words in (
        "14:00 Tuesday, 24 November 2026, until 15:15. Time in Brussels.",
        "14:00 in Graz 13:00 in York",
        "Anti-discrimination officer",
        "14:00 Welcome 5 minutes 14:05 City stories 20 minutes",
        "Live captions English, German",
    ):
        assert words in shown
    assert "The clocks change" not in shown


def test_page_says_when_the_clocks_change_in_between(client: FlaskClient) -> None:
    in_network("Graz", "Europe/Vienna")
    with time_machine.travel(datetime(2026, 3, 1, 9, tzinfo=UTC), tick=False):
        webinar = make_webinar(starts_in=timedelta(days=40))

        page = client.get(page_of(webinar)).text

    assert "The clocks change on 29 March, before this webinar." in page


@pytest.mark.parametrize("address", ["", "-wrong", "-counting-together-2"])
def test_a_wrong_slug_is_corrected(client: FlaskClient, address: str) -> None:
    webinar = make_webinar()

    answer = client.get(f"/webinars/{webinar.id}{address}")

    assert (answer.status_code, answer.location) == (301, page_of(webinar))


@pytest.mark.parametrize("address", ["999-x", "0", "99999999999999999999999", "x", "-1"])
def test_what_is_not_there_is_404(client: FlaskClient, address: str) -> None:
    assert client.get(f"/webinars/{address}").status_code == 404


def test_a_draft_and_a_closed_webinar_are_404_for_strangers(
    client: FlaskClient, client_for: SignIn
) -> None:
    draft = make_webinar(published=False)
    closed = make_webinar(visibility=Visibility.HIDDEN, group_id=make_group().id)
    member = client_for(make_user())

    for webinar in (draft, closed):
        assert client.get(page_of(webinar)).status_code == 404
        assert member.get(page_of(webinar)).status_code == 404


@pytest.mark.parametrize(
    ("minutes", "words"), [(14, "Starts soon"), (-10, "Live now"), (-80, "This webinar is over")]
)
def test_page_follows_the_clock(client: FlaskClient, minutes: int, words: str) -> None:
    webinar = make_webinar(starts_in=timedelta(minutes=minutes))

    assert words in client.get(page_of(webinar)).text


def test_a_cancelled_webinar_says_why(client: FlaskClient) -> None:
    webinar = make_webinar(status=Status.CANCELLED, cancel_reason="The speaker is ill.")

    shown = text_of(client.get(page_of(webinar)))

    assert "This webinar is cancelled. The speaker is ill." in shown


def test_a_date_is_shown_as_exactly_as_it_is_known(client: FlaskClient) -> None:
    unknown: dict[str, Any] = {
        "starts_at": None,
        "ends_at": None,
        "start_local": None,
        "end_local": None,
    }
    year = make_webinar(
        date_precision=DatePrecision.YEAR, year=2020, status=Status.ARCHIVED,
        remark="The split into sessions is ours.", source_url="https://example.org/889", **unknown,
    )  # fmt: skip
    day = make_webinar(
        date_precision=DatePrecision.DAY, status=Status.ARCHIVED,
        start_local=datetime(2021, 1, 20), end_local=datetime(2021, 1, 20, 23, 59),  # noqa: DTZ001
        starts_at=datetime(2021, 1, 19, 23, tzinfo=UTC),
        ends_at=datetime(2021, 1, 20, 23, tzinfo=UTC),
    )  # fmt: skip

    shown = text_of(client.get(page_of(year)))

    assert "2020 The day is not recorded." in shown
    assert "The split into sessions is ours." in shown
    assert 'href="https://example.org/889"' in client.get(page_of(year)).text
    assert "20 January 2021 The hour is not recorded." in text_of(client.get(page_of(day)))


def test_only_organisers_get_the_bar(client: FlaskClient, client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    edit = f'href="/webinars/{webinar.id}/edit"'

    assert edit in client_for(organiser).get(page_of(webinar)).text
    assert edit not in client_for(make_organiser()).get(page_of(webinar)).text
    assert edit not in client.get(page_of(webinar)).text


def test_text_of_others_is_never_markup(client: FlaskClient) -> None:
    evil = "<script>alert(1)</script>"
    webinar = make_webinar(host_label=evil, captions=evil, remark=evil)
    make_speaker(webinar, evil)
    make_agenda_item(webinar, evil, detail=evil)

    assert evil not in client.get(page_of(webinar)).text


# Writing and changing


def test_an_organiser_schedules_a_draft(client_for: SignIn) -> None:
    organiser, speaker = make_organiser(), make_user(email="speaker@demo.invalid")
    browser = client_for(organiser)

    answer = browser.post("/webinars/new", data=filled())

    (webinar,) = all_webinars()
    assert (answer.status_code, answer.location) == (302, page_of(webinar))
    assert (webinar.status, webinar.capacity, webinar.room_url) == (Status.DRAFT, 80, ROOM)
    assert re.fullmatch(r"webinar-[0-9a-f-]{36}@forum\.example\.org", webinar.uid)
    assert "<strong>count</strong>" in webinar.description_html
    assert [(item.title, item.minutes) for item in webinar.agenda] == [
        ("Welcome", 5),
        ("Two city stories", 20),
    ]
    assert [(s.name, s.email, s.user_id) for s in webinar.speakers] == [
        ("Anti-discrimination officer", "speaker@demo.invalid", speaker.id)
    ]
    preview = text_of(browser.get(answer.location))
    assert "This is a draft. Only its organisers see it." in preview
    assert "Can wait" not in preview


def test_the_form_starts_in_the_organisers_zone(client_for: SignIn) -> None:
    in_network("York", "Europe/London")
    page = client_for(make_organiser(timezone="Europe/Lisbon")).get("/webinars/new").text

    assert '<option selected value="Europe/Lisbon">' in page
    assert page.count('name="agenda-') == 8 * 4
    assert page.index('<option value="Europe/London">') < page.index(
        '<option value="Africa/Abidjan">'
    )


def test_more_rows_without_a_script_keep_what_was_typed(client_for: SignIn) -> None:
    browser = client_for(make_organiser())

    more = browser.post("/webinars/new", data=filled(more_agenda="Add", title=""))
    people = browser.post("/webinars/new", data=filled(more_speakers="Add"))

    assert more.status_code == 200
    assert ("agenda-11-title" in more.text, "agenda-12-title" in more.text) == (True, False)
    assert 'value="Two city stories"' in more.text
    assert "speakers-6-name" in people.text
    assert all_webinars() == []


def test_visitors_sign_in_first_and_members_may_not_schedule(
    client: FlaskClient, client_for: SignIn
) -> None:
    applicant = make_user(role=SiteRole.ORGANISER, approved_at=None)

    assert client.get("/webinars/new").status_code == 302
    assert "/sign-in" in client.get("/webinars/new").location
    assert client_for(make_user()).get("/webinars/new").status_code == 403
    assert client_for(applicant).post("/webinars/new", data=filled()).status_code == 403


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Give the webinar a title."),
        ({"title": "x" * 151}, "Up to 150 characters."),
        ({"date": "2026-02-30"}, "Write the day like 2026-12-10."),
        ({"date": ""}, "Choose the day."),
        ({"start_local": "25:00"}, "Write the time like 14:30."),
        ({"start_local": "15:15"}, "The end must be after the start."),
        ({"start_local": "05:00"}, "A webinar takes 8 hours at most."),
        ({"tzid": "Mars/Base"}, "This time zone is not known."),
        ({"tzid": ""}, "This time zone is not known."),
        ({"date": "2026-03-29", "start_local": "02:30"}, "this time does not exist"),
        ({"date": "2026-10-25", "start_local": "02:30", "end_local": "04:00"}, "happens twice"),
        ({"date": "9999-12-31"}, "Choose a year from 2000 to 2100."),
        ({"date": "0001-01-01"}, "Choose a year from 2000 to 2100."),
        ({"capacity": "0"}, "From 1 to 100,000 seats."),
        ({"capacity": "many"}, "Write a whole number."),
        ({"capacity": "9" * 5000}, "Write a whole number."),
        ({"room_url": "javascript:alert(1)"}, "Give the whole address"),
        ({"agenda-0-minutes": "-5"}, "From 1 to 480 minutes."),
        ({"agenda-1-title": "x" * 201}, "Up to 200 characters."),
        ({"speakers-0-email": "not an address"}, "Write the address like"),
        ({"visibility": "closed:999"}, "Not a valid choice"),
        ({"topic": "999"}, "Not a valid choice"),
        ({"language": "xx"}, "Not a valid choice"),
    ],
)
def test_a_wrong_answer_is_said_beside_it_and_nothing_is_lost(
    client_for: SignIn, typed: dict[str, str], sentence: str
) -> None:
    answer = client_for(make_organiser()).post("/webinars/new", data=filled(**typed))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Rights and diversity service, Barcelona"' in answer.text
    assert 'value="Barcelona and Nuremberg"' in answer.text
    assert "<title>Error:" in answer.text
    assert all_webinars() == []


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"title": "\x00\x07\u202e"},
        {"title": "word" * 2500},
        {"description": "x" * 1_000_000},
        {"agenda-²-title": "x", "agenda-99999999999-title": "x", "agenda--title": "x"},
        {"agenda-0-id": "x" * 5000, "speakers-0-id": "-1", "version": "²"},
        {"date": ["2026-01-01", "x"], "tzid": ["a", "b"]},
        {f"agenda-{number}-title": "x" for number in range(100)},
    ],
)
def test_odd_input_is_never_a_bug(client_for: SignIn, typed: dict[str, Any]) -> None:
    answer = client_for(make_organiser()).post("/webinars/new", data=typed)

    assert answer.status_code in {413, 422}


def test_broken_utf_8_is_kept_as_far_as_it_can_be_read(client_for: SignIn) -> None:
    answer = client_for(make_organiser()).post(
        "/webinars/new",
        data=b"title=%ff%fe+broken&description=%ed%a0%80",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 422


def test_emoji_and_right_to_left_text_are_kept(client_for: SignIn) -> None:
    title = "حقوق الإنسان 🏘️ Łódź Αθήνα"

    answer = client_for(make_organiser()).post("/webinars/new", data=filled(title=title))

    assert answer.status_code == 302
    assert [webinar.title for webinar in all_webinars()] == [title]


def test_an_organiser_edits(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    item = make_agenda_item(webinar, "Welcome")
    browser = client_for(organiser)

    page = browser.get(f"/webinars/{webinar.id}/edit").text
    answer = browser.post(
        f"/webinars/{webinar.id}/edit",
        data=filled(version="1", captions="German", **{"agenda-0-id": str(item.id)}),
    )

    assert f'value="{ROOM}"' in page
    assert 'name="date"' not in page
    assert answer.status_code == 302
    db.session.refresh(webinar)
    assert (webinar.captions, webinar.lock_version) == ("German", 2)
    assert webinar.agenda[0].id == item.id


def test_more_rows_while_editing_save_nothing(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)

    answer = client_for(organiser).post(
        f"/webinars/{webinar.id}/edit", data=filled(version="1", more_agenda="Add", title="Other")
    )

    assert (answer.status_code, "agenda-11-title" in answer.text) == (200, True)
    db.session.refresh(webinar)
    assert (webinar.title, webinar.lock_version) == ("Counting together", 1)


def test_the_checklist_notices_a_programme_that_is_too_long(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)
    make_agenda_item(webinar, minutes=90)

    shown = text_of(client_for(organiser).get(page_of(webinar)))

    assert "The programme fits into the time. Can wait" in shown


def test_a_draft_is_moved_in_its_form(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)

    client_for(organiser).post(
        f"/webinars/{webinar.id}/edit",
        data=filled(version="1", date="2031-05-06", tzid="Europe/London"),
    )

    db.session.refresh(webinar)
    assert webinar.starts_at == datetime(2031, 5, 6, 13, tzinfo=UTC)


def test_a_stale_form_saves_nothing_and_keeps_what_was_typed(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, lock_version=2)

    answer = client_for(organiser).post(
        f"/webinars/{webinar.id}/edit", data=filled(version="1", captions="Catalan")
    )

    assert answer.status_code == 422
    assert "Somebody else changed this webinar" in answer.text
    assert 'value="Catalan"' in answer.text
    db.session.refresh(webinar)
    assert webinar.captions == ""


def test_after_a_stale_form_saving_again_saves(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, lock_version=2)
    browser = client_for(organiser)

    page = browser.post(f"/webinars/{webinar.id}/edit", data=filled(version="1")).text
    shown = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert shown
    answer = browser.post(f"/webinars/{webinar.id}/edit", data=filled(version=shown.group(1)))

    assert (shown.group(1), answer.status_code) == ("2", 302)


def test_editing_is_for_its_organisers(client: FlaskClient, client_for: SignIn) -> None:
    webinar = make_webinar()
    draft = make_webinar(published=False)
    address = f"/webinars/{webinar.id}/edit"

    assert client.get(address).status_code == 302
    assert client_for(make_organiser()).get(address).status_code == 403
    assert client_for(make_user()).post(address, data=filled()).status_code == 403
    assert client_for(make_user()).get(f"/webinars/{draft.id}/edit").status_code == 404
    assert client_for(make_user()).get("/webinars/999/edit").status_code == 404


def test_an_organiser_keeps_a_setting_they_could_not_choose(client_for: SignIn) -> None:
    organiser = make_organiser()
    group = make_group()
    topic = make_topic("secret", visibility=Visibility.HIDDEN)
    webinar = make_webinar(
        organiser=organiser,
        visibility=Visibility.CLOSED,
        group_id=group.id,
        topic_id=topic.id,
    )
    browser = client_for(organiser)

    page = browser.get(f"/webinars/{webinar.id}/edit").text
    browser.post(
        f"/webinars/{webinar.id}/edit",
        data=filled(version="1", visibility=f"closed:{group.id}", topic=str(topic.id)),
    )

    assert f'<option selected value="closed:{group.id}">As it is now</option>' in page
    db.session.refresh(webinar)
    assert (webinar.group_id, webinar.topic_id, webinar.lock_version) == (group.id, topic.id, 2)


def test_only_its_own_groups_are_offered_to_an_organiser(client_for: SignIn) -> None:
    organiser = make_organiser()
    mine, theirs = make_group(organiser), make_group(slug="others")
    browser = client_for(organiser)

    answer = browser.post("/webinars/new", data=filled(visibility=f"closed:{mine.id}"))
    refused = browser.post("/webinars/new", data=filled(visibility=f"closed:{theirs.id}"))

    (webinar,) = all_webinars()
    assert (answer.status_code, refused.status_code) == (302, 422)
    assert (webinar.visibility, webinar.group_id) == (Visibility.CLOSED, mine.id)


# The room


def test_the_room_is_in_no_page_but_the_organisers_form(
    client: FlaskClient, client_for: SignIn
) -> None:
    organiser, registered, admin = make_organiser(), make_user(), make_user(role=SiteRole.ADMIN)
    webinar = make_webinar(organiser=organiser, starts_in=timedelta(minutes=20))
    make_registration(webinar, registered, state=RegistrationState.CONFIRMED)
    manage = f"/webinars/{webinar.id}/edit"
    addresses = [
        "/webinars",
        page_of(webinar),
        f"/webinars/{webinar.id}/schedule",
        f"/webinars/{webinar.id}/cancel",
        f"/webinars/{webinar.id}/calendar.ics",
        "/calendars/public.ics",
    ]
    browsers = [client, *map(client_for, (make_user(), registered, organiser, admin))]

    leaks = [
        address
        for browser in browsers
        for address in addresses
        if "rooms.example.org" in browser.get(address).text
    ]

    assert leaks == []
    assert ROOM in client_for(organiser).get(manage).text
    assert "rooms.example.org" not in client_for(registered).get(manage).text
