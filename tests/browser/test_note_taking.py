"""Two people take notes at once: nothing that one of them types is ever lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.accounts.models import User
from app.accounts.queries import draft_for
from app.accounts.sessions import open_session
from app.core.db import db, write
from app.notes import note_takers
from app.notes.contents import actions_of, decisions_of, revisions_of
from app.notes.enums import RevisionKind
from app.notes.models import Note, NoteSet
from app.notes.writing import revision_of
from tests.factories import make_user
from tests.factories_notes import make_notes, note_at, save
from tests.factories_webinars import make_organiser

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

TAKER = "Policy adviser, Graz"
Open = Callable[..., Page]


@dataclass
class Meeting:
    """The notes of a webinar, and two browsers that write them."""

    note_set: NoteSet
    organiser: User
    first: Page
    second: Page

    @property
    def address(self) -> str:
        return f"/webinars/{self.note_set.webinar_id}/notes"

    def text_of(self, position: int) -> str:
        db.session.rollback()
        note = db.session.get_one(Note, note_at(self.note_set, position).id)
        head = revision_of(note, note.head)
        return head.body if head else ""


@pytest.fixture
def meeting(app: Flask, browser_of: Open) -> Meeting:
    organiser, taker = make_organiser(), make_user(TAKER)
    note_set = make_notes(organiser, ("Welcome", "Counting"))
    save(note_at(note_set, 2), "One.\n\nTwo.", organiser)
    with write():
        note_takers.name_note_taker(note_set.webinar, taker, organiser)
    db.session.refresh(note_set)
    meeting = Meeting(note_set, organiser, browser_of(organiser), browser_of(taker))
    for page in (meeting.first, meeting.second):
        go_to_notes(page, meeting.address)
    return meeting


def go_to_notes(page: Page, address: str) -> None:
    """As soon as the page listens: before, a press leads to a page of its own."""
    page.goto(address)
    page.locator("[data-listens]").wait_for()


def section(page: Page, heading: str) -> Locator:
    return page.get_by_role("region", name=heading, exact=True)


def open_section(page: Page, heading: str) -> Locator:
    section(page, heading).get_by_role("link", name=re.compile("^Edit")).click()
    field = section(page, heading).get_by_role("textbox", name=re.compile("^Text of"))
    expect(field).to_be_focused()
    return field


def beat(page: Page) -> None:
    """What the page does by itself every 20 seconds."""
    page.evaluate("dispatchEvent(new Event('online'))")


def saved(page: Page, heading: str) -> None:
    page.keyboard.press("Control+Enter")
    expect(section(page, heading).get_by_role("textbox")).to_have_count(0)


def test_two_note_takers_see_each_other_and_each_others_words(meeting: Meeting) -> None:
    first, second = meeting.first, meeting.second
    open_section(second, "Welcome").fill("Said by the other.")
    writing = open_section(first, "Counting")

    expect(section(first, "Welcome").get_by_role("status")).to_have_text(
        f"{TAKER} is editing this part."
    )
    saved(second, "Welcome")
    writing.press("End")
    writing.type(" And more.")
    before = writing.evaluate("field => field.getBoundingClientRect().top")
    beat(first)

    expect(section(first, "Welcome")).to_contain_text("Said by the other.")
    expect(writing).to_be_focused()
    after = writing.evaluate("field => field.getBoundingClientRect().top")
    assert abs(after - before) < 2
    saved(first, "Counting")
    assert (meeting.text_of(1), meeting.text_of(2)) == (
        "Said by the other.",
        "One.\n\nTwo. And more.",
    )


@pytest.mark.parametrize("place", ["", "#note-1"])
def test_a_page_of_its_own_has_the_focus_in_the_text(meeting: Meeting, place: str) -> None:
    """As it comes when somebody is faster than the scripts."""
    edit = section(meeting.first, "Welcome").get_by_role("link", name=re.compile("^Edit"))
    address = (edit.get_attribute("href") or "").partition("#")[0]
    page = meeting.second
    page.goto(f"{address}{place}")

    writing = section(page, "Welcome").get_by_role("textbox", name=re.compile("^Text of"))
    expect(writing).to_be_focused()
    page.locator("[data-listens]").wait_for()
    page.keyboard.type("At once")
    saved(page, "Welcome")
    assert meeting.text_of(1) == "At once"


def test_the_same_section_is_joined_or_laid_side_by_side(meeting: Meeting) -> None:
    first, second = meeting.first, meeting.second
    mine, theirs = open_section(first, "Counting"), open_section(second, "Counting")
    theirs.fill("One, they say.\n\nTwo.")
    saved(second, "Counting")
    mine.fill("One.\n\nTwo, I say.")
    mine.press("Control+s")

    said = "Saved, and joined with the changes of Policy adviser, Graz."
    expect(section(first, "Counting")).to_contain_text(said)
    expect(mine).to_have_value("One, they say.\n\nTwo, I say.")

    theirs = open_section(second, "Counting")
    theirs.fill("One, they say.\n\nTwo, they say.")
    saved(second, "Counting")
    mine.fill("One, they say.\n\nTwo, I repeat.")
    mine.press("Control+Enter")
    said = "Somebody changed the same paragraph. Both texts are kept."
    expect(section(first, "Counting").get_by_text(said)).to_be_visible()
    expect(mine).to_be_focused()
    with first.expect_response("**/edit") as again:
        mine.press("Control+s")
    assert again.value.status == 409
    mine.press("Control+End")
    mine.type(" Once more.")
    first.get_by_role("link", name="Look at both").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Two texts for one section")
    newest = "One, they say.\n\nTwo, I repeat. Once more."
    expect(first.get_by_label("Your newest words")).to_have_value(newest)
    first.get_by_role("button", name="Choose with these words").click()
    expect(first.get_by_label("Your newest words")).to_have_count(0)
    first.get_by_label("Keep both").check()
    first.get_by_role("button", name="Save this text").click()
    expect(first.get_by_role("heading", level=1)).to_contain_text("Notes")
    assert meeting.text_of(2) == "One, they say.\n\nTwo, they say.\n\nTwo, I repeat. Once more."
    note = note_at(meeting.note_set, 2)
    kept = [one.body for one in revisions_of(note) if one.kind == RevisionKind.BRANCH]
    assert kept[:2] == [newest, "One, they say.\n\nTwo, I repeat."]
    assert len(kept) == len(set(kept))


def test_what_is_saved_without_a_connection_arrives_when_it_is_back(meeting: Meeting) -> None:
    page = meeting.first
    writing = open_section(page, "Welcome")
    writing.type("Before")
    page.context.set_offline(True)
    expect(page.get_by_text("No connection. Your text is safe").first).to_be_visible()
    writing.type(", while")
    writing.press("Control+Enter")
    expect(section(page, "Welcome")).to_contain_text("is saved when the connection is back")
    writing.type(" and after")
    page.context.set_offline(False)

    expect(section(page, "Welcome")).to_contain_text("Saved.")
    expect(writing).to_have_value("Before, while and after")
    assert meeting.text_of(1) == "Before, while and after"


def test_a_closed_tab_loses_nothing(meeting: Meeting) -> None:
    page = meeting.first
    open_section(page, "Welcome").type("Half a sentence")
    expect(section(page, "Welcome")).to_contain_text("Draft saved at")
    open_section(page, "Counting").fill("One.\n\nTwo.\n\nNever sent")
    page.close()
    again = page.context.new_page()
    go_to_notes(again, meeting.address)

    expect(open_section(again, "Welcome")).to_have_value("Half a sentence")
    expect(again.get_by_text("This is your text that was not saved yet.")).to_be_visible()
    expect(open_section(again, "Counting")).to_have_value("One.\n\nTwo.\n\nNever sent")
    saved(again, "Counting")
    assert meeting.text_of(2) == "One.\n\nTwo.\n\nNever sent"


def test_who_types_on_and_on_has_a_draft_after_ten_seconds(meeting: Meeting) -> None:
    page = meeting.first
    page.clock.install()
    go_to_notes(page, meeting.address)
    writing = open_section(page, "Welcome")

    for _second in range(9):
        writing.type("a")
        page.clock.run_for(1000)
    early = draft_of(meeting)
    with page.expect_response("**/drafts"):
        writing.type("b")
        page.clock.run_for(1000)

    assert (early, draft_of(meeting)) == ("", "aaaaaaaaab")


def draft_of(meeting: Meeting) -> str:
    db.session.rollback()
    draft = draft_for(meeting.organiser, f"note:{note_at(meeting.note_set, 1).id}")
    return draft.fields["body"] if draft else ""


def test_who_is_signed_out_saves_after_signing_in_again(app: Flask, meeting: Meeting) -> None:
    page = meeting.first
    writing = open_section(page, "Counting")
    writing.fill("One, I say.\n\nTwo.")
    page.context.clear_cookies()
    writing.press("Control+s")
    expect(section(page, "Counting")).to_contain_text("You are signed out. Your text is safe")
    expect(page.get_by_role("link", name="Sign in in a new tab")).to_be_visible()

    # Somebody else saved meanwhile: the text still belongs to the revision it was begun on.
    other = open_section(meeting.second, "Counting")
    other.fill("One.\n\nTwo, they say.")
    saved(meeting.second, "Counting")
    sign_in_again(app, page, meeting.organiser)
    writing.press("Control+Enter")

    expect(section(page, "Counting").get_by_role("textbox")).to_have_count(0)
    assert meeting.text_of(2) == "One, I say.\n\nTwo, they say."


def sign_in_again(app: Flask, page: Page, person: User) -> None:
    with write():
        sid = open_session(person, address="127.0.0.1")
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    values = {"_user_id": person.fs_uniquifier, "_fresh": True, "_permanent": True, "sid": sid}
    cookie = serializer.dumps(values)
    page.context.add_cookies(
        [{"name": "session", "value": cookie, "domain": "localhost", "path": "/"}]
    )


def test_one_key_makes_a_line_a_record(meeting: Meeting) -> None:
    page = meeting.first
    page.locator("#note-1").evaluate("section => { section.tabIndex = -1; section.focus(); }")
    page.keyboard.press("e")
    writing = section(page, "Welcome").get_by_role("textbox")
    expect(writing).to_be_focused()

    writing.type("Meet monthly")
    writing.press("F2")
    writing.press("Enter")
    writing.press("Enter")
    writing.type("Send the form (network office) by 12 May 2027")
    writing.press("Shift+F2")

    expect(writing).to_have_value(
        "Decision: Meet monthly\n\nAction: Send the form (network office) by 12 May 2027"
    )
    saved(page, "Welcome")
    expect(page.locator("#decision-list")).to_contain_text("Meet monthly")
    expect(page.locator("#action-list")).to_contain_text("network office")
    db.session.rollback()
    assert [one.text for one in decisions_of(meeting.note_set)] == ["Meet monthly"]
    assert [one.owner_label for one in actions_of(meeting.note_set)] == ["network office"]
