"""Corrections: proposed paragraph by paragraph, answered once, told to who proposed them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution
from app.core.rate_limit import AllowanceSpent
from app.notes import correcting, proposing, reviewing, sectioning, writing
from app.notes.contents import revisions_of
from app.notes.enums import CorrectionState, RevisionKind
from app.notes.errors import (
    AnsweredMeanwhile,
    AnswerMissing,
    CorrectionsOver,
    CorrectionTooLong,
    NothingCorrected,
    ParagraphGone,
    TooManyCorrections,
)
from app.notes.merging import Conflict
from app.notes.models import Correction, NoteSet
from app.notes.proposing import Proposer
from tests.factories import make_city, make_user
from tests.factories_notes import make_notes, note_at, save
from tests.factories_registrations import make_registration, text_of
from tests.factories_reviews import TEXT, make_review, propose
from tests.factories_webinars import make_organiser

RunJobs = Callable[..., int]
Outbox = Callable[[], list[EmailMessage]]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def note_set(organiser: User) -> NoteSet:
    return make_review(organiser)


@pytest.fixture
def who(app: Flask) -> Proposer:
    return Proposer(make_user("Housing officer", make_city("Lund")))


def body_of(note_set: NoteSet) -> str:
    db.session.rollback()
    return revisions_of(note_at(note_set, 1))[0].body


def accept(correction: Correction, actor: User, version: int = 1) -> Conflict | None:
    with write():
        return correcting.accept(correction, version, actor)


def test_accepted_words_stand_in_the_text(
    note_set: NoteSet, organiser: User, who: Proposer
) -> None:
    correction = propose(note_at(note_set, 1), "Graz counts **twice** a year.", who, 1)

    assert accept(correction, organiser) is None

    head = revisions_of(note_at(note_set, 1))[0]
    assert head.body == TEXT.replace("Graz counts them each year.", "Graz counts **twice** a year.")
    assert (head.kind, head.author_id) == (RevisionKind.CORRECTED, organiser.id)
    assert "<strong>twice</strong>" in head.html
    assert (correction.state, correction.answered_by_id) == (
        CorrectionState.ACCEPTED,
        organiser.id,
    )


def test_all_else_stays_as_it_was_typed(organiser: User, who: Proposer) -> None:
    text = "\n# A\n\n\n\none  \ntwo\n\n```\ncode\n\nmore\n```\n\n  - x\n\nsame\n\nsame\n"
    note_set = make_review(organiser, text)
    correction = propose(note_at(note_set, 1), "other", who, 5)

    accept(correction, organiser)

    assert body_of(note_set) == text[: text.rindex("same")] + "other\n"


def test_a_paragraph_can_be_left_out(note_set: NoteSet, organiser: User, who: Proposer) -> None:
    accept(propose(note_at(note_set, 1), "", who, 1), organiser)

    assert body_of(note_set) == "Rents rose by a third.\n\nLund asks people."


def test_first_paragraph_can_be_left_out(note_set: NoteSet, organiser: User, who: Proposer) -> None:
    accept(propose(note_at(note_set, 1), "", who, 0), organiser)

    assert body_of(note_set) == "Graz counts them each year.\n\nLund asks people."


def test_it_is_joined_with_what_was_written_since(
    note_set: NoteSet, organiser: User, who: Proposer
) -> None:
    note = note_at(note_set, 1)
    correction = propose(note, "Lund asks tenants.", who, 2)
    save(note, TEXT.replace("third", "quarter"), organiser)

    accept(correction, organiser)

    assert body_of(note_set) == TEXT.replace("third", "quarter").replace("people", "tenants")
    assert revisions_of(note)[0].kind == RevisionKind.CORRECTED


def test_conflict_changes_nothing_until_somebody_chose(
    note_set: NoteSet, organiser: User, who: Proposer
) -> None:
    note = note_at(note_set, 1)
    correction = propose(note, "Rents fell.", who)
    save(note, TEXT.replace("third", "quarter"), organiser)

    found = accept(correction, organiser)
    clash = correcting.clash_of(correction)

    assert isinstance(found, Conflict)
    assert len(revisions_of(note)) == 2
    assert correction.state == CorrectionState.OPEN
    assert [(p.mine, p.theirs) for p in clash.pieces if p.agreed is None] == [
        ("Rents fell.", "Rents rose by a quarter.")
    ]
    with write():
        body = clash.settled([("mine", "")])
        correcting.settle(correction, 1, body, clash.theirs_number, organiser)
    assert body_of(note_set).startswith("Rents fell.")
    assert correction.state == CorrectionState.ACCEPTED


def test_settling_over_a_newer_text_clashes_again(
    note_set: NoteSet, organiser: User, who: Proposer
) -> None:
    note = note_at(note_set, 1)
    correction = propose(note, "Rents fell.", who)
    save(note, TEXT.replace("third", "half"), organiser)
    clash = correcting.clash_of(correction)
    save(note, TEXT.replace("third", "quarter"), organiser)

    with write():
        body = clash.settled([("mine", "")])
        again = correcting.settle(correction, 1, body, clash.theirs_number, organiser)

    assert isinstance(again, writing.Clash)
    assert correction.state == CorrectionState.OPEN


def test_a_rejected_one_needs_a_line(note_set: NoteSet, organiser: User, who: Proposer) -> None:
    correction = propose(note_at(note_set, 1), "Rents fell.", who)

    with pytest.raises(AnswerMissing), write():
        correcting.reject(correction, 1, " ", organiser)
    with write():
        correcting.reject(correction, 1, "The register says otherwise.", organiser)

    assert (correction.state, correction.answer) == (
        CorrectionState.REJECTED,
        "The register says otherwise.",
    )
    assert body_of(note_set) == TEXT


def test_proposer_hears_the_answer_once(
    note_set: NoteSet, organiser: User, who: Proposer, run_jobs: RunJobs, outbox: Outbox
) -> None:
    guest = make_registration(note_set.webinar)
    taken = propose(note_at(note_set, 1), "Rents fell.", who)
    left = propose(note_at(note_set, 1), "Graz never counts.", Proposer(None, guest), 1)
    accept(taken, organiser)
    with write():
        correcting.reject(left, 1, "It does, since 2007.", organiser)
    for _again in range(2):
        run_jobs()

    answers = [mail for mail in outbox() if "correction" in str(mail["Subject"])]
    told = {str(mail["To"].addresses[0].addr_spec): mail for mail in answers}
    assert who.user is not None
    assert (len(answers), set(told)) == (2, {who.user.email, guest.email})
    subject = str(told[who.user.email]["Subject"])
    assert subject == "Your correction was taken in: Counting together"
    assert f"/webinars/{note_set.webinar_id}/notes" in text_of(told[who.user.email])
    assert "It does, since 2007." in text_of(told[guest.email])
    assert f"/registrations/{guest.token}/review" in text_of(told[guest.email])


def test_a_withdrawn_one_waits_for_nobody(
    note_set: NoteSet, organiser: User, who: Proposer
) -> None:
    correction = propose(note_at(note_set, 1), "Rents fell.", who)
    for _again in range(2):
        with write():
            proposing.withdraw(correction)

    assert (correcting.waiting(note_set), reviewing.open_count(note_set)) == ([], 0)
    with pytest.raises(AnsweredMeanwhile), write():
        correcting.accept(correction, correction.lock_version, organiser)


def test_an_answered_one_cannot_be_withdrawn(
    note_set: NoteSet, organiser: User, who: Proposer
) -> None:
    correction = propose(note_at(note_set, 1), "Rents fell.", who)
    accept(correction, organiser)

    with pytest.raises(AnsweredMeanwhile), write():
        proposing.withdraw(correction)


def test_nothing_is_taken_after_the_end(note_set: NoteSet, who: Proposer) -> None:
    with (
        time_machine.travel(utcnow() + timedelta(days=9)),
        pytest.raises(CorrectionsOver, match="The time for corrections is over since"),
        write(),
    ):
        proposing.propose(note_at(note_set, 1), 1, 0, "Late", "", who)


def test_nothing_is_taken_for_a_draft(note_set: NoteSet, organiser: User, who: Proposer) -> None:
    with write():
        reviewing.back_to_draft(note_set, organiser)

    with pytest.raises(CorrectionsOver, match="not in review"), write():
        proposing.propose(note_at(note_set, 1), 1, 0, "Late", "", who)


@pytest.mark.parametrize("same", ["Rents rose by a third.", "  Rents rose by a third.\n"])
def test_the_same_words_are_no_correction(note_set: NoteSet, who: Proposer, same: str) -> None:
    with pytest.raises(NothingCorrected), write():
        proposing.propose(note_at(note_set, 1), 1, 0, same, "", who)


@pytest.mark.parametrize(("base", "paragraph"), [(1, 3), (1, -1), (9, 0), (0, 0)])
def test_there_must_be_such_a_paragraph(
    note_set: NoteSet, who: Proposer, base: int, paragraph: int
) -> None:
    with pytest.raises(ParagraphGone), write():
        proposing.propose(note_at(note_set, 1), base, paragraph, "Words", "", who)


def test_a_correction_is_no_new_text(note_set: NoteSet, who: Proposer) -> None:
    with pytest.raises(CorrectionTooLong), write():
        proposing.propose(note_at(note_set, 1), 1, 0, "a" * 2_100, "", who)


def test_one_person_proposes_so_many_in_an_hour(note_set: NoteSet, who: Proposer) -> None:
    for number in range(proposing.PROPOSALS.most):
        propose(note_at(note_set, 1), f"Rents fell {number}.", who)

    with pytest.raises(AllowanceSpent), write():
        proposing.propose(note_at(note_set, 1), 1, 0, "More", "", who)


def test_one_person_waits_for_so_many(note_set: NoteSet, who: Proposer) -> None:
    note = note_at(note_set, 1)
    assert who.user is not None
    rows = {"note_id": note.id, "base": 1, "paragraph": 0, "was": "a", "user_id": who.user.id}
    with write() as session:
        session.add_all(
            Correction(**rows, proposed=str(number), created_at=utcnow())
            for number in range(proposing.MOST_OPEN)
        )

    with pytest.raises(TooManyCorrections), write():
        proposing.propose(note, 1, 0, "More", "", who)


def test_organisers_see_words_and_place(note_set: NoteSet, organiser: User, who: Proposer) -> None:
    note = note_at(note_set, 1)
    first = propose(note, "Rents fell by a third.", who, 0)
    gone = propose(note, "Lund asks nobody.", who, 2)
    save(note, "Before.\n\n" + TEXT.replace("people", "all"), organiser)

    found = correcting.waiting(note_set)

    assert [(one.correction.id, one.place) for one in found] == [(first.id, 1), (gone.id, None)]
    assert [(piece.change.value, piece.text) for piece in found[0].changes] == [
        ("kept", "Rents "),
        ("removed", "rose"),
        ("added", "fell"),
        ("kept", " by a third."),
    ]


@pytest.mark.parametrize(
    ("attribution", "told"),
    [(Attribution.OPEN, "Housing officer"), (Attribution.CHATHAM_HOUSE, "a participant")],
)
def test_proposer_is_named_as_far_as_people_are(
    organiser: User, who: Proposer, attribution: Attribution, told: str
) -> None:
    note_set = make_review(organiser, attribution=attribution)
    propose(note_at(note_set, 1), "Rents fell.", who)

    assert [one.proposed_by for one in correcting.waiting(note_set)] == [told]


def test_own_ones_are_found_by_account_and_by_link(note_set: NoteSet, who: Proposer) -> None:
    guest, other = make_registration(note_set.webinar), Proposer(make_user())
    by_link = propose(note_at(note_set, 1), "By link", Proposer(None, guest))
    by_account = propose(note_at(note_set, 1), "By account", who)
    propose(note_at(note_set, 1), "Somebody else", other)

    both = Proposer(who.user, guest)

    assert [one.id for one in proposing.own_corrections(note_set, both)] == [
        by_account.id,
        by_link.id,
    ]
    assert (both.owns(by_link), other.owns(by_link)) == (True, False)


@pytest.mark.parametrize("count", [1, 30])
def test_waiting_ones_take_the_same_few_statements(
    note_set: NoteSet, count_statements: Callable[[], object], count: int
) -> None:
    note = note_at(note_set, 1)
    for number in range(count):
        propose(note, f"Rents fell {number}.", Proposer(make_user(f"Officer {number}")))
    set_id = note_set.id
    db.session.rollback()
    db.session.expunge_all()
    again = db.session.get_one(NoteSet, set_id)

    with count_statements() as statements:  # type: ignore[attr-defined]
        assert len(correcting.waiting(again)) == count

    assert len(statements) == 3


def test_two_organisers_answer_at_once_and_one_wins(
    app: Flask, note_set: NoteSet, organiser: User, who: Proposer
) -> None:
    correction_id = propose(note_at(note_set, 1), "Rents fell.", who).id
    other_id = make_organiser("Other organiser").id
    barrier, found = threading.Barrier(2), {}

    def answer(name: str, actor_id: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                with write() as session:
                    mine = session.get_one(Correction, correction_id)
                    actor = session.get_one(User, actor_id)
                    if name == "accept":
                        correcting.accept(mine, 1, actor)
                    else:
                        correcting.reject(mine, 1, "No.", actor)
                found[name] = "won"
            except AnsweredMeanwhile as error:
                found[name] = error.message
            db.session.remove()

    people = {"accept": organiser.id, "reject": other_id}
    threads = [threading.Thread(target=answer, args=pair) for pair in people.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner = next(name for name, outcome in found.items() if outcome == "won")
    loser = "reject" if winner == "accept" else "accept"
    said = {"accept": "accepted", "reject": "declined"}[winner]
    assert found[loser] == f"Somebody {said} this correction in the meantime."
    assert body_of(note_set).startswith("Rents fell." if winner == "accept" else "Rents rose")


def test_the_last_paragraph_goes_without_a_trace() -> None:
    gone = Correction(paragraph=1, was="b", proposed="")

    assert correcting.body_with(gone, "a\n\nb") == "a"
    assert correcting.body_with(gone, "a\n\nb\n\n\nc") == "a\n\nc"


def test_a_correction_of_a_removed_section_that_clashes_stays_open(app: Flask) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser, items=())
    with write():
        note = sectioning.add_section(note_set, "What cities shared")
    save(note, "a", organiser)
    with write():
        reviewing.open_review(note_set, 7, organiser)
    with write():
        asked = proposing.propose(note, 1, 0, "", "", Proposer(organiser))
    save(note, "b", organiser)
    with write():
        sectioning.remove_section(note, organiser)

    with write():
        clash = correcting.accept(asked, 1, organiser)

    assert isinstance(clash, Conflict)
    assert (asked.state, len(revisions_of(note))) == (CorrectionState.OPEN, 3)
