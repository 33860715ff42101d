"""What happens in the forum comes back to the list of questions."""

from __future__ import annotations

from app.core.clock import utcnow
from app.core.db import db, locked
from app.forum.models import Post, Thread
from app.forum.queries import thread_is_answered
from app.live.revisions import renew
from app.questions import replying
from app.questions.enums import QuestionState
from app.questions.models import Question
from app.questions.preparing import text_of_post
from app.questions.queries import question_of_post, questions_from_thread, questions_of_thread


def follow_thread(question: Question) -> bool:
    """The forum question that it became was answered, or is open again. Return whether there is
    an answer to tell of. Callers hold the desk. Twice is once.
    """
    before = question.state
    is_answered = thread_is_answered(question.thread_id)
    if is_answered and question.state is QuestionState.OPEN:
        question.state, question.answered_at = QuestionState.ANSWERED, utcnow()
        question.answered_minute, question.is_now = None, False
    elif not is_answered and _was_answered_there(question):
        question.state, question.answered_at = QuestionState.OPEN, None
    if question.state is not before:
        _show_anew(question)
    return is_answered and replying.has_reply(question)


def follow_answer(thread_id: int) -> None:
    """Whether there is an answer in the forum stands beside its questions from now on."""
    for question in db.session.scalars(locked(questions_of_thread(thread_id))).all():
        _show_anew(question)


def follow_post(post: Post, *, is_edited: bool = False) -> None:
    """Its text is gone, is back, or says something else: so does its question."""
    for question in db.session.scalars(question_of_post(post.id)):
        if is_edited and question.state in {QuestionState.OPEN, QuestionState.WAITING}:
            question.body = text_of_post(post) or question.body
        _show_anew(question)


def follow_removal(thread: Thread) -> None:
    """All of a conversation is gone, or is back."""
    for question in db.session.scalars(questions_from_thread(thread.id)):
        _show_anew(question)


def _show_anew(question: Question) -> None:
    """Pages that are kept were made with what it said before."""
    question.lock_version += 1
    db.session.flush()
    renew(question.webinar_id)


def _was_answered_there(question: Question) -> bool:
    said = question.answer or question.answered_minute is not None
    return question.state is QuestionState.ANSWERED and not said
