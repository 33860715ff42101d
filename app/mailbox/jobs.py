"""What workers do with mail that comes in. The network is asked while no transaction is open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.clock import utcnow
from app.core.jobs import Gone, enqueue, errand, job
from app.core.outbox import post_mail
from app.core.periodic import RHYTHMS, periodic
from app.core.settings import settings
from app.mailbox import clearing, fetching, receiving
from app.mailbox.emails import forwarded
from app.mailbox.errors import Unreadable
from app.mailbox.fetching import Batch
from app.mailbox.letters import Letter, read_letter
from app.mailbox.taking_in import take_in as decide
from app.webinars import answerers

FETCH = "mailbox.fetch"
FETCH_EVERY = timedelta(minutes=2)


@errand("mailbox.take_in")
def look_into(mail_id: int) -> dict[str, Any]:
    """Reading a mail may take five seconds."""
    raw = receiving.raw_of(mail_id)
    try:
        return {"letter": read_letter(raw), "problem": ""}
    except Unreadable as error:
        return {"letter": None, "problem": str(error)}


@job("mailbox.take_in")
def take_in(mail_id: int, letter: Letter | None = None, problem: str = "") -> None:
    mail = receiving.mail_held(mail_id)
    if mail is None:
        raise Gone
    readers = decide(mail, letter, problem)
    if letter is None or not readers:
        return
    webinar = answerers.webinar_by_id(mail.webinar_id) if mail.webinar_id else None
    for reader in readers:
        message = forwarded(mail, letter, reader, webinar)
        post_mail(message, reader.email, f"mailbox.forward:{mail.id}:{reader.id}")


@errand(FETCH)
def look_for_mail() -> dict[str, Any]:
    return {"batch": fetching.fetch(settings().imap_url)}


@job(FETCH)
def keep_fetched(batch: Batch | None = None) -> None:
    """What is kept is taken out of the mailbox next, when it cannot be lost any more."""
    if not isinstance(batch, Batch) or not batch.uids:
        return
    fetching.keep(batch)
    key = f"{batch.validity}:{batch.uids[-1]}:{utcnow().timestamp():.0f}"
    enqueue(
        "mailbox.put_away", key, validity=batch.validity, uids=batch.uids, has_more=batch.has_more
    )


@errand("mailbox.put_away")
def move(validity: int, uids: list[int]) -> dict[str, Any]:
    fetching.put_away(settings().imap_url, validity, uids)
    return {}


@job("mailbox.put_away")
def moved(validity: int, uids: list[int], has_more: bool = False) -> None:
    """The next ones at once, if there are more."""
    if has_more is True:
        enqueue(FETCH, f"after:{validity}:{uids[-1]}:{utcnow().timestamp():.0f}")


@periodic("mailbox.clear", every=timedelta(days=1))
def clear() -> None:
    clearing.clear()


def plan_fetching(has_mailbox: bool) -> None:
    """Look every two minutes where there is a mailbox to look into."""
    if has_mailbox:
        RHYTHMS[FETCH] = FETCH_EVERY
    else:
        RHYTHMS.pop(FETCH, None)
