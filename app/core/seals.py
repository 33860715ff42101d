"""A few bytes as letters that nobody else can make, read or change, always the same for the same.

The proof is made of the bytes, and what hides the bytes is made of the proof; so a seal shows
neither what is in it nor which two have something in common. Letters: a to z and 2 to 7.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from flask import current_app


def seal(purpose: str, payload: bytes, proof_bytes: int) -> str:
    proof = _keyed(f"{purpose}.proof", payload, proof_bytes)
    whole = proof + _hidden(purpose, payload, proof)
    return base64.b32encode(whole).decode().rstrip("=").lower()


def unseal(purpose: str, letters: str, payload_bytes: int, proof_bytes: int) -> bytes | None:
    """What was sealed, of this many bytes; None for anything that we did not seal."""
    try:
        whole = base64.b32decode(letters.upper() + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError):
        return None
    if len(whole) != payload_bytes + proof_bytes:
        return None
    payload = _hidden(purpose, whole[proof_bytes:], whole[:proof_bytes])
    expected = seal(purpose, payload, proof_bytes)
    return payload if hmac.compare_digest(expected.encode(), letters.encode()) else None


def _hidden(purpose: str, payload: bytes, proof: bytes) -> bytes:
    """Twice is once: the same mask takes off what it put on. At most 32 bytes."""
    mask = _keyed(f"{purpose}.mask", proof, len(payload))
    return bytes(one ^ other for one, other in zip(payload, mask, strict=True))


def _keyed(purpose: str, value: bytes, size: int) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"interurban.{purpose}:".encode() + value, hashlib.sha256).digest()[:size]
