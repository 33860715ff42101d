"""Why somebody is told of something. The order is the order of importance (spec/forum I5)."""

from __future__ import annotations

from enum import StrEnum


class NoticeKind(StrEnum):
    MENTION = "mention"
    REPLY = "reply"
    QUOTE = "quote"
    CITY_MENTION = "city_mention"
    FOLLOWED_THREAD = "followed_thread"
    NEW_THREAD = "new_thread"
    ANSWER_ACCEPTED = "answer_accepted"
    QUESTION_SOLVED = "question_solved"
    POST_CHANGED = "post_changed"  # edited, moved or hidden by a steward
    RESPONSES = "responses"
    MESSAGE = "message"
    BOOKMARK = "bookmark"
    HALF_TIME = "half_time"
    TIME_IS_UP = "time_is_up"
    HANDED_OVER = "handed_over"
    QUESTION_REPLIED = "question_replied"  # what they asked at a webinar has its answer
    QUESTION_DISMISSED = "question_dismissed"  # it is not shown
    QUESTION_FOR_YOU = "question_for_you"  # asked to them as a speaker
    WEBINAR = "webinar"  # one was published in a topic they follow
    NOTE_TAKER = "note_taker"  # they are asked to write the notes of a webinar
    SUMMARY = "summary"  # of a webinar in a topic they follow
