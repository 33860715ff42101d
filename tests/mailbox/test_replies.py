"""Answers in the style of the programs people use, each accepted or refused as the rules say."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.mailbox.enums import Outcome
from app.webinars.enums import PartStat, RegistrationState
from tests.factories_mailbox import Stage, come_in, reply_file, reply_files

APPLIED, IGNORED = Outcome.APPLIED, Outcome.IGNORED
FORWARDED, UNVERIFIED = Outcome.FORWARDED, Outcome.UNVERIFIED
YES, PERHAPS, NO = PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED
NOTHING = PartStat.NEEDS_ACTION


@dataclass(frozen=True)
class Expected:
    """What becomes of the mail, and what is known of the official then."""

    outcome: Outcome
    partstat: PartStat = NOTHING
    has_seat: bool = True
    is_stale: bool = False


NO_SEAT = Expected(APPLIED, NO, has_seat=False)
EXPECTED = {
    "absence-note": Expected(IGNORED),
    "absence-note-of-old-program": Expected(IGNORED),
    "accepted-for-the-old-time": Expected(APPLIED, YES, is_stale=True),
    "android-bare-calendar": Expected(APPLIED, YES),
    "apple-mail-accepted": Expected(APPLIED, YES),
    "bounce": Expected(IGNORED),
    "calendar-answer-of-a-machine": Expected(APPLIED, YES),
    "careless-header-and-lines": Expected(APPLIED, YES),
    "counter-in-unknown-zone": Expected(FORWARDED),
    "counter-unproven": Expected(FORWARDED),
    "cut-in-the-middle": Expected(FORWARDED),
    "declined-before-a-new-title": NO_SEAT,
    "declined-for-the-old-time": Expected(APPLIED, NO, is_stale=True),
    "declined-with-old-sequence-and-no-time": Expected(APPLIED, NO, is_stale=True),
    "delegated-to-nobody": Expected(APPLIED, PartStat.DELEGATED),
    "dtstamp-of-tomorrow": Expected(APPLIED, YES),
    "eleven-events": Expected(FORWARDED),
    "exchange-declined-wrong-charset": NO_SEAT,
    "forged-from-another": Expected(UNVERIFIED),
    "forged-from-fails-dmarc": Expected(UNVERIFIED),
    "forged-guessed-token": Expected(UNVERIFIED),
    "forged-results-in-a-comment": Expected(UNVERIFIED),
    "forged-results-of-another-server": Expected(UNVERIFIED),
    "forged-results-of-other-domain": Expected(UNVERIFIED),
    "forged-second-results": Expected(UNVERIFIED),
    "forged-two-from": Expected(UNVERIFIED),
    "forged-two-senders": Expected(UNVERIFIED),
    "forged-without-results": Expected(UNVERIFIED),
    "forwarded-whole": Expected(FORWARDED),
    "gateway-comment-before-begin": Expected(APPLIED, YES),
    "gateway-utf16": Expected(APPLIED, YES),
    "google-accepted": Expected(APPLIED, YES),
    "google-declined": NO_SEAT,
    "google-tentative-proven": Expected(APPLIED, PERHAPS),
    "header-says-request": Expected(IGNORED),
    "icloud-declined": NO_SEAT,
    "needs-action": Expected(IGNORED),
    "nextcloud-declined": NO_SEAT,
    "one-date-of-a-series": Expected(IGNORED),
    "other-organizer": Expected(IGNORED),
    "other-uid": Expected(IGNORED),
    "our-own-mail": Expected(IGNORED),
    "outlook-365-declined": NO_SEAT,
    "outlook-classic-accepted": Expected(APPLIED, YES),
    "outlook-counter": Expected(APPLIED),
    "outlook-delegated": Expected(APPLIED, PartStat.DELEGATED),
    "outlook-new-tentative": Expected(APPLIED, PERHAPS),
    "partstat-of-fancy": Expected(IGNORED),
    "party-crasher-accepts": Expected(IGNORED),
    "party-crasher-declines": Expected(IGNORED),
    "person-invites-us": Expected(FORWARDED),
    "person-writes": Expected(FORWARDED),
    "person-writes-to-sender": Expected(FORWARDED),
    "refresh": Expected(APPLIED),
    "same-attendee-twice-differently": Expected(IGNORED),
    "sent-by-secretary": Expected(APPLIED, YES),
    "sent-by-stranger": Expected(UNVERIFIED),
    "sequence-raised-by-attendee": Expected(APPLIED, YES),
    "sequence-without-end": Expected(APPLIED, YES),
    "several-attendees-none-is-sender": Expected(IGNORED),
    "several-attendees-one-is-sender": Expected(APPLIED, YES),
    "stranger-writes": Expected(Outcome.KEPT_ASIDE),
    "thunderbird-accepted-twice": Expected(APPLIED, YES),
    "thunderbird-tentative": Expected(APPLIED, PERHAPS),
    "token-of-another-person": Expected(UNVERIFIED),
    "two-answers-that-differ": Expected(IGNORED),
    "two-events": Expected(IGNORED),
    "unreadable-calendar": Expected(FORWARDED),
    "webmail-octet-stream-ics": Expected(APPLIED, YES),
    "winmail": Expected(FORWARDED),
    "without-sequence-and-dtstamp": Expected(APPLIED, YES),
    "zimbra-accepted": Expected(APPLIED, YES),
}


@pytest.mark.any_engine
def test_every_file_has_its_expectation() -> None:
    assert reply_files() == sorted(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_answer_is_accepted_or_refused(stage: Stage, name: str) -> None:
    mail = come_in(stage.filled(reply_file(name)))

    db.session.refresh(stage.official)
    person = stage.official
    seat = person.state == RegistrationState.CONFIRMED
    assert Expected(mail.outcome, person.partstat, seat, person.is_reply_stale) == EXPECTED[name]
    assert bool(mail.detail)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_answer_of_one_changes_nobody_else(stage: Stage, name: str) -> None:
    before = _row(stage.colleague.id)

    come_in(stage.filled(reply_file(name)))

    assert _row(stage.colleague.id) == before


def _row(registration_id: int) -> tuple[object, ...]:
    db.session.rollback()
    mine = sa.text("SELECT * FROM registration WHERE id = :id")
    return tuple(db.session.execute(mine, {"id": registration_id}).one())
