"""What is done with a mail that came in: an answer is applied, all else is for people."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.models import User
from app.accounts.queries import active_admins
from app.core.clock import utcnow
from app.core.jobs import enqueue
from app.core.rate_limit import HOUR, Allowance, AllowanceSpent, spend
from app.mailbox.addresses import spellings
from app.mailbox.answers import Attendee, CalendarAnswer, answer_in
from app.mailbox.enums import Outcome
from app.mailbox.errors import NoCalendarAnswer, NotForUs
from app.mailbox.letters import Letter
from app.mailbox.matching import Match, Stranger, match, token_owner
from app.mailbox.models import InboundMail
from app.mailbox.proving import is_proven
from app.webinars import answerers, answering, confirming
from app.webinars.answer_order import Answer
from app.webinars.answering import Effect
from app.webinars.enums import PartStat
from app.webinars.models import Webinar
from app.webinars.reply_address import is_ours

MOST_FORWARDED = Allowance(30, HOUR)  # about one webinar
MOST_FROM_ONE = Allowance(10, HOUR)
MOST_STRANGERS = Allowance(30, HOUR)
REMEMBERED = timedelta(days=120)
WANT_TO_COME = {"ACCEPTED", "TENTATIVE"}
KNOWN = {partstat.value for partstat in PartStat}


def take_in(mail: InboundMail, letter: Letter | None, problem: str = "") -> list[User]:
    """Decide over one mail, once. Return who is to read it: nobody, when a calendar wrote it."""
    if mail.outcome != Outcome.WAITING:
        return []
    if letter is None:
        _end(mail, Outcome.KEPT_ASIDE, problem or "It cannot be read.")
        return []
    mail.subject = letter.subject[:200].strip()
    if letter.sender and is_ours(letter.sender):
        _end(mail, Outcome.IGNORED, "We sent it ourselves.")
        return []
    try:
        _answer(mail, letter, answer_in(letter))
    except NotForUs as reason:
        _end(mail, Outcome.IGNORED, str(reason))
    except NoCalendarAnswer as reason:
        return _for_people(mail, letter, str(reason))
    return []


def _answer(mail: InboundMail, letter: Letter, answer: CalendarAnswer) -> None:
    """What the mail belongs to is noted last: a row that names the webinar holds it a little.

    Two who held it so would wait for each other when both then want it whole.
    """
    found = match(answer, letter, mail.envelope_to)
    if isinstance(found, Stranger):
        _stranger(mail, letter, answer, found)
        mail.webinar_id = found.webinar.id
        return
    registration_id, webinar_id = found.registration.id, found.registration.webinar_id
    try:
        _of_participant(mail, letter, answer, found)
    finally:
        mail.webinar_id, mail.registration_id = webinar_id, registration_id


def _of_participant(
    mail: InboundMail, letter: Letter, answer: CalendarAnswer, found: Match
) -> None:
    if answer.method == "REFRESH":
        return _close(mail, answering.send_again(found.registration))
    if not found.by_token and not is_proven(letter, found.attendee):
        return _unproven(mail, answer, found)
    if answer.method == "COUNTER":
        return _counter(mail, answer, found)
    return _close(mail, _reply(mail, answer, found))


def _reply(mail: InboundMail, answer: CalendarAnswer, found: Match) -> Effect:
    if found.attendee.partstat not in KNOWN:
        return Effect.MEANS_NOTHING
    return answering.answer(found.registration, _given(mail, answer, found.attendee))


def _given(mail: InboundMail, answer: CalendarAnswer, attendee: Attendee) -> Answer:
    """Nobody answers later than the mail comes in: a DTSTAMP of tomorrow would win for ever."""
    dtstamp = min(answer.dtstamp or mail.received_at, mail.received_at)
    return Answer(
        partstat=PartStat(attendee.partstat),
        sequence=answer.sequence,
        dtstamp=dtstamp,
        comment=answer.comment,
        delegate=attendee.delegated_to,
        starts_at=answer.starts_at,
    )


def _counter(mail: InboundMail, answer: CalendarAnswer, found: Match) -> None:
    if answer.starts_at is None:
        raise NoCalendarAnswer("It proposes another time, in a zone we do not know.")
    effect = answering.propose(found.registration, answer.starts_at, answer.ends_at, answer.comment)
    _close(mail, effect)


def _unproven(mail: InboundMail, answer: CalendarAnswer, found: Match) -> None:
    if answer.method == "COUNTER":
        raise NoCalendarAnswer("It proposes another time, but the sender is not proven.")
    if found.attendee.partstat not in KNOWN:
        return _close(mail, Effect.MEANS_NOTHING)
    asked = confirming.ask_to_confirm(found.registration, _given(mail, answer, found.attendee))
    asks = "The person is asked to confirm it." if asked else "The person was asked already."
    return _end(mail, Outcome.UNVERIFIED, f"The sender is not proven. {asks}")


def _stranger(mail: InboundMail, letter: Letter, answer: CalendarAnswer, who: Stranger) -> None:
    """Never added; told once how to register, where anybody may."""
    address = who.attendee.address
    wants = answer.method == "REPLY" and who.attendee.partstat in WANT_TO_COME
    open_to_all = answerers.is_open_to_all(who.webinar, utcnow())
    if not wants or not open_to_all or letter.sender != address:
        return _end(mail, Outcome.IGNORED, "The address is not registered.")
    try:
        spend("calendar.stranger", f"{who.webinar.id}", MOST_STRANGERS)
    except AllowanceSpent:
        return _end(mail, Outcome.IGNORED, "The address is not registered; many are not.")
    key = f"{who.webinar.id}:{mail.id}"
    enqueue("webinars.send_not_registered", key, webinar_id=who.webinar.id, address=address)
    return _end(mail, Outcome.IGNORED, "The address is not registered; it is told how to.")


def _for_people(mail: InboundMail, letter: Letter, reason: str) -> list[User]:
    """The organisers of the webinar it is about read it; if there is none, the office."""
    may_be_an_answer = letter.calendars or letter.has_large_calendar or letter.has_tnef
    if letter.is_automatic and not may_be_an_answer:
        _end(mail, Outcome.IGNORED, "A machine wrote it.")
        return []
    webinar = _webinar_of(mail, letter)
    mail.webinar_id = webinar.id if webinar else None
    readers = (answerers.organisers_of(webinar) if webinar else []) or list(active_admins())
    if not readers:
        _end(mail, Outcome.KEPT_ASIDE, f"{reason} There is nobody to read it.")
        return []
    try:
        spend("mailbox.forward", f"{mail.webinar_id or 'office'}", MOST_FORWARDED)
        spend("mailbox.forward_of", letter.sender[:60] or "nobody", MOST_FROM_ONE)
    except AllowanceSpent:
        _end(mail, Outcome.KEPT_ASIDE, f"{reason} There were too many within an hour.")
        return []
    _end(mail, Outcome.FORWARDED, reason)
    return readers


def _webinar_of(mail: InboundMail, letter: Letter) -> Webinar | None:
    """By the calendar in it, the address it came to, else what its sender last got a mail of."""
    if mail.webinar_id is not None:
        return answerers.webinar_by_id(mail.webinar_id)
    owner = token_owner(letter, mail.envelope_to)
    if owner is None and letter.sender:
        since = utcnow() - REMEMBERED
        owner = answerers.latest_mailed(spellings(letter.sender), since)
    return owner.webinar if owner else None


def _close(mail: InboundMail, effect: Effect) -> None:
    _end(mail, Outcome.APPLIED if effect.changed else Outcome.IGNORED, effect.value)


def _end(mail: InboundMail, outcome: Outcome, detail: str) -> None:
    mail.outcome, mail.detail = outcome, detail
