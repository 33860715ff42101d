"""What happens at webinars of their own, so that at least one job of every kind is queued."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.datepolls import polling
from app.datepolls.enums import Vote
from app.materials import recording, telling
from app.notes import catching_up
from app.webinars import (
    approving,
    discarding,
    managing,
    publishing,
    reminding,
    scheduling,
    session_registering,
    speaking,
    transferring,
)
from app.webinars.enums import TransferSource, Waiting
from app.webinars.registering import Answers
from tests.factories import make_user
from tests.factories_datepolls import make_poll
from tests.factories_live import make_recording
from tests.factories_notes import open_notes
from tests.factories_notes import publish as publish_notes
from tests.factories_places import make_series
from tests.factories_registrations import guest, make_registration, register, withdraw
from tests.factories_webinars import make_organiser, make_speaker, make_webinar


def people_at_webinars_change() -> None:
    organiser = make_organiser()
    seats_are_offered()
    seat_is_passed_on()
    people_stay_out(organiser)
    series_is_registered_for()
    webinar_is_looked_back_at()


def seats_are_offered() -> None:
    """To the first of two who wait. Nobody answers, so the second is asked."""
    webinar = make_webinar("Few seats", capacity=1, waiting=Waiting.OFFER)
    seated = register(webinar)
    register(webinar)
    register(webinar)
    withdraw(seated)


def seat_is_passed_on() -> None:
    giver = register(make_webinar("A seat to give"))
    with write():
        transferring.offer_seat(giver, "heir@demo.invalid", "Youth officer", TransferSource.LINK)


def people_stay_out(organiser: User) -> None:
    """One is refused, one is taken off the waiting list."""
    refused = register(make_webinar("By approval", needs_approval=True))
    full = make_webinar("Full", capacity=1)
    register(full)
    waiting = register(full)
    with write():
        approving.reject(refused, organiser, "It is for social workers.")
        managing.take_out(waiting, organiser, "You have a seat in spring.")


def series_is_registered_for() -> None:
    series = make_series(3)
    with write():
        session_registering.register_for_series(series.id, guest(), Answers())


def webinar_is_looked_back_at() -> None:
    """The recording comes after the thanks, then the summary."""
    organiser = make_organiser()
    webinar = make_webinar("Last month", organiser=organiser, starts_in=timedelta(days=-30))
    registration = make_registration(webinar)
    make_recording(webinar, published_at=None, consent_note="Everybody agreed since.")
    with write():
        recorded = recording.publish(webinar, organiser, is_cut=True)
        telling.queue_mail(registration, telling.moment_of(recorded))
    notes = open_notes(webinar, organiser)
    version = publish_notes(notes, organiser)
    with write():
        catching_up.queue_mail(registration, version.id)


def drafts_change() -> None:
    organiser = make_organiser()
    drafts_are_planned(organiser)
    draft_is_discarded(organiser)
    date_is_polled(organiser)


def drafts_are_planned(organiser: User) -> None:
    """One is published at its moment, one misses its title by then."""
    tomorrow = utcnow() + timedelta(days=1)
    ready = make_webinar("Planned", published=False)
    unready = make_webinar("Planned too early", published=False)
    with write():
        publishing.plan_publication(ready, tomorrow, organiser)
        publishing.plan_publication(unready, tomorrow, organiser)
        unready.title = ""


def draft_is_discarded(organiser: User) -> None:
    draft = make_webinar("Discarded", published=False)
    with write():
        discarding.discard(draft, organiser)


def date_is_polled(organiser: User) -> None:
    """Two people can come to the date that is chosen."""
    draft = make_webinar("When shall we meet", published=False, organiser=organiser)
    poll = make_poll(draft, organiser)
    people = [make_user(), make_user()]
    chosen = poll.slots[0].id
    with write():
        for person in people:
            polling.vote(poll, person, {chosen: Vote.YES})
        polling.choose(poll, chosen, organiser)
        publishing.publish(draft, organiser)


def speakers_answer() -> None:
    both_are_asked()
    one_need_not_come()


def both_are_asked() -> None:
    """One comes and is reminded, one declines."""
    webinar = make_webinar("Two speakers")
    coming = make_speaker(webinar, email="speaker@demo.invalid")
    absent = make_speaker(webinar, "Mayor", email="mayor@demo.invalid", position=2)
    with write():
        reminding.plan(webinar)
        speaking.ask(webinar)
        speaking.confirm(coming)
        speaking.decline(absent)


def one_need_not_come() -> None:
    """A speaker without an account and without a seat hears that it is called off."""
    organiser = make_organiser()
    webinar = make_webinar("Called off", organiser=organiser)
    make_speaker(webinar, email="judge@demo.invalid")
    with write():
        scheduling.cancel(webinar, "The hall is flooded.", organiser)
