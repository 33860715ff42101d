"""Who was there and who promised is named no further than the notes say: in no page, file or mail.

One webinar for each way of naming, with people and places that no other has; everything that can
be read of all of them is read once by each role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Attribution
from app.forum.enums import FollowLevel
from app.forum.following import follow_topic
from app.notes import deciding, reviewing
from app.notes.deciding import Owner
from app.notes.enums import Naming
from app.notes.guest_links import guest_key
from app.notes.models import NoteSet
from tests.factories import make_topic, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser
from tests.hostile.words_out import PASSED_OVER, leaks, mailed
from tests.notes.file_reading import squeezed

pytestmark = [pytest.mark.no_cover, pytest.mark.any_engine]

SignIn = Callable[[User], FlaskClient]
OWNER = "owner"
NAMES_MEMBERS = ("/members", "/completions/people", "/search")
"""Where an account is found by its name, whatever it promised."""


class Stage:
    """`nobody`, `city` and `actor` are published, `review` is nobody's and in review."""

    def __init__(self) -> None:
        self.topic, self.organiser = make_topic("housing"), make_organiser()
        self.sets = {
            "Quokka": self._held("Quokka", Naming.NOBODY),
            "Numbat": self._held("Numbat", Naming.CITY),
            "Bilby": self._held("Bilby", Naming.ACTOR),
            "Potoroo": self._held("Potoroo", Naming.NOBODY, is_out=False),
            "Dunnart": self._held("Dunnart", Naming.PERSON, attribution=Attribution.CHATHAM_HOUSE),
        }
        self.guests = [make_registration(one.webinar, joined_at=utcnow(), name="Reader")
                       for one in self.sets.values()]  # fmt: skip
        self.marks = [f"{mark}{what}" for mark, what in product(self.sets, ("person", OWNER))]
        self.marks += [f"{mark}ville" for mark in self.sets if mark != "Numbat"]

    def _held(
        self,
        mark: str,
        naming: Naming,
        *,
        is_out: bool = True,
        attribution: Attribution = Attribution.OPEN,
    ) -> NoteSet:
        notes = make_notes(self.organiser, topic_id=self.topic.id, starts_in=timedelta(days=-2),
                           attribution=attribution, title=f"Seen {naming.value}")  # fmt: skip
        save(note_at(notes, 1), "Everybody met.", self.organiser)
        make_registration(
            notes.webinar, email=f"{naming.value}{is_out}@demo.invalid", name=f"{mark}person",
            is_listed=True, city_label=f"{mark}ville", joined_at=utcnow(), attended=True,
            wants_reminders=False,
        )  # fmt: skip
        owner = make_user(f"{mark}{OWNER}", wants_action_mails=False)
        with write():
            deciding.promise(notes, "Send the figures", Owner(user=owner), utcnow().date())
            notes.naming = naming
            if not is_out:
                reviewing.open_review(notes, 7, self.organiser)
        if is_out:
            publish(notes, self.organiser)
        return notes

    def paths(self, app: Flask, role: str) -> list[str]:
        """All of the product for which these are enough, and what a guest's links add."""
        webinars = [one.webinar for one in self.sets.values()]
        values = {
            "webinar_id": [one.id for one in webinars],
            "note_id": [note_at(one, 1).id for one in self.sets.values()],
            "token": [one.token for one in self.guests] if role == "guest" else ["x" * 24],
            "slug": [self.topic.slug],
            "year": sorted({one.start_local.year for one in webinars if one.start_local}),
            "form": ["pdf", "docx", "odt", "txt", "md", "html"],
        }
        found = {*_built(app, values), *(f"/{page}?q={mark}" for mark in self.sets
                 for page in ("search", "actions", "actions.csv", "decisions.csv"))}  # fmt: skip
        found |= {f"/topics/{self.topic.slug}/{page}" for page in ("feed.atom", "calendar.ics")}
        if role == "guest":
            read = [one for one in found if "/summary" in one or one.endswith(".csv")]
            found |= {f"{one}?key={guest_key(webinar)}" for webinar in webinars for one in read
                      if one.startswith(f"/webinars/{webinar.id}/")}  # fmt: skip
        return sorted(found)


def _built(app: Flask, values: dict[str, list[object]]) -> Iterator[str]:
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        names = sorted(rule.arguments)
        if "GET" not in (rule.methods or ()) or rule.endpoint in PASSED_OVER:
            continue
        if {"note_id", "webinar_id"} <= set(names) or not set(names) <= set(values):
            continue
        for chosen in product(*(values[name] for name in names)):
            yield adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True)))


@pytest.fixture
def stage(app: Flask) -> Stage:
    return Stage()


@pytest.mark.parametrize("role", ["visitor", "member", "guest"])
def test_nobody_is_named_beyond_what_the_notes_say(
    app: Flask, stage: Stage, client_for: SignIn, role: str
) -> None:
    browser = client_for(make_user("Reader")) if role == "member" else app.test_client()
    found = leaks(browser, stage.paths(app, role), stage.marks)

    assert [one for one in found if not _is_a_list_of_members(one)] == []
    draft = f"/registrations/{stage.guests[3].token}/review"
    assert "Everybody met." in app.test_client().get(draft).text
    city = f"/webinars/{stage.sets['Numbat'].webinar_id}/summary.txt"
    assert (
        leaks(browser, [city] * 20, ["Numbatville", "Numbatperson"])
        == [f"{city}: Numbatville"] * 20
    )


def test_mails_name_nobody_either(app: Flask, stage: Stage, run_jobs: Callable[..., int]) -> None:
    follower = make_user(wants_summary_mails=True)
    with write():
        follow_topic(stage.topic.id, follower, FollowLevel.FOLLOWING)
    run_jobs()
    letters = list(mailed())

    assert sum(follower.email in to for to, _words in letters) == 4
    assert sum("Reader" in to for to, _words in letters) == 5
    assert [(to, mark) for to, words in letters for mark in stage.marks
            if mark in squeezed(words)] == []  # fmt: skip


def _is_a_list_of_members(found: str) -> bool:
    return found.startswith(NAMES_MEMBERS) and found.endswith(OWNER)
