"""What happens in live hours and after, so that at least one job of every kind is queued."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.accounts.models import User
from app.attendance import ticking
from app.certificates import issuing
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import enqueue
from app.core.markup import render
from app.feedback.nudging import plan_rounds
from app.forum import accepting
from app.forum.models import Post, Thread
from app.network.enums import MembershipKind
from app.network.models import Membership
from app.questions import following_up, moderating
from app.questions.models import Question
from app.statistics import nudging
from app.webinars.models import Registration, Webinar
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_reply
from tests.factories_live import make_question
from tests.factories_notes import make_summary
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_speaker, make_webinar


def live_hours_happen() -> None:
    organiser = make_organiser()
    question_is_dismissed(organiser)
    questions_are_answered(organiser)
    certificate_is_revoked(organiser)
    city_is_told()
    people_are_asked_for_feedback()
    old_numbers_are_kept()


def question_is_dismissed(organiser: User) -> None:
    webinar = make_webinar("Too many questions", organiser=organiser)
    question = make_question(webinar, registration=make_registration(webinar))
    with write():
        moderating.dismiss(question, "Not about counting.")


def questions_are_answered(organiser: User) -> None:
    """One in writing, one by the speaker, in the forum."""
    topic, hours_ago = make_topic("asking"), timedelta(hours=-3)
    webinar = make_webinar(
        "Asked to the end", organiser=organiser, topic_id=topic.id, starts_in=hours_ago
    )
    make_speaker(webinar, email="guest@demo.invalid")
    written, open_one = (
        make_question(webinar, registration=make_registration(webinar), body=words)
        for words in ("Who pays?", "Who counts?")
    )
    with write():
        moderating.write_answer(written, "We do.", render("We do."), organiser)
    texts = following_up.texts_for(webinar, "en")
    with write():
        following_up.follow_up(webinar, organiser, texts)
    answer_is_accepted(open_one, organiser)


def answer_is_accepted(question: Question, organiser: User) -> None:
    db.session.refresh(question)
    thread = db.session.get_one(Thread, question.thread_id)
    make_reply(thread, make_user())
    reply = sa.select(Post).where(Post.thread_id == thread.id, Post.number == 2)
    with write():
        accepting.accept(db.session.scalars(reply).one(), organiser)


def certificate_is_revoked(organiser: User) -> None:
    webinar = days_ago(organiser, 2)
    person = make_registration(webinar)
    tick(person, organiser, was_there=True)
    with write():
        issuing.issue(person)
    tick(person, organiser, was_there=False)


def tick(person: Registration, organiser: User, *, was_there: bool) -> None:
    with write():
        ticking.tick(person.webinar, {person.id: was_there}, organiser)


def city_is_told() -> None:
    """That it missed something, and where the summary is."""
    organiser, city = make_organiser(), make_city("Nobody came")
    with write() as session:
        session.add(Membership(city_id=city.id, kind=MembershipKind.PARTNER))
    make_user("Officer of the city", city)
    summary = make_summary(organiser, starts_in=timedelta(days=-2))
    with write():
        nudging.nudge(summary.note_set.webinar_id, city.id, organiser)


def people_are_asked_for_feedback() -> None:
    make_registration(days_ago(make_organiser(), 3), joined_at=utcnow() - timedelta(days=3))
    with write():
        plan_rounds()


def old_numbers_are_kept() -> None:
    """As if there were more than one portion of old webinars."""
    with write():
        enqueue("statistics.freeze_more", "test")


def days_ago(organiser: User, days: int) -> Webinar:
    return make_webinar("The week after", organiser=organiser, starts_in=-timedelta(days=days))
