"""Each notice as one whole sentence in the reader's language."""

from __future__ import annotations

from app.core.i18n import _, ngettext
from app.notifications.enums import NoticeKind
from app.notifications.lining import Line


def notice_sentence(line: Line) -> str:
    """Who did what; without the name where it is withheld."""
    if line.kind in BY_SOMEBODY:
        return _by_somebody(line)
    if line.kind is NoticeKind.FOLLOWED_THREAD:
        return ngettext(
            "%(num)s new post in a conversation you follow",
            "%(num)s new posts in a conversation you follow",
            line.count,
        )
    return {
        NoticeKind.ANSWER_ACCEPTED: _("Your answer was chosen as the solution"),
        NoticeKind.QUESTION_SOLVED: _("A question you follow is solved"),
        NoticeKind.POST_CHANGED: _("A steward changed something you wrote"),
        NoticeKind.RESPONSES: _("People find what you wrote useful"),
        NoticeKind.BOOKMARK: _("You wanted to be reminded of this"),
        NoticeKind.HALF_TIME: _("Half of the time to answer this question has passed"),
        NoticeKind.TIME_IS_UP: _("The time for answers is over: put them together"),
        NoticeKind.HANDED_OVER: _("This conversation was handed over to you"),
        NoticeKind.MESSAGE: _("New private message"),
        NoticeKind.QUESTION_REPLIED: _("What you asked at a webinar has its answer"),
        NoticeKind.QUESTION_DISMISSED: _("A question of yours is not shown at a webinar: see why"),
        NoticeKind.QUESTION_FOR_YOU: _("You spoke at a webinar: can you answer this question?"),
        NoticeKind.NOTE_TAKER: _("You take the notes of this webinar"),
        NoticeKind.SUMMARY: _("What came out of a webinar in a topic you follow"),
        NoticeKind.WEBINAR: _("A webinar in a topic you follow: register now"),
    }[line.kind]


BY_SOMEBODY = {
    NoticeKind.MENTION,
    NoticeKind.REPLY,
    NoticeKind.QUOTE,
    NoticeKind.CITY_MENTION,
    NoticeKind.NEW_THREAD,
}


def _by_somebody(line: Line) -> str:
    if line.author is None:
        return {
            NoticeKind.MENTION: _("You were mentioned"),
            NoticeKind.REPLY: _("Somebody replied to you"),
            NoticeKind.QUOTE: _("Somebody quoted you"),
            NoticeKind.CITY_MENTION: _("Your city was mentioned"),
            NoticeKind.NEW_THREAD: _("A new thread was started"),
        }[line.kind]
    name = line.author.name
    return {
        NoticeKind.MENTION: _("%(name)s mentioned you", name=name),
        NoticeKind.REPLY: _("%(name)s replied to you", name=name),
        NoticeKind.QUOTE: _("%(name)s quoted you", name=name),
        NoticeKind.CITY_MENTION: _("%(name)s mentioned your city", name=name),
        NoticeKind.NEW_THREAD: _("%(name)s started a new thread", name=name),
    }[line.kind]
