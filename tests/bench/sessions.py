"""`python -m tests.bench.sessions 400`: open sessions of so many members, print them as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

import sqlalchemy as sa
from flask import session
from flask_wtf.csrf import generate_csrf

from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.clock import utcnow
from app.core.db import db, write
from wsgi import app


def main() -> None:
    with app.app_context(), write():
        people = sa.select(User).order_by(User.id).limit(int(sys.argv[1]))
        opened = [
            (person.id, person.fs_uniquifier, open_session(person, address="127.0.0.1"))
            for person in db.session.scalars(people)
        ]
    print(json.dumps([signed_in(*one) for one in opened]))


def signed_in(user_id: int, name: str, sid: str) -> tuple[int, str, str]:
    """The member, the cookie of their browser, and the token its forms have."""
    sessions: Any = app.session_interface
    signer = sessions.get_signing_serializer(app)
    with app.test_request_context():
        today = utcnow().date().isoformat()  # else each answer would bring a new cookie
        session.update(_user_id=name, _fresh=True, _permanent=True, sid=sid, day=today)
        token = generate_csrf()
        cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}"
    return user_id, cookie, token


if __name__ == "__main__":
    main()
