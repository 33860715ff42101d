"""After a webinar: what was not answered goes on in the forum, asked to the speakers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _, ngettext
from app.core.jobs import enqueue
from app.core.links import absolute_url
from app.core.zones import to_local
from app.forum import timeboxing
from app.forum.enums import ThreadKind
from app.forum.models import Thread
from app.forum.posting import Text, start_thread, text_of
from app.live.revisions import renew
from app.questions.desk import hold_all, hold_desk
from app.questions.enums import QuestionState
from app.questions.errors import NoTopic, NotOver
from app.questions.models import Question
from app.questions.preparing import new_thread
from app.questions.queries import unanswered_at
from app.questions.signals import question_forwarded
from app.questions.wording import quoted, title_of
from app.topics.models import Topic
from app.webinars.entries import page_url
from app.webinars.models import Webinar
from app.webinars.phases import is_over
from app.webinars.speakers import coming_speakers

DAYS = 10
AT_ONCE = 30
"""The rest waits for the next press: a topic is not flooded by one webinar."""


@dataclass(frozen=True)
class Texts:
    """What will be posted, rendered before the transaction: the opening, and by id of question."""

    opening: Text
    questions: Mapping[int, Text]


def texts_for(webinar: Webinar, language: str) -> Texts:
    """In the running language. Nobody who asked is named: "asked at the webinar"."""
    found = [one for one in db.session.scalars(unanswered_at(webinar.id)) if one.thread_id is None]
    address = absolute_url("questions.show", webinar_id=webinar.id)
    written = {one.id: text_of(_question_words(one, address), one.language)
               for one in found[:AT_ONCE]}  # fmt: skip
    return Texts(text_of(_opening_words(webinar, found, address), language), written)


def follow_up(webinar: Webinar, actor: User, texts: Texts) -> tuple[Thread, int]:
    """The follow-up thread, made now or before, and how many questions went to the forum now.

    Callers asked whether the actor may start threads there. Raise NotOver, NoTopic.
    """
    if not is_over(webinar, utcnow()):
        raise NotOver
    topic = webinar.topic
    if topic is None:
        raise NoTopic
    desk = hold_desk(webinar.id)
    thread = desk.followup_thread
    if thread is None or thread.deleted_at is not None:
        thread = desk.followup_thread = _begin(webinar, topic, actor, texts.opening)
    went = [one for one in hold_all(*texts.questions) if _is_still_open(one)]
    for question in went:
        _ask_in_forum(webinar, topic, question, actor, texts.questions[question.id])
    if went:
        _tell_speakers(webinar, went)
    db.session.flush()
    renew(webinar.id)
    return thread, len(went)


def _begin(webinar: Webinar, topic: Topic, actor: User, opening: Text) -> Thread:
    title = title_of(_("After the webinar: %(title)s", title=webinar.title))
    return start_thread(topic, actor, new_thread(webinar, title, opening, ThreadKind.DISCUSSION))


def _ask_in_forum(
    webinar: Webinar, topic: Topic, question: Question, actor: User, text: Text
) -> None:
    title = title_of(question.body)
    thread = start_thread(topic, actor, new_thread(webinar, title, text, ThreadKind.QUESTION))
    last_day = to_local(utcnow(), actor.timezone).date() + timedelta(days=DAYS)
    timeboxing.set_deadline(thread, actor, last_day)
    question.thread_id = thread.id
    question.is_now = False
    question.lock_version += 1
    db.session.flush()


def _tell_speakers(webinar: Webinar, went: Sequence[Question]) -> None:
    """By a notice for each question where there is an account, else by one mail with all."""
    for speaker in coming_speakers(webinar):
        if speaker.user_id is not None:
            for question in went:
                question_forwarded.send(question, user_id=speaker.user_id)
        elif speaker.email:
            key = f"{speaker.id}:{went[-1].id}"
            ids = [question.id for question in went]
            enqueue("questions.ask_speaker", key, speaker_id=speaker.id, question_ids=ids)


def _is_still_open(question: Question) -> bool:
    return question.thread_id is None and question.state is QuestionState.OPEN


def _opening_words(webinar: Webinar, found: Sequence[Question], address: str) -> str:
    head = _("The webinar is over, the conversation goes on here. What do you take home?")
    parts = [head, page_url(webinar)]
    if found:
        parts.append(
            ngettext(
                "This question had no answer yet. It is asked to the speakers in a conversation "
                "of its own:",
                "These %(num)s questions had no answer yet. They are asked to the speakers in "
                "conversations of their own:",
                len(found),
            )
        )
        parts += [quoted(one.body) for one in found[:AT_ONCE]]
        parts.append(_("All questions and answers: %(address)s", address=address))
    return "\n\n".join(parts)


def _question_words(question: Question, address: str) -> str:
    asked = ngettext(
        "Asked at the webinar; one person wants to know it.",
        "Asked at the webinar; %(num)s people want to know it.",
        question.votes,
    )
    all_questions = _("All questions and answers: %(address)s", address=address)
    return "\n\n".join([quoted(question.body), asked, all_questions])
