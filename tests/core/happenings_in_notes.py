"""What happens with notes: a review and its answers, mails about promises and to followers."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.jobs import enqueue
from app.forum.enums import FollowLevel
from app.forum.following import follow_topic
from app.notes import correcting, deciding, telling_followers
from app.notes.deciding import Owner
from app.notes.models import Action
from app.notes.proposing import Proposer
from app.notes.reminding_owners import Moment
from tests.factories import make_topic, make_user
from tests.factories_notes import make_notes, make_summary, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_reviews import make_review, propose
from tests.factories_webinars import make_organiser


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
    """On this day, and a week ago: the mails themselves, whatever the hour."""
    notes, owner = make_notes(organiser, starts_in=timedelta(days=-9)), make_user("Owner")
    today = utcnow().date()
    save(note_at(notes, 1), "Everybody met.", organiser)
    with write():
        due = deciding.promise(notes, "Count", Owner(user=owner), today)
        late = deciding.promise(notes, "Tell", Owner(user=owner), today - timedelta(days=7))
    publish(notes, organiser)
    with write():
        remind(due, owner)
        enqueue("notes.tell_late", "test", webinar_id=notes.webinar_id, user_id=organiser.id,
                due_on=str(late.due_on))  # fmt: skip


def remind(action: Action, owner: User) -> None:
    facts = {"action_id": action.id, "user_id": owner.id, "due_on": str(action.due_on)}
    enqueue("notes.remind_owner", "test", moment=Moment.TODAY.value, **facts)


def follower_is_told(organiser: User) -> None:
    topic, person = make_topic("followed-notes"), make_user(wants_summary_mails=True)
    with write():
        follow_topic(topic.id, person, FollowLevel.FOLLOWING)
    version = make_summary(organiser, topic_id=topic.id, starts_in=timedelta(days=-2))
    with write():
        telling_followers.go_round(version)
