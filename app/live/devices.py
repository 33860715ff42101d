"""A guest's link is joined in one browser at a time: whoever joins later takes it over.

Who comes by account has signed in and may use as many as they like.
"""

from __future__ import annotations

import hashlib
import secrets

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.live.models import JoinDevice
from app.webinars.models import Registration

KEY_BYTES = 24


def new_key() -> str:
    """For the cookie of one browser."""
    return secrets.token_urlsafe(KEY_BYTES)


def is_bound(owner_id: int | None, viewer: User | None) -> bool:
    """Whether somebody who came by a registration's link is held to one device."""
    return viewer is None or viewer.id != owner_id


def is_elsewhere(held: str | None, key: str) -> bool:
    """Another browser holds the link: `held` is what `JoinDevice.key_hash` says."""
    return held is not None and held != digest(key)


def holder_of(registration: Registration) -> str | None:
    device = db.session.get(JoinDevice, registration.id)
    return device.key_hash if device else None


def take(registration: Registration, key: str, *, over: bool) -> bool:
    """Join in the browser with this key. False: another one holds the link, and is to keep it.

    Callers hold the webinar, so that two at one moment come one by one.
    """
    device = db.session.get(JoinDevice, registration.id, populate_existing=True)
    if device is None:
        row = JoinDevice(registration_id=registration.id, key_hash=digest(key), since=utcnow())
        db.session.add(row)
    elif device.key_hash != digest(key):
        if not over:
            return False
        device.key_hash, device.since = digest(key), utcnow()
    db.session.flush()
    return True


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
