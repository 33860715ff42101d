"""The address that one person's calendar answers to (spec/calendar 2.4).

It names the registration, says so to nobody else, and stays the same for life: a calendar takes
an organizer that changed for an attack (RFC 5546 section 6.1.3).
"""

from __future__ import annotations

import re

from app.core import inbound
from app.core.seals import seal, unseal

BEFORE = "events+"
TOKEN = re.compile(r"events\+([a-z2-7]{26})")
PURPOSE = "webinars.reply_address"
PROOF_BYTES, ID_BYTES = 11, 5


def reply_address(registration_id: int) -> str:
    return f"{BEFORE}{_token(registration_id)}@{inbound.domain()}"


def organizer_address(registration_id: int, attendee: str) -> str:
    """The ORGANIZER of one person's invitations.

    Without a mailbox that is read it is the sender of all mail. Whoever gets mail at that very
    address has one of their own: programs take an attendee who is the organizer for the host.
    """
    if inbound.is_read() or attendee.lower() == inbound.sender().lower():
        return reply_address(registration_id)
    return inbound.sender()


def is_ours(address: str) -> bool:
    """Whether an ORGANIZER that comes back is one that we sent."""
    if address.strip().lower() == inbound.sender().lower():
        return True
    return registration_of_address(address) is not None


def registration_of_address(address: str) -> int | None:
    """Whose answers come to this address; None for any other one."""
    local, _at, domain = address.strip().lower().rpartition("@")
    found = TOKEN.fullmatch(local)
    if found is None or domain != inbound.domain().lower():
        return None
    return _read(found[1])


def _token(registration_id: int) -> str:
    """26 letters: a proof of 88 bits, and the number hidden under it."""
    return seal(PURPOSE, registration_id.to_bytes(ID_BYTES, "big"), PROOF_BYTES)


def _read(token: str) -> int | None:
    payload = unseal(PURPOSE, token, ID_BYTES, PROOF_BYTES)
    return None if payload is None else int.from_bytes(payload, "big")
