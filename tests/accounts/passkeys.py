"""A passkey as a phone or a laptop keeps it, without a browser."""

from __future__ import annotations

import hashlib
import html
import json
import re
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask.testing import FlaskClient
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

ORIGIN, PLACE = "http://localhost", "localhost"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40  # bits of what the authenticator swears to
ACTION = re.compile(r'action="([^"]+)"\s+data-passkey="\w+"\s+data-options="([^"]+)"')


class Passkey:
    """One pair of keys, a name for it, and how often it was used."""

    def __init__(self) -> None:
        self.id = secrets.token_bytes(16)
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.used = 0
        self.owner = ""

    def add_to(self, browser: FlaskClient, name: str) -> Any:
        """Make it known to the account that is signed in here."""
        typed = {"name": name, "usage": "first"}
        action, asked = question(browser.post("/settings/security/passkeys", data=typed).text)
        self.owner = asked["user"]["id"]
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(WITH_KEY) + self._key()}
        response = {
            "attestationObject": bytes_to_base64url(cbor2.dumps(statement)),
            "clientDataJSON": bytes_to_base64url(client_data("webauthn.create", asked)),
        }
        return browser.post(action, data={"credential": self._answer(response, extensions="{}")})

    def sign_in(self, browser: FlaskClient) -> Any:
        action, asked = question(browser.post("/sign-in/passkey").text)
        self.used += 1
        data, said = self._data(), client_data("webauthn.get", asked)
        signature = self.secret.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {
            "authenticatorData": bytes_to_base64url(data),
            "clientDataJSON": bytes_to_base64url(said),
            "signature": bytes_to_base64url(signature),
            "userHandle": self.owner,
        }
        return browser.post(action, data={"credential": self._answer(response)})

    def _data(self, more: int = 0) -> bytes:
        place = hashlib.sha256(PLACE.encode()).digest()
        return place + struct.pack(">BI", PRESENT | VERIFIED | more, self.used)

    def _key(self) -> bytes:
        """Its name and the public half, as COSE writes a point of P-256."""
        point = self.secret.public_key().public_numbers()
        known = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        return bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(known)

    def _answer(self, response: dict[str, str], **more: str) -> str:
        name = bytes_to_base64url(self.id)
        whole = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(whole | more)


def question(page: str) -> tuple[str, dict[str, Any]]:
    """Where the answer goes, and what the page asks the browser."""
    found = ACTION.search(page)
    assert found
    action, options = map(html.unescape, found.groups())
    asked: dict[str, Any] = json.loads(options)
    assert base64url_to_bytes(asked["challenge"])
    return action, asked


def client_data(kind: str, asked: dict[str, Any]) -> bytes:
    said = {"type": kind, "challenge": asked["challenge"], "origin": ORIGIN, "crossOrigin": False}
    return json.dumps(said).encode()
