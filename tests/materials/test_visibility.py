"""Who finds materials and the recording, on the page, in files and in the transcript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.core.slugs import slugify
from app.files import clearing
from app.files.models import StoredFile
from app.live.attendees import attendee_of
from app.materials.enums import Sharing, TrackKind
from app.materials.models import WebinarRecording
from app.materials.showing import shelf
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_files import PDF
from tests.factories_live import (
    VTT,
    give_file,
    make_chapter,
    make_material,
    make_recording,
    make_track,
)
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]
PAST = {"starts_in": timedelta(hours=-3), "recording": "all"}
ROLES = ("visitor", "applicant", "member", "registered", "speaker", "organiser", "admin")


def address_of(webinar: Webinar) -> str:
    return f"/webinars/{webinar.id}-{slugify(webinar.title)}"


class Scene:
    """A webinar in the past, everybody who may look at it, and what there is to see."""

    def __init__(self, client: FlaskClient, client_for: SignIn, **changes: Any) -> None:
        self.organiser = make_organiser()
        self.webinar = make_webinar(organiser=self.organiser, **(PAST | changes))
        registered, speaker = make_user(), make_user()
        make_registration(self.webinar, user=registered, email=registered.email)
        make_speaker(self.webinar, user_id=speaker.id)
        self.browsers = {"visitor": client} | {
            role: client_for(person)
            for role, person in {
                "applicant": make_user(approved_at=None),
                "member": make_user(),
                "registered": registered,
                "speaker": speaker,
                "organiser": self.organiser,
                "admin": make_user(role=SiteRole.ADMIN),
            }.items()
        }

    def fill(self, sharing: Sharing, **changes: Any) -> dict[str, str]:
        """Materials and a recording for these people. Addresses to be tried, by what they are."""
        webinar = self.webinar
        material = make_material(webinar, "The very slides", sharing=sharing, **changes)
        file = give_file(material, self.organiser, PDF, "slides.pdf")
        make_recording(webinar, sharing=sharing, url="https://video.example.org/secret")
        captions = make_track(webinar, kind=TrackKind.CAPTIONS, text="")
        vtt = give_file(captions, self.organiser, VTT, "captions.vtt")
        make_track(webinar)
        return {
            "file": f"/files/{file.key}/slides.pdf",
            "captions": f"/files/{vtt.key}/captions.vtt",
            "transcript": f"/webinars/{webinar.id}/transcript?language=en",
        }

    def seen_by(self, role: str, addresses: dict[str, str]) -> set[str]:
        browser = self.browsers[role]
        made, kept = (self.on_page(browser) for _time in range(2))
        assert made == kept
        answers = {name: browser.get(path).status_code for name, path in addresses.items()}
        assert set(answers.values()) <= {200, 404}
        return made | {name for name, status in answers.items() if status == 200}

    def on_page(self, browser: FlaskClient) -> set[str]:
        page = browser.get(address_of(self.webinar)).text
        words = {"page: slides": "The very slides", "page: recording": "video.example.org"}
        return {name for name, word in words.items() if word in page}


ALL = {"page: slides", "page: recording", "file", "captions", "transcript"}
INSIDE = ("registered", "speaker", "organiser", "admin")


@pytest.mark.parametrize(
    ("sharing", "visibility", "entitled"),
    [
        (Sharing.AUDIENCE, Visibility.PUBLIC, ROLES),
        (Sharing.REGISTERED, Visibility.PUBLIC, INSIDE),
        (Sharing.AUDIENCE, Visibility.NETWORK, ("member", *INSIDE)),
        (Sharing.REGISTERED, Visibility.NETWORK, INSIDE),
    ],
)
def test_whoever_is_entitled_finds_all_and_others_nothing(
    client: FlaskClient, client_for: SignIn, sharing: Sharing, visibility: Visibility, entitled: Any
) -> None:
    scene = Scene(client, client_for, visibility=visibility)
    addresses = scene.fill(sharing)

    seen = {role: scene.seen_by(role, addresses) for role in ROLES}

    assert seen == {role: ALL if role in entitled else set() for role in ROLES}


def test_nobody_finds_what_is_not_agreed_to_or_published(
    client: FlaskClient, client_for: SignIn
) -> None:
    scene = Scene(client, client_for)
    addresses = scene.fill(Sharing.AUDIENCE, consented_at=None)
    with write():
        recording_row(scene.webinar).published_at = None

    seen = {role: scene.seen_by(role, addresses) for role in ROLES}

    to_organisers = {"file", "captions"}  # they have to listen to it before
    assert seen == {
        role: to_organisers if role in ("organiser", "admin") else set() for role in ROLES
    }


def test_recording_is_gone_from_its_last_day_on(client: FlaskClient, client_for: SignIn) -> None:
    scene = Scene(client, client_for)
    addresses = scene.fill(Sharing.AUDIENCE)
    with write():
        recording_row(scene.webinar).ends_on = utcnow().date() + timedelta(days=1)
    before = scene.seen_by("visitor", addresses)
    with write():
        recording_row(scene.webinar).ends_on = utcnow().date()

    assert before == ALL
    assert scene.seen_by("visitor", addresses) == {"page: slides", "file"}


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.DRAFT])
def test_nothing_is_left_of_a_webinar_that_is_called_off(
    client: FlaskClient, client_for: SignIn, status: Status
) -> None:
    scene = Scene(client, client_for)
    addresses = scene.fill(Sharing.AUDIENCE)
    with write():
        scene.webinar.status = status
        scene.webinar.cancel_reason = "Nobody could come."

    assert scene.seen_by("visitor", addresses) == set()
    assert scene.seen_by("registered", addresses) == set()


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (RegistrationState.CONFIRMED, 200),
        (RegistrationState.WAITLISTED, 404),
        (RegistrationState.CANCELLED, 404),
        (RegistrationState.PENDING_EMAIL, 404),
    ],
)
def test_personal_link_opens_what_its_place_may_have(
    client: FlaskClient, client_for: SignIn, state: RegistrationState, status: int
) -> None:
    scene = Scene(client, client_for, visibility=Visibility.NETWORK)
    addresses = scene.fill(Sharing.REGISTERED)
    token = make_registration(scene.webinar, state=state).token
    other = make_registration(make_webinar("Another one")).token

    def got(link: str) -> set[int]:
        paths = [f"{path}{'&' if '?' in path else '?'}t={link}" for path in addresses.values()]
        return {client.get(path).status_code for path in paths}

    assert (got(token), got(other), got("x" * 20), got("'")) == ({status}, {404}, {404}, {404})


def test_speakers_slides_stand_there_when_they_share_them(
    client: FlaskClient, client_for: SignIn
) -> None:
    scene = Scene(client, client_for)
    speaker = make_speaker(scene.webinar, "Mayor", position=2)
    with write():
        file = StoredFile(
            key="a" * 32, name="mayor.pdf", media_type="application/pdf", size=10,
            sha256="b" * 64, created_at=utcnow(), attached_at=utcnow(),
        )  # fmt: skip
        db.session.add(file)
        db.session.flush()
        speaker.slides_id = file.id
    pages = [[page_of(scene, role) for role in ("member", "registered")]]
    with write():
        speaker.shares_slides = True
    pages += [[page_of(scene, role) for role in ("member", "registered")]]

    found = [["mayor.pdf" in page for page in two] for two in pages]
    assert found == [[False, False], [False, True]]


def page_of(scene: Scene, role: str) -> str:
    return str(scene.browsers[role].get(address_of(scene.webinar)).text)


def recording_row(webinar: Webinar) -> Any:
    return db.session.get_one(WebinarRecording, webinar.id)


def test_host_is_told_and_nothing_is_embedded(client: FlaskClient, client_for: SignIn) -> None:
    scene = Scene(client, client_for)
    scene.fill(Sharing.AUDIENCE)
    make_chapter(scene.webinar, 90, "How Graz counts")
    page = page_of(scene, "visitor")

    assert "Opens at video.example.org" in page
    assert [tag in page for tag in ("<iframe", "<video", "<embed")] == [False] * 3
    assert ["1:30" in page, "How Graz counts" in page] == [True, True]


@pytest.mark.parametrize(
    ("recording", "hours", "words"),
    [
        ("all", 3, "The recording follows."),
        ("all", 24 * 9, "There is no recording here."),
        ("none", 3, ""),
    ],
)
def test_page_says_when_a_recording_is_expected(
    client: FlaskClient, recording: str, hours: int, words: str
) -> None:
    webinar = make_webinar(starts_in=timedelta(hours=-hours), recording=recording)
    page = client.get(address_of(webinar)).text

    told = [
        text for text in ("The recording follows.", "There is no recording here.") if text in page
    ]
    assert told == ([words] if words else [])


@pytest.mark.parametrize(
    ("attribution", "visitor", "member"),
    [
        (Attribution.OPEN, ["Listed member"], ["Listed member", "Listed guest"]),
        (Attribution.NETWORK, [], ["Listed member", "Listed guest"]),
        (Attribution.CHATHAM_HOUSE, [], []),
    ],
)
def test_participants_are_named_as_attribution_and_they_allow(
    client: FlaskClient,
    client_for: SignIn,
    attribution: Attribution,
    visitor: list[str],
    member: list[str],
) -> None:
    webinar = make_webinar(**PAST, attribution=attribution)
    person = make_user()
    make_registration(webinar, name="Listed member", is_listed=True, user_id=person.id)
    make_registration(webinar, name="Listed guest", is_listed=True)
    make_registration(webinar, name="Unlisted guest")
    make_registration(
        webinar, name="Listed but gone", is_listed=True, state=RegistrationState.CANCELLED
    )
    people = [client, client_for(make_user())]
    names = ("Listed member", "Listed guest", "Unlisted guest", "Listed but gone")

    found = [
        [name for name in names if name in browser.get(address_of(webinar)).text]
        for browser in people
    ]

    assert found == [visitor, member]


@pytest.mark.parametrize("count", [1, 30])
def test_past_page_takes_the_same_few_statements(
    client_for: SignIn, count_statements: Any, count: int
) -> None:
    webinar, organiser = make_webinar(**PAST), make_organiser()
    make_recording(webinar)
    for number in range(count):
        material = make_material(webinar, f"Paper {number}", position=number)
        give_file(material, organiser, b"text", "paper.txt")
        make_chapter(webinar, number, f"Chapter {number}")
        make_track(webinar, language=f"a{number}")
        make_registration(webinar, is_listed=True)
    browser, address = client_for(make_user()), address_of(webinar)
    with count_statements() as first:
        browser.get(address)
    with count_statements() as again:
        browser.get(address)

    assert (len(first), len(again)) == (17, 3)


def test_file_goes_when_nothing_has_it_any_more(app: Flask, client_for: SignIn) -> None:
    organiser = make_organiser()
    material = make_material(make_webinar(organiser=organiser))
    file = give_file(material, organiser)
    with write():
        clearing.note_what_is_used()
    kept = file.deleted_at
    with write():
        material.removed_at = utcnow()
    with write():
        clearing.note_what_is_used()

    assert (kept, file.deleted_at is not None) == (None, True)


def test_shelf_is_looked_up_for_a_person_too(client: FlaskClient, client_for: SignIn) -> None:
    scene = Scene(client, client_for)
    scene.fill(Sharing.REGISTERED)
    webinar, registered, speaker = scene.webinar, make_user(), make_user()
    make_registration(webinar, user_id=registered.id, email=registered.email)
    make_speaker(webinar, "Mayor", user_id=speaker.id, position=3)
    db.session.refresh(webinar)
    readers = (None, make_user(), registered, speaker, scene.organiser)

    found = [shelf(webinar, reader).is_empty for reader in readers]

    assert found == [True, True, False, False, False]
    assert shelf(webinar, attendee_of(webinar, registered, "")).is_empty is False
