"""The speaker's own page, the organisers' page of speakers, and ending reminders."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.files.clearing import note_what_is_used
from app.files.models import StoredFile
from app.webinars.enums import Recording, RegistrationState, SpeakerState, Status
from app.webinars.models import Speaker, Webinar
from tests.factories import make_user
from tests.factories_files import PDF, office, open_document
from tests.factories_registrations import mails_to, make_registration, work
from tests.factories_webinars import make_organiser, make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]
Counting = Callable[[], AbstractContextManager[list[str]]]
ADDRESS = "speaker@demo.invalid"


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def webinar(organiser: User) -> Webinar:
    return make_webinar("Housing", organiser=organiser, recording=Recording.ALL)


@pytest.fixture
def speaker(webinar: Webinar) -> Speaker:
    return make_speaker(webinar, email=ADDRESS, state=SpeakerState.INVITED)


def page_of(speaker: Speaker, tail: str = "") -> str:
    return f"/speakers/{speaker.token}{tail}"


def details(**changes: str) -> dict[str, str]:
    values = {
        "bio": "I count houses.",
        "access_needs": "A ramp",
        "phone": "+32 2 000",
        "language": "de",
        "timezone": "Europe/Athens",
        "may_record": "no",
    }
    return values | changes


def slides(content: bytes = PDF, name: str = "slides.pdf", **more: str) -> dict[str, Any]:
    return {"slides": (io.BytesIO(content), name), **more}


def send(browser: FlaskClient, speaker: Speaker, data: dict[str, Any]) -> Any:
    path = page_of(speaker, "/slides")
    return browser.post(path, data=data, content_type="multipart/form-data")


def test_link_opens_the_page_without_account(client: FlaskClient, speaker: Speaker) -> None:
    answer = client.get(page_of(speaker))

    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Yes, I come" in answer.text
    assert "May we record your part?" in answer.text


def test_looking_changes_nothing(client: FlaskClient, speaker: Speaker) -> None:
    for tail in ("", "/confirm", "/decline", "/details", "/slides"):
        client.get(page_of(speaker, tail))

    assert speaker.state == SpeakerState.INVITED


@pytest.mark.parametrize("token", ["wrong-token-of-nobody", "x", "%00", "a" * 500])
def test_wrong_link_is_404(client: FlaskClient, token: str) -> None:
    assert client.get(f"/speakers/{token}").status_code == 404
    assert client.post(f"/speakers/{token}/confirm").status_code == 404


def test_yes_and_no(client: FlaskClient, speaker: Speaker, organiser: User) -> None:
    assert client.post(page_of(speaker, "/confirm")).location == page_of(speaker)
    assert speaker.state == SpeakerState.CONFIRMED
    client.post(page_of(speaker, "/decline"))
    work()

    assert speaker.state == SpeakerState.DECLINED
    assert len(mails_to(organiser.email)) == 1


def test_details_are_kept(client: FlaskClient, speaker: Speaker) -> None:
    assert client.post(page_of(speaker, "/details"), data=details()).status_code == 302

    kept = (speaker.bio, speaker.access_needs, speaker.phone, speaker.language, speaker.timezone)
    assert kept == ("I count houses.", "A ramp", "+32 2 000", "de", "Europe/Athens")
    assert speaker.may_record is False
    assert speaker.consented_at is not None


@pytest.mark.parametrize(
    "wrong",
    [{"bio": "x" * 2001}, {"language": "xx"}, {"timezone": "Moon/Base"}, {"phone": "1" * 41}],
)
def test_wrong_details_come_back_as_typed(
    client: FlaskClient, speaker: Speaker, wrong: dict[str, str]
) -> None:
    answer = client.post(page_of(speaker, "/details"), data=details(**wrong))

    assert answer.status_code == 422
    assert "A ramp" in answer.text
    assert speaker.bio == ""


def test_recording_is_not_asked_where_nothing_is_recorded(
    client: FlaskClient, webinar: Webinar, speaker: Speaker
) -> None:
    with write():
        webinar.recording = Recording.NONE
    page = client.get(page_of(speaker)).text
    client.post(page_of(speaker, "/details"), data=details(may_record="yes"))

    assert "May we record your part?" not in page
    assert speaker.may_record is None


@pytest.mark.parametrize("act", ["/confirm", "/decline", "/details", "/slides"])
@pytest.mark.parametrize("status", [Status.CANCELLED, Status.ARCHIVED])
def test_nothing_is_taken_when_it_is_off(
    client: FlaskClient, webinar: Webinar, speaker: Speaker, act: str, status: Status
) -> None:
    with write():
        webinar.status = status
    answer = client.post(
        page_of(speaker, act),
        data=details() | slides(),
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert (speaker.state, speaker.bio, speaker.slides_id) == (SpeakerState.INVITED, "", None)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "talk.pdf"),
        (open_document("presentation"), "talk.odp"),
        (office("presentationml.presentation", "ppt/presentation.xml"), "talk.pptx"),
    ],
)
def test_slides_are_kept_and_replaced(
    client: FlaskClient, speaker: Speaker, content: bytes, name: str
) -> None:
    assert send(client, speaker, slides(content, name)).status_code == 302
    first = speaker.slides
    assert first is not None
    assert first.name == name
    send(client, speaker, slides())

    db.session.refresh(speaker)
    assert speaker.slides is not None
    assert speaker.slides.name == "slides.pdf"
    assert first.deleted_at is not None


def test_slides_in_use_stay(client: FlaskClient, speaker: Speaker) -> None:
    send(client, speaker, slides())
    with write():
        note_what_is_used()

    db.session.refresh(speaker)
    assert speaker.slides is not None
    assert speaker.slides.deleted_at is None


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"hello", "talk.txt"), (b"MZ", "talk.exe"), (b"", "talk.pdf"), (b"no", "talk.pdf")],
)
def test_other_files_are_refused_with_a_sentence(
    client: FlaskClient, speaker: Speaker, content: bytes, name: str
) -> None:
    answer = send(client, speaker, slides(content, name))

    assert answer.status_code == 422
    assert name in answer.text
    assert db.session.query(StoredFile).count() == 0


def test_too_many_uploads_wait(client: FlaskClient, speaker: Speaker) -> None:
    statuses = [send(client, speaker, slides(b"", "talk.pdf")).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_slides_are_taken_away(client: FlaskClient, speaker: Speaker) -> None:
    send(client, speaker, slides())
    client.post(page_of(speaker, "/slides/remove"))

    db.session.refresh(speaker)
    assert speaker.slides_id is None


def slides_path(speaker: Speaker, token: str = "") -> str:
    db.session.refresh(speaker)
    assert speaker.slides is not None
    return f"/files/{speaker.slides.key}/x" + (f"?t={token}" if token else "")


def test_slides_are_for_the_speaker_and_the_organisers(
    client: FlaskClient, client_for: SignIn, speaker: Speaker, organiser: User
) -> None:
    send(client, speaker, slides())
    path = slides_path(speaker)

    assert client.get(slides_path(speaker, speaker.token)).data == PDF
    assert client_for(organiser).get(path).status_code == 200
    assert client.get(path).status_code == 404
    assert client.get(slides_path(speaker, "\x00")).status_code == 404
    assert client_for(make_user()).get(path).status_code == 404


def test_shared_slides_are_for_those_with_a_seat_from_the_start_on(
    client: FlaskClient, client_for: SignIn, webinar: Webinar, speaker: Speaker
) -> None:
    send(client, speaker, slides(shares="y"))
    member = make_user()
    seated = make_registration(webinar, user_id=member.id, email=member.email)
    waiting = make_registration(webinar, state=RegistrationState.WAITLISTED)
    mine, theirs = (slides_path(speaker, row.token) for row in (seated, waiting))
    own = f"/registrations/{seated.token}"
    assert client.get(mine).status_code == 404
    assert "slides.pdf" not in client.get(own).text

    with time_machine.travel(utcnow() + timedelta(days=7, hours=1)):
        assert client.get(mine).status_code == 200
        assert client_for(member).get(slides_path(speaker)).status_code == 200
        assert client.get(theirs).status_code == 404
        assert "slides.pdf" in client.get(own).text
        with write():
            speaker.shares_slides = False
        assert client.get(mine).status_code == 404


def test_organisers_see_everything(
    client: FlaskClient, client_for: SignIn, webinar: Webinar, speaker: Speaker, organiser: User
) -> None:
    client.post(page_of(speaker, "/details"), data=details())
    send(client, speaker, slides())

    page = client_for(organiser).get(f"/webinars/{webinar.id}/speakers").text

    for words in ("Asked, no answer yet", ADDRESS, "+32 2 000", "A ramp", "I count houses.",
                  "Does not agree", "slides.pdf", f"/speakers/{speaker.token}"):  # fmt: skip
        assert words in page


def test_organisers_ask_and_ask_again(
    client_for: SignIn, webinar: Webinar, organiser: User
) -> None:
    browser = client_for(organiser)
    speaker = make_speaker(webinar, email=ADDRESS)

    browser.post(f"/webinars/{webinar.id}/speakers/ask")
    asked = browser.get(f"/webinars/{webinar.id}/speakers")
    work()
    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        browser.post(f"/webinars/{webinar.id}/speakers/{speaker.id}/ask")
        work()

    assert "One mail is on its way." in asked.text
    assert len(mails_to(ADDRESS)) == 2


def test_nobody_is_asked_for_a_cancelled_webinar(
    client_for: SignIn, webinar: Webinar, speaker: Speaker, organiser: User
) -> None:
    with write():
        webinar.status = Status.CANCELLED
    browser = client_for(organiser)

    answers = [
        browser.post(f"/webinars/{webinar.id}/speakers/ask"),
        browser.post(f"/webinars/{webinar.id}/speakers/{speaker.id}/ask"),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "This webinar is cancelled." in answers[0].text


@pytest.mark.parametrize("tail", ["", "/ask", "/{speaker}/ask"])
def test_the_page_of_speakers_is_for_organisers_only(
    client: FlaskClient, client_for: SignIn, webinar: Webinar, speaker: Speaker, tail: str
) -> None:
    path = f"/webinars/{webinar.id}/speakers" + tail.format(speaker=speaker.id)

    def status(browser: FlaskClient) -> int:
        return (browser.post(path) if tail else browser.get(path)).status_code

    assert status(client) == 302
    assert status(client_for(make_user())) == 403
    with write():
        webinar.visibility = Visibility.HIDDEN
    assert status(client_for(make_user())) == 404


def test_speaker_of_another_webinar_is_404(
    client_for: SignIn, webinar: Webinar, organiser: User
) -> None:
    other = make_speaker(make_webinar("Other"), email=ADDRESS)

    answer = client_for(organiser).post(f"/webinars/{webinar.id}/speakers/{other.id}/ask")

    assert answer.status_code == 404


def test_page_of_speakers_asks_as_much_for_one_as_for_ten(
    client_for: SignIn, webinar: Webinar, organiser: User, count_statements: Counting
) -> None:
    browser, counts = client_for(organiser), []
    for many in (1, 9):
        for number in range(many):
            make_speaker(webinar, position=number, user_id=make_user().id)
        browser.get(f"/webinars/{webinar.id}/speakers")
        with count_statements() as statements:
            browser.get(f"/webinars/{webinar.id}/speakers")
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_page_of_the_webinar_shows_who_comes_and_what_they_wrote(
    client: FlaskClient, webinar: Webinar, speaker: Speaker
) -> None:
    path = f"/webinars/{webinar.id}-housing"
    before = client.get(path).text
    client.post(page_of(speaker, "/details"), data=details(bio="I count <b>houses</b>."))
    described = client.get(path).text
    client.post(page_of(speaker, "/decline"))
    declined = client.get(path).text

    assert "Human rights officer" in before
    assert "I count &lt;b&gt;houses&lt;/b&gt;." in described
    for secret in ("A ramp", "+32 2 000", ADDRESS, speaker.token):
        assert secret not in described
    assert "Human rights officer" not in declined


def stop_path(kind: str, webinar: Webinar, speaker: Speaker) -> tuple[Any, str]:
    person: Any = speaker if kind == "speakers" else make_registration(webinar)
    return person, f"/{kind}/{person.token}/reminders"


@pytest.mark.parametrize("kind", ["registrations", "speakers"])
def test_mail_programs_end_reminders_with_one_click(
    app: Flask, client: FlaskClient, webinar: Webinar, speaker: Speaker, kind: str
) -> None:
    """RFC 8058: a POST from nowhere, no session, no token of ours, and no redirect."""
    person, path = stop_path(kind, webinar, speaker)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post(f"{path}/stop", data={"List-Unsubscribe": "One-Click"})
        refused = client.post(f"{path}/resume")
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert (answer.status_code, refused.status_code) == (200, 400)
    db.session.refresh(person)
    assert person.wants_reminders is False


@pytest.mark.parametrize("kind", ["registrations", "speakers"])
def test_page_ends_reminders_only_by_its_button(
    client: FlaskClient, webinar: Webinar, speaker: Speaker, kind: str
) -> None:
    person, path = stop_path(kind, webinar, speaker)

    looked = client.get(f"{path}/stop")
    db.session.refresh(person)
    assert person.wants_reminders is True
    stopped = client.post(f"{path}/stop")
    resumed = client.post(f"{path}/resume")

    assert "No more reminders" in looked.text
    assert "You get no more reminders of this webinar." in stopped.text
    assert "No more reminders" in resumed.text
    db.session.refresh(person)
    assert person.wants_reminders is True


@pytest.mark.parametrize("path", ["/registrations/unknown-token-here/reminders/stop",
                                  "/speakers/unknown-token-here/reminders/stop",
                                  "/others/unknown-token-here/reminders/stop"])  # fmt: skip
def test_unknown_link_ends_nothing(client: FlaskClient, path: str) -> None:
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
