"""What happens with notes: a review and its answers, mails about promises and to followers."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.jobs import enqueue
from app.core.zones import to_local, to_utc
from app.forum.enums import FollowLevel
from app.forum.following import follow_topic
from app.notes import correcting, deciding, telling_followers
from app.notes.deciding import Owner
from app.notes.models import Action
from app.notes.proposing import Proposer
from app.notes.reminding_owners import Moment
from tests.factories import make_city, make_topic, make_user
from tests.factories_notes import make_notes, make_summary, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_reviews import make_review, propose
from tests.factories_webinars import make_organiser

WEEK = timedelta(days=7)


def notes_are_agreed() -> None:
    organiser = make_organiser()
    review_is_answered(organiser)
    promise_is_due(organiser)
    follower_is_told(organiser)


def review_is_answered(organiser: User) -> None:
    note_set = make_review(organiser, starts_in=timedelta(days=-2))
    guest = make_registration(note_set.webinar, joined_at=utcnow())
    answered = propose(note_at(note_set, 1), "Rents doubled.", Proposer(registration=guest))
    opened = note_set.review_until.isoformat() if note_set.review_until else ""
    with write():
        correcting.reject(answered, answered.lock_version, "They did not.", organiser)
        enqueue("notes.send_review", "test", registration_id=guest.id,
                note_set_id=note_set.id, opened=opened)  # fmt: skip


def promise_is_due(organiser: User) -> None:
    """At noon of its day, and a week after: the mails themselves, whatever the hour is now."""
    notes = make_notes(organiser, starts_in=timedelta(days=-9))
    city = make_city("A city with promises")
    person, seated = make_user("Owner"), make_user("Housing officer", city)
    noon = noon_of_tomorrow(organiser)
    save(note_at(notes, 1), "Everybody met.", organiser)
    owners = {person: Owner(user=person), seated: Owner(city=city),
              organiser: Owner(label="Secretariat")}  # fmt: skip
    with write():
        due = {one: deciding.promise(notes, "Count", owners[one], noon.date()) for one in owners}
        late = deciding.promise(notes, "Tell", Owner(user=person), noon.date() - WEEK)
    publish(notes, organiser)
    with write():
        for owner, action in due.items():
            remind(action, owner, noon)
        enqueue("notes.tell_late", "test", run_at=noon, webinar_id=notes.webinar_id,
                user_id=organiser.id, due_on=str(late.due_on))  # fmt: skip


def noon_of_tomorrow(person: User) -> datetime:
    """The day there, which between two midnights is not the one of UTC."""
    tomorrow = to_local(utcnow(), person.timezone).date() + timedelta(days=1)
    return to_utc(datetime.combine(tomorrow, time(12)), person.timezone)


def remind(action: Action, owner: User, at: datetime) -> None:
    facts = {"action_id": action.id, "user_id": owner.id, "due_on": str(action.due_on)}
    enqueue("notes.remind_owner", f"test {action.id}", run_at=at, moment=Moment.TODAY.value,
            **facts)  # fmt: skip


def follower_is_told(organiser: User) -> None:
    topic, person = make_topic("followed-notes"), make_user(wants_summary_mails=True)
    with write():
        follow_topic(topic.id, person, FollowLevel.FOLLOWING)
    version = make_summary(organiser, topic_id=topic.id, starts_in=timedelta(days=-2))
    with write():
        telling_followers.go_round(version)
