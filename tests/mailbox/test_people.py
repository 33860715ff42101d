"""What people write back reaches people, and no two machines write to each other."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes

import sqlalchemy as sa
import time_machine
from flask import Flask

from app.accounts.enums import SiteRole
from app.core.db import db, write
from app.core.outbox import OutboxMail
from app.mailbox.enums import Outcome
from app.mailbox.models import InboundMail
from tests.factories import make_user
from tests.factories_mailbox import NOW, Stage, come_in, reply_file
from tests.factories_registrations import mails_to, text_of, work
from tests.factories_webinars import make_organiser, make_webinar

ORGANISER = "organiser@stad.example"


def arrives(stage: Stage, name: str, recipient: str = "") -> InboundMail:
    mail = come_in(stage.filled(reply_file(name)), recipient=recipient)
    work()
    return mail


def test_question_of_a_person_reaches_the_organisers_whole(stage: Stage) -> None:
    raw = stage.filled(reply_file("person-writes"))
    mail = come_in(raw)

    (forwarded,) = mails_to(ORGANISER)
    assert (mail.webinar_id, mail.outcome) == (stage.webinar.id, Outcome.FORWARDED)
    assert "> Is er een tolk voor gebarentaal?" in text_of(forwarded)
    assert str(forwarded["Reply-To"]) == "official@stad.example"
    assert str(forwarded["Subject"]) == "Fwd: Re: Invitation: Housing and human rights"
    assert str(forwarded["Auto-Submitted"]) == "auto-generated"
    (original,) = forwarded.iter_attachments()
    assert original.get_content() == raw


def test_every_organiser_of_this_webinar_gets_it_and_nobody_else(stage: Stage) -> None:
    other = make_organiser(email="other@stad.example")
    make_webinar(organiser=other)

    arrives(stage, "person-writes")

    assert mails_to("other@stad.example") == []
    assert len(mails_to(ORGANISER)) == 1


def test_mail_to_our_sender_is_about_what_the_person_last_heard_of(stage: Stage) -> None:
    assert arrives(stage, "person-writes-to-sender").webinar_id == stage.webinar.id
    assert len(mails_to(ORGANISER)) == 1


def test_mail_about_no_webinar_goes_to_the_office(stage: Stage) -> None:
    make_user("Office", role=SiteRole.ADMIN, email="office@stad.example")

    mail = arrives(stage, "stranger-writes")

    assert (mail.outcome, mail.webinar_id) == (Outcome.FORWARDED, None)
    (forwarded,) = mails_to("office@stad.example")
    assert "> Who are you?" in text_of(forwarded)
    assert "you administer this site" in text_of(forwarded)


def test_hidden_and_broken_calendars_go_to_people(stage: Stage) -> None:
    names = ["winmail", "unreadable-calendar", "counter-in-unknown-zone", "forwarded-whole"]
    details = [arrives(stage, name).detail for name in names]

    assert details == [
        "The calendar is hidden in winmail.dat.",
        "The calendar in it cannot be read.",
        "It proposes another time, in a zone we do not know.",
        "There is no calendar.",
    ]
    assert len(mails_to(ORGANISER)) == 4


def test_machines_are_not_answered(stage: Stage) -> None:
    names = ["absence-note", "absence-note-of-old-program", "bounce", "our-own-mail"]

    assert [arrives(stage, name).outcome for name in names] == [Outcome.IGNORED] * 4
    assert db.session.scalars(sa.select(OutboxMail)).all() == []


def test_what_we_forward_is_not_taken_in_again(stage: Stage) -> None:
    arrives(stage, "person-writes")
    content = db.session.scalars(sa.select(OutboxMail.content)).one()

    assert come_in(bytes(content)).detail == "We sent it ourselves."
    assert len(mails_to(ORGANISER)) == 1


def test_an_organiser_who_answers_by_machine_starts_no_loop(stage: Stage) -> None:
    raw = stage.filled(reply_file("absence-note")).replace(b"official@", b"organiser@")

    assert come_in(raw).outcome == Outcome.IGNORED


def test_a_flood_is_kept_aside_after_ten_of_one_sender(
    stage: Stage, clock: time_machine.Traveller
) -> None:
    def question(number: int) -> Outcome:
        raw = stage.filled(reply_file("person-writes")).replace(b"tolk", b"tolk %d" % number)
        return come_in(raw).outcome

    outcomes = [question(number) for number in range(12)]
    clock.move_to(NOW + timedelta(hours=3))

    assert outcomes == [Outcome.FORWARDED] * 10 + [Outcome.KEPT_ASIDE] * 2
    assert question(99) == Outcome.FORWARDED
    work()
    assert len(mails_to(ORGANISER)) == 11


def test_large_mail_is_forwarded_without_itself(stage: Stage) -> None:
    raw = stage.filled(reply_file("person-writes")) + (b"x" * 70 + b"\r\n") * 90_000

    come_in(raw)

    (forwarded,) = mails_to(ORGANISER)
    assert list(forwarded.iter_attachments()) == []
    assert "too large to be attached" in text_of(forwarded)


def test_sender_that_is_no_address_is_forwarded_without_a_way_back(stage: Stage) -> None:
    raw = stage.filled(reply_file("person-writes")).replace(
        b'"Human rights officer" <official@stad.example>', b"undisclosed"
    )

    come_in(raw)

    (forwarded,) = mails_to(ORGANISER)
    assert forwarded["Reply-To"] is None
    assert text_of(forwarded).splitlines()[2].startswith("Somebody wrote to the address of")


def test_header_with_lines_in_it_adds_no_header(stage: Stage) -> None:
    subject = b"=?utf-8?q?Question=0D=0ABcc:_victim@elsewhere.example?="
    raw = stage.filled(reply_file("person-writes")).replace(
        b"Re: Invitation: Housing and human rights", subject
    )

    come_in(raw)

    (row,) = db.session.scalars(sa.select(OutboxMail.content))
    assert message_from_bytes(row)["Bcc"] is None


def test_nobody_to_read_it_keeps_it_aside(stage: Stage, app: Flask) -> None:
    with write():
        for seat in stage.webinar.organisers:
            seat.user.active = False

    mail = arrives(stage, "person-writes")
    assert (mail.outcome, mail.detail) == (
        Outcome.KEPT_ASIDE,
        "There is no calendar. There is nobody to read it.",
    )
