"""What happens in a community, so that at least one job of every kind is queued."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import sqlalchemy as sa

from app.accounts import approving, resetting, signup
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import Job, JobState, enqueue, perform
from app.core.periodic import plan_periodic
from app.files.uploading import drop, keep, prepare
from app.forum.editing import edit_post, version_of
from app.forum.models import Post
from app.forum.posting import text_of
from app.live.enums import Provider
from app.live.models import Room
from app.mailbox import receiving
from app.webinars import answering, confirming, inviting, registering, scheduling
from app.webinars.answer_order import Answer
from app.webinars.enums import PartStat, RegistrationState, Status
from app.webinars.models import Registration, Webinar
from app.webinars.registering import Answers
from tests.core.happenings_at_webinars import (
    drafts_change,
    people_at_webinars_change,
    speakers_answer,
)
from tests.core.happenings_in_notes import notes_are_agreed
from tests.core.happenings_in_the_live_hour import live_hours_happen
from tests.factories import make_user
from tests.factories_registrations import guest, make_registration, register


def things_happen() -> None:
    """On top of the demo community: at least one job of every kind."""
    plan_periodic({})
    first, second = upcoming()
    moved = register(first, guest("moved@demo.invalid"))
    withdrawn = register(first, guest("withdrawn@demo.invalid"))
    make_registration(second, state=RegistrationState.WAITLISTED)
    invite_all()
    with write():
        registering.ask_for_place(first, guest("late@demo.invalid"), Answers(), "192.0.2.1")
        registering.send_own_link(first, moved.email, "192.0.2.1")
        registering.withdraw(withdrawn)
        inviting.tell_change(first, {"title": "Another title"})
    with write():
        actor = db.session.scalars(sa.select(User).order_by(User.id).limit(1)).one()
        scheduling.cancel(second, "The speaker is ill.", actor)
    accounts_change()
    texts_change()
    calendars_go_out(first, moved)
    calendars_answer(first, moved)
    people_at_webinars_change()
    drafts_change()
    speakers_answer()
    live_hours_happen()
    notes_are_agreed()


def calendars_go_out(webinar: Webinar, person: Registration) -> None:
    """The same invitation once more, a webinar back on, rules of a zone that changed."""
    with write():
        inviting.invite_again(person)
        enqueue("webinars.tell_postponed", "test", webinar_id=webinar.id)
        again: dict[str, Any] = {
            "webinar_id": webinar.id,
            "sequence": webinar.sequence,
            "before": {},
        }
        enqueue("webinars.tell_restored", "test", **again)
        enqueue("webinars.follow_zone", "test", webinar_id=webinar.id)


def calendars_answer(webinar: Webinar, person: Registration) -> None:
    """Proven answers, one that is not, and mail of people."""
    later = utcnow() + timedelta(days=9)
    with write():
        answering.propose(person, later, None, "Later is better.")
        confirming.ask_to_confirm(person, Answer(PartStat.DECLINED, 0, utcnow()))
        receiving.receive(b"From: stranger@demo.invalid\nSubject: A question\n\nWho are you?\n")
        enqueue("webinars.send_time_moved", "test", registration_id=person.id)
        address: dict[str, Any] = {"webinar_id": webinar.id, "address": "clerk@demo.invalid"}
        enqueue("webinars.send_not_registered", "test", **address)
        enqueue("mailbox.fetch", "test")
        enqueue("mailbox.put_away", "test", validity=1, uids=[1, 2])
        room = Room(webinar_id=webinar.id, provider=Provider.BIGBLUEBUTTON, name="a-room")
        db.session.add(room)  # nobody answers: there is no such server here
        enqueue("live.make_room", "test", webinar_id=webinar.id)
        enqueue("live.keep_rooms", "test")


def texts_change() -> None:
    """A post is edited, a file is uploaded and taken away again."""
    prepared = prepare(BytesIO(b"words"), "words.txt")
    with write():
        post = db.session.scalars(sa.select(Post).order_by(Post.id.desc()).limit(1)).one()
        author = db.session.get_one(User, post.author_id)
        edit_post(post, author, text_of("Other words."), version_of(post))
        keep(prepared, author)
        drop(author, prepared.key)


def accounts_change() -> None:
    applicant = make_user("Applicant", approved_at=None)
    stranger = make_user("Stranger", approved_at=None)
    fresh = make_user("Fresh", confirmed_at=None)
    with write():
        approving.approve(applicant, None)
        approving.decline(stranger, applicant, "Your city is not a member yet.")
        signup.send_confirmation(fresh)
        signup.tell_already_registered(applicant)
        resetting.ask_for_reset(applicant)
        resetting.set_password(applicant, "not a hash", "reset")


def upcoming() -> list[Webinar]:
    soon = utcnow() + timedelta(days=3)
    published = sa.select(Webinar).where(Webinar.status == Status.PUBLISHED)
    return list(
        db.session.scalars(
            published.where(Webinar.starts_at > soon).order_by(Webinar.starts_at).limit(2)
        )
    )


def invite_all() -> None:
    """Do the invitations now, so that what follows is a change to people who were invited."""
    due = sa.select(Job).where(Job.name == "webinars.send_request", Job.state == JobState.READY)
    for job in db.session.scalars(due).all():
        with write():
            perform(job.name, job.payload)
        put_away(job)


def put_away(job: Job) -> None:
    with write():
        job.state = JobState.DONE
