"""Mails that follow answers by calendar. Each is safe to do twice."""

from __future__ import annotations

import hashlib

from app.core.clock import utcnow
from app.core.jobs import Gone, job
from app.core.outbox import post_mail
from app.webinars import answerers, confirming
from app.webinars.emails import answers
from app.webinars.enums import RegistrationState
from app.webinars.jobs._posting import held, post_once
from app.webinars.models import Registration
from app.webinars.phases import is_coming
from app.webinars.place_models import CounterProposal


@job("webinars.send_time_moved")
def send_time_moved(registration_id: int) -> None:
    registration, webinar = held(registration_id)
    has_seat = registration.state == RegistrationState.CONFIRMED
    if has_seat and registration.is_reply_stale and is_coming(webinar, utcnow()):
        fact = f"time_moved:{webinar.sequence}"
        post_once(answers.time_moved(registration), registration, fact)


@job("webinars.send_confirm_answer")
def send_confirm_answer(reply_id: int) -> None:
    reply = confirming.unverified_by_id(reply_id)
    if reply is None:
        raise Gone
    registration, webinar = held(reply.registration_id)
    if reply.confirmed_at is None and is_coming(webinar, utcnow()):
        message = answers.confirm_answer(registration, reply)
        post_once(message, registration, f"confirm_answer:{reply.id}")


@job("webinars.send_proposal_seen")
def send_proposal_seen(proposal_id: int) -> None:
    proposal, registration = _proposal(proposal_id)
    message = answers.proposal_seen(registration, proposal)
    post_once(message, registration, f"proposal_seen:{proposal.id}")


@job("webinars.tell_proposal")
def tell_proposal(proposal_id: int) -> None:
    proposal, registration = _proposal(proposal_id)
    for organiser in answerers.organisers_of(registration.webinar):
        message = answers.proposal(organiser, registration, proposal)
        post_mail(message, organiser.email, f"webinars.proposal:{proposal.id}:{organiser.id}")


@job("webinars.send_not_registered")
def send_not_registered(webinar_id: int, address: str) -> None:
    """Once for each address, however often its calendar answers."""
    webinar = answerers.webinar_by_id(webinar_id)
    if webinar is None or not answerers.is_open_to_all(webinar, utcnow()):
        return
    known = hashlib.sha256(address.encode()).hexdigest()[:32]
    message = answers.not_registered(webinar, address)
    post_mail(message, address, f"webinars.not_registered:{webinar.id}:{known}")


def _proposal(proposal_id: int) -> tuple[CounterProposal, Registration]:
    proposal = answerers.proposal_by_id(proposal_id)
    if proposal is None:
        raise Gone
    registration, _ = held(proposal.registration_id)
    return proposal, registration
