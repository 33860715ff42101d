"""Mails that follow an answer by calendar, to the person who gave it and to the organisers."""

from __future__ import annotations

from email.message import EmailMessage

from app.accounts.models import User
from app.core.email import Recipient, compose
from app.core.i18n import speaking
from app.core.links import absolute_url
from app.core.slugs import slugify
from app.webinars.emails._words import plain
from app.webinars.hours import when
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import CounterProposal, UnverifiedReply
from app.webinars.words import answer_in_words


def time_moved(registration: Registration) -> EmailMessage:
    """They declined an earlier time: keep the seat, or release it?"""
    keep_url = absolute_url("calendar_answers.moved", token=registration.token)
    return plain("webinar-answer-moved", registration, keep_url=keep_url)


def confirm_answer(registration: Registration, reply: UnverifiedReply) -> EmailMessage:
    """An answer in their name came from somebody we do not know."""
    confirm_url = absolute_url("calendar_answers.show", token=reply.token)
    with speaking(registration.language):
        said = answer_in_words(reply.partstat)
    return plain("webinar-answer-confirm", registration, confirm_url=confirm_url, said=said)


def proposal_seen(registration: Registration, proposal: CounterProposal) -> EmailMessage:
    """The organisers see it; until they move the webinar it stays where it is."""
    proposed = _proposed(proposal, registration.language, registration.timezone)
    return plain("webinar-proposal-seen", registration, proposed=proposed)


def proposal(organiser: User, registration: Registration, made: CounterProposal) -> EmailMessage:
    """Somebody proposes another time, to one of the organisers."""
    webinar = registration.webinar
    to = Recipient(
        organiser.email, organiser.display_name, organiser.locale or "en", organiser.timezone
    )
    return compose(
        "webinar-proposal",
        to,
        webinar=webinar,
        registration=registration,
        comment=made.comment,
        proposed=_proposed(made, to.locale, to.timezone),
        answers_url=absolute_url("registrations.index", webinar_id=webinar.id),
    )


def not_registered(webinar: Webinar, address: str) -> EmailMessage:
    """Their calendar answered an invitation that was somebody else's."""
    to = Recipient(address, address, webinar.language, webinar.tzid)
    slug = slugify(webinar.title)
    page_url = absolute_url("webinars.show", webinar_id=webinar.id, slug=slug)
    with speaking(to.locale):
        hours = ""
        if webinar.starts_at and webinar.ends_at:
            hours = when(webinar.starts_at, webinar.ends_at, to.timezone)
    return compose("webinar-not-registered", to, webinar=webinar, page_url=page_url, when=hours)


def _proposed(made: CounterProposal, language: str, tzid: str) -> str:
    with speaking(language):
        return when(made.starts_at, made.ends_at or made.starts_at, tzid)
