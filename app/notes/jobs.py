"""Telling people what happens with the notes, each thing once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from app.accounts.models import User
from app.accounts.queries import one_user, users_by_ids
from app.core.db import db
from app.core.i18n import speaking
from app.core.jobs import Gone, enqueue, job
from app.core.outbox import post_mail, was_posted
from app.core.periodic import periodic
from app.notes import (
    carrying,
    catching_up,
    emails,
    nudging,
    reminding_owners,
    reviewing,
    telling_followers,
)
from app.notes.contents import newest_version_id, note_set_by_id, version_to_tell_of
from app.notes.correcting import correction_by_id
from app.notes.emails import catch_up
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet, SummaryVersion
from app.webinars import reminding
from app.webinars.jobs._posting import has_been_posted, held, post_once, webinar_held
from app.webinars.speakers import coming_speakers, seated_speaker_ids
from app.webinars.succession import session_by_id


@job("notes.tell_summary")
def tell_summary(webinar_id: int, version_id: int, after_id: int = 0) -> None:
    """Some hundred people at a time."""
    webinar = webinar_held(webinar_id)
    if _told_version(version_id) is None:
        return
    last_id = catching_up.go_round(webinar, version_id, after_id)
    if last_id is not None:
        facts: dict[str, Any] = {"webinar_id": webinar_id, "version_id": version_id}
        enqueue("notes.tell_summary", f"{webinar_id}:{version_id}:{last_id}", **facts,
                after_id=last_id)  # fmt: skip


@job("notes.send_summary")
def send_summary(registration_id: int, version_id: int) -> None:
    """Once for each person; what came meanwhile is in it, and needs no second mail."""
    registration, _ = held(registration_id)
    version = _told_version(version_id)
    if version is None:
        return
    facts = [f"summary:{number}" for number in (newest_version_id(version), version_id)]
    if any(has_been_posted(registration, fact) for fact in facts):
        return
    if not reminding.wants_mail(registration):
        return
    if reminding.quiet_until(registration) is not None:
        catching_up.queue_mail(registration, version_id)
        return
    with speaking(registration.language):
        found = catching_up.catch_up_for(registration)
    if found is not None:
        post_once(catch_up(registration, found, version), registration, facts[0])


@job("notes.tell_followers")
def tell_followers(version_id: int, after_id: int = 0) -> None:
    """Some hundred at a time of those who follow the topic and want a mail."""
    version = _told_version(version_id)
    if version is None:
        return
    last_id = telling_followers.go_round(version, after_id)
    if last_id is not None:
        enqueue("notes.tell_followers", f"{version_id}:{last_id}", version_id=version_id,
                after_id=last_id)  # fmt: skip


@job("notes.send_to_follower")
def send_to_follower(user_id: int, version_id: int) -> None:
    """Once for each person; what came meanwhile is in it, and needs no second mail."""
    person = _person(user_id)
    version = telling_followers.still_told(person, version_id)
    if version is None:
        return
    numbers = (newest_version_id(version), version_id)
    keys = [f"notes.summary:{number}:{user_id}" for number in numbers]
    if not any(map(was_posted, keys)):
        lines = catching_up.decided(version.note_set.webinar)
        post_mail(emails.summary_out(person, version, lines), person.email, keys[0])


@job("notes.carry")
def carry(webinar_id: int) -> None:
    """The programme of the next session says what is open."""
    webinar = db.session.scalars(session_by_id(webinar_id)).one_or_none()
    if webinar is not None:
        carrying.carry(webinar)


@job("notes.tell_review")
def tell_review(webinar_id: int, note_set_id: int, opened: str, after_id: int = 0) -> None:
    """Some hundred people at a time; nobody when the review was taken back meanwhile."""
    webinar, note_set = webinar_held(webinar_id), _in_review(note_set_id)
    if note_set is None:
        return
    if not after_id:
        _tell_speakers(note_set, opened)
    last_id = reviewing.go_round(webinar, note_set_id, opened, after_id)
    if last_id is not None:
        facts: dict[str, Any] = {"webinar_id": webinar_id, "note_set_id": note_set_id}
        enqueue("notes.tell_review", f"{opened}:{last_id}", **facts, opened=opened,
                after_id=last_id)  # fmt: skip


@job("notes.send_review")
def send_review(registration_id: int, note_set_id: int, opened: str) -> None:
    """Once for each person and review."""
    registration, _ = held(registration_id)
    note_set, fact = _in_review(note_set_id), f"review:{opened}"
    if note_set is None or not reviewing.takes_corrections(note_set):
        return
    if has_been_posted(registration, fact) or not reminding.wants_mail(registration):
        return
    if reminding.quiet_until(registration) is not None:
        reviewing.queue_mail(registration, note_set_id, opened)
        return
    post_once(emails.review(registration, note_set), registration, fact)


@job("notes.review_over")
def review_over(note_set_id: int, until: str) -> None:
    """Organisers hear what is open, once, unless the end was moved or they closed it."""
    note_set = _in_review(note_set_id)
    if note_set is None or note_set.review_until != datetime.fromisoformat(until):
        return
    count = reviewing.open_count(note_set)
    for person in nudging.people_to_nudge(note_set.webinar):
        message = emails.review_over(person, note_set, count)
        post_mail(message, person.email, f"notes.review_over:{note_set_id}:{until}:{person.id}")


@job("notes.tell_correction")
def tell_correction(correction_id: int) -> None:
    """Who proposed it hears the answer once."""
    correction = db.session.scalars(correction_by_id(correction_id)).one_or_none()
    if correction is None:
        raise Gone
    message = emails.correction_answered(correction)
    person = correction.user or correction.registration
    if message is not None and person is not None:
        post_mail(message, person.email, f"notes.correction:{correction_id}")


@periodic("notes.nudge", every=timedelta(hours=1))
def nudge() -> None:
    """The summary is late: each organiser hears it after three days and after seven."""
    for webinar, days in nudging.late_webinars():
        for person in nudging.people_to_nudge(webinar):
            key = f"notes.nudge:{webinar.id}:{days}:{person.id}"
            if not was_posted(key):
                post_mail(emails.nudge(person, webinar), person.email, key)


@periodic("notes.plan_owner_mails", every=timedelta(hours=1))
def plan_owner_mails() -> None:
    """What people and cities promised: three days before it is due, on the day, a week after."""
    reminding_owners.go_round()


@job("notes.remind_owner")
def remind_owner(action_id: int, user_id: int, moment: str, due_on: str) -> None:
    """Once for each action, person and due day; nothing when it is done or moved meanwhile."""
    person, kind = _person(user_id), reminding_owners.Moment(moment)
    due = date.fromisoformat(due_on)
    action = reminding_owners.action_to_mail(action_id, person, due, kind)
    key = f"notes.action:{action_id}:{moment}:{due_on}:{user_id}"
    if action is not None and not was_posted(key):
        post_mail(emails.due_action(action, person, kind), person.email, key)


@job("notes.tell_late")
def tell_late(webinar_id: int, user_id: int, due_on: str) -> None:
    """Organisers hear once of what was promised at their webinar and is a week late."""
    organiser, due = _person(user_id), date.fromisoformat(due_on)
    actions = reminding_owners.late_lines(webinar_id, organiser, due)
    key = f"notes.late:{webinar_id}:{due_on}:{user_id}"
    if actions and not was_posted(key):
        post_mail(emails.late_actions(actions, organiser, due), organiser.email, key)


def _person(user_id: int) -> User:
    person = db.session.scalars(one_user(user_id)).one_or_none()
    if person is None or not person.is_approved:
        raise Gone
    return person


def _told_version(version_id: int) -> SummaryVersion | None:
    """None when it was taken back."""
    return db.session.scalars(version_to_tell_of(version_id)).first()


def _in_review(note_set_id: int) -> NoteSet | None:
    found = db.session.scalars(note_set_by_id(note_set_id)).one_or_none()
    if found is None:
        raise Gone
    return found if found.status == NotesStatus.IN_REVIEW else None


def _tell_speakers(note_set: NoteSet, opened: str) -> None:
    """Those with an account who did not register."""
    seated = seated_speaker_ids(note_set.webinar)
    speakers = [one for one in coming_speakers(note_set.webinar) if one.user_id]
    people = users_by_ids([one.user_id for one in speakers if one.user_id])
    for one in speakers:
        person = people.get(one.user_id or 0)
        if person is not None and one.wants_reminders and one.id not in seated:
            message = emails.speakers_review(one, person, note_set)
            post_mail(message, person.email, f"notes.review:{opened}:speaker:{one.id}")
