"""The conversation before a webinar, and questions that come from it."""

from __future__ import annotations

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Attribution, Visibility
from app.core.i18n import _
from app.core.markup import plain_text
from app.core.rate_limit import spend
from app.forum.enums import ThreadKind
from app.forum.models import Post, Thread
from app.forum.posting import Audience, NewThread, Text, start_thread
from app.live.attendees import Attendee
from app.live.revisions import renew
from app.questions import asking
from app.questions.asking import LONGEST, NewQuestion, add_question
from app.questions.desk import hold_desk
from app.questions.enums import QuestionState, Source
from app.questions.errors import NothingToAsk, NoTopic, QuestionsClosed, TooManyQuestions
from app.questions.models import Question
from app.questions.permissions import takes_questions
from app.questions.queries import question_of_post
from app.questions.wording import title_of
from app.webinars.attending import registration_of
from app.webinars.entries import page_url
from app.webinars.models import Webinar


def opening_words(webinar: Webinar) -> str:
    """What the thread begins with, in the running language."""
    words = _("Here we prepare this webinar: say what you already know and what you want to hear.")
    how = _("What you write can become a question at the webinar.")
    return f"{words}\n\n{how}\n\n{page_url(webinar)}"


def start_preparation(webinar: Webinar, actor: User, text: Text) -> Thread:
    """The thread in the webinar's topic; the one that is there if somebody was faster.

    Callers asked whether the actor may start threads there. Raise NoTopic.
    """
    if webinar.topic is None:
        raise NoTopic
    desk = hold_desk(webinar.id)
    if desk.prep_thread is not None and desk.prep_thread.deleted_at is None:
        return desk.prep_thread
    title = title_of(_("Before the webinar: %(title)s", title=webinar.title))
    desk.prep_thread = start_thread(webinar.topic, actor, new_thread(webinar, title, text,
                                                                     ThreadKind.PREP))  # fmt: skip
    db.session.flush()
    renew(webinar.id)
    return desk.prep_thread


def new_thread(webinar: Webinar, title: str, text: Text, kind: ThreadKind) -> NewThread:
    """For the same readers as the webinar, with as few names."""
    levels = list(Attribution)
    topic = webinar.topic.attribution if webinar.topic else Attribution.OPEN
    return NewThread(
        title=title,
        text=text,
        kind=kind,
        audience=Audience(webinar.visibility, webinar.group_id),
        attribution=max(webinar.attribution, topic, key=levels.index),
        is_demo=webinar.is_demo,
    )


def flag_post(webinar: Webinar, post: Post, actor: Attendee) -> Question:
    """Ask at the webinar what this post asks; its author is the asker. Twice is once.

    Raise NothingToAsk, QuestionsClosed, TooManyQuestions, AllowanceSpent.
    """
    desk = hold_desk(webinar.id)
    if not takes_questions(webinar, desk, utcnow()):
        raise QuestionsClosed
    found = db.session.scalars(question_of_post(post.id)).first()
    if found is not None and found.state is not QuestionState.WITHDRAWN:
        return found
    question = found or _add(webinar, post, actor, is_moderated=desk.is_moderated)
    if found is not None:
        asking.bring_back(found)
    renew(webinar.id)
    return question


def text_of_post(post: Post) -> str:
    """The words without marks, as long as a question may be."""
    return plain_text(post.body)[:LONGEST].strip()


def is_narrower(thread: Thread, webinar: Webinar) -> bool:
    """Whether the thread is for fewer readers than the webinar: what it says stays there."""
    order = list(Visibility)
    is_closer = order.index(thread.visibility) > order.index(webinar.visibility)
    is_elsewhere = thread.topic_id != webinar.topic_id or thread.group_id != webinar.group_id
    return is_closer or is_elsewhere


def _add(webinar: Webinar, post: Post, actor: Attendee, *, is_moderated: bool) -> Question:
    body = text_of_post(post)
    if not body or is_narrower(post.thread, webinar) or post.author is None:
        raise NothingToAsk
    asker = _author_as_attendee(webinar, post.author)
    spend("question", f"user:{actor.user_id}", *asking.QUESTIONS)
    if asking.asked_count(asker) >= asking.MOST:
        raise TooManyQuestions
    new = NewQuestion(
        body=body,
        language=post.language,
        is_unnamed=post.thread.attribution is Attribution.CHATHAM_HOUSE,
        source=Source.THREAD,
    )
    waits = is_moderated and not actor.manages
    return add_question(asker, new, is_moderated=waits, post_id=post.id)


def _author_as_attendee(webinar: Webinar, author: User) -> Attendee:
    registration = registration_of(author, webinar)
    return Attendee(webinar, author, registration, speaker=None, manages=False)
