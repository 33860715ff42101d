"""Who comes to the demo community, and what is there to be attacked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from app.accounts.models import User
from app.core.db import Base, db
from app.forum.models import Thread
from app.notes.models import Action, Decision, NoteSet
from app.topics.models import Topic
from app.webinars.models import Registration, Webinar

ROLES = {
    "visitor": None,
    "newcomer": "newcomer@demo.invalid",
    "member": "associate@demo.invalid",
    "organiser": "organiser@demo.invalid",
    "admin": "admin@demo.invalid",
}

ON_BOTH_ENGINES = {"member", "admin"}
EACH_ROLE = [
    pytest.param(role, marks=[] if role in ON_BOTH_ENGINES else pytest.mark.any_engine)
    for role in ROLES
]
"""The database cannot change what the others may; how far the two get, they get on both."""

LONG = "x" * 10_000
NUMBERS = {"webinar_id", "thread_id", "note_id", "action_id", "decision_id", "user_id", "number"}

WRONG_NUMBERS = ["0", "-1", str(2**31), str(2**63), "9" * 400, "1.5", "%00", "%EF%BC%91", "%ff"]
WRONG_WORDS = ["0", "%00", "..%2f..%2fetc%2fpasswd", LONG, "%ff%fe", "%F0%9F%8F%99", "%E2%80%AEx",
               "%0d%0aX-Bad:1", "<script>", "'%20OR%201=1--"]  # fmt: skip
WRONG_QUERIES = [
    "page=-1",
    "page=abc&page=2&page=3",
    f"page={'9' * 500}",
    "page=%00&q=%00&topic=%00&kind=%00&from=%00",
    "q=%ff&topic=%ff&page=%ff&next=%ff&kind=%ff",
    f"q={LONG}&page=2&topic={LONG}&mine=1",
    "q=%22%28%29%2A%3A%5E+AND+OR+NOT+NEAR%28&nobody=knows&kind=nothing",
    "q=%F0%9F%8F%99%E2%80%AE%ED%A0%80&topic=&mine=&reply_to=999999999999999999999",
    "next=//elsewhere.example&next=javascript:alert(1)&filter=x&city=%00&year=99999999999",
]


def person(role: str) -> User | None:
    email = ROLES[role]
    return db.session.scalars(select(User).where(User.email == email)).one() if email else None


def browser_of(role: str, client: FlaskClient, client_for: Callable[[User], FlaskClient]) -> Any:
    """A browser in which this person is signed in; the visitor's is nobody's."""
    somebody = person(role)
    return client_for(somebody) if somebody else client.application.test_client()


def real_values() -> list[dict[str, str]]:
    """Arguments that lead to something: a public past webinar, a coming one, a draft of nobody."""
    noted = db.session.scalars(select(NoteSet).order_by(NoteSet.id)).first()
    coming = db.session.scalars(select(Webinar).order_by(Webinar.sorts_at.desc())).first()
    thread = db.session.scalars(select(Thread).order_by(Thread.reply_count.desc())).first()
    hidden = db.session.scalars(select(Topic).where(Topic.visibility == "hidden")).first()
    place = db.session.scalars(select(Registration).order_by(Registration.id)).first()
    applicant = person("newcomer")
    assert None not in (noted, coming, thread, hidden, place, applicant)
    secret = select(Thread).where(Thread.topic_id == hidden.id)
    inner = db.session.scalars(secret).first()
    first = {
        "webinar_id": noted.webinar_id,
        "note_id": noted.notes[0].id,
        "number": 1,
        "action_id": _first(Action),
        "decision_id": _first(Decision),
        "user_id": applicant.id,
        "thread_id": thread.id,
        "slug": thread.topic.slug,
        "token": place.token,
        "form": "pdf",
        "filename": "app.css",
        "name": "nothing.eml",
        "sid": "unknown",
        "key": "0" * 32,
        "revision": 1,
        "tag_id": 1,
        "conversation_id": 1,
        "notice_id": 1,
        "report_id": 1,
        "seat_id": 1,
        "registration_id": place.id,
        "series_id": 1,
        "speaker_id": 1,
        "question_id": 1,
        "slot_id": 1,
        "act": "now",
        "city_id": 1,
        "material_id": 1,
        "track_id": 1,
        "poll_id": 1,
        "upload_id": 1,
        "code": "0" * 16,
        "mail_id": 1,
        "whose": "registrations",
        "kind": "mine",
        "step": "speakers",
        "year": noted.webinar.start_local.year if noted.webinar.start_local else 2026,
        "correction_id": 1,
        "what": "attendance",
    }
    second = first | {
        "webinar_id": coming.id,
        "thread_id": inner.id if inner else thread.id,
        "slug": hidden.slug,
        "form": "docx",
    }
    third = first | {"slug": "graz", "number": thread.last_number, "form": "txt"}
    return [{name: str(value) for name, value in row.items()} for row in (first, second, third)]


def _first(table: Any) -> int:
    return int(db.session.scalars(select(func.min(table.id))).one())


def address(rule: Any, values: dict[str, str]) -> str:
    """The rule with the values put in as they are, without quoting."""
    return "".join(values[part] if is_argument else part for is_argument, part in _parts(rule.rule))


def _parts(rule: str) -> list[tuple[bool, str]]:
    parts: list[tuple[bool, str]] = []
    while rule:
        before, _open, rest = rule.partition("<")
        argument, _close, rule = rest.partition(">")
        parts.append((False, before))
        if argument:
            parts.append((True, argument.rpartition(":")[2]))
    return parts


def wrong_addresses(rule: Any, values: dict[str, str]) -> list[str]:
    """One argument wrong at a time. What no view sees takes turns over the addresses."""
    turn = crc32(rule.rule.encode())
    return [
        address(rule, values | {name: wrong})
        for name in sorted(rule.arguments)
        for wrong in (_numbers(turn) if name in NUMBERS else WRONG_WORDS[turn % 2 :: 2])
    ]


def _numbers(turn: int) -> list[str]:
    """Zero gets as far as a view; the others end at the address, which is one piece of code."""
    return ["0", *WRONG_NUMBERS[1:][turn % 4 :: 4]]


def fault(answer: Any) -> str:
    """What is wrong with an answer to nonsense; empty when nothing is."""
    if answer.status_code >= 500 and answer.status_code != 503:
        return f"status {answer.status_code}"
    if answer.status_code < 400 or answer.mimetype == "application/json":
        return ""
    if answer.request.path == "/readyz":  # its reasons are for machines
        return ""
    if _is_for_a_calendar(answer):
        return ""
    page = answer.get_data(as_text=True)
    if answer.mimetype != "text/html" or page.count("<h1") != 1:
        return f"{answer.status_code} not in the site's look ({answer.mimetype}): {page[:80]!r}"
    return ""


def _is_for_a_calendar(answer: Any) -> bool:
    """A program that subscribed to one person's calendar is told in a sentence that it is gone."""
    is_own = re.fullmatch(r"/calendars/[^/]+\.ics", answer.request.path, re.DOTALL)
    kind = answer.mimetype, answer.status_code
    return is_own is not None and kind in {("text/plain", 404), ("text/plain", 410)}


def row_counts() -> dict[str, int]:
    """How many rows each table has; what only counts tries is left out."""
    tries = {"sign_in_failure", "audit_entry", "user_session", "thread_read"}
    names = [name for name in Base.metadata.tables if name not in tries]
    counts = ", ".join(f'(SELECT count(*) FROM "{name}")' for name in names)
    return dict(zip(names, db.session.execute(text(f"SELECT {counts}")).one(), strict=True))


def share(role: str, wrong: list[Any]) -> list[Any]:
    """All of it for the admin, who gets furthest; the others take turns."""
    others = [name for name in ROLES if name != "admin"]
    return wrong if role == "admin" else wrong[others.index(role) :: len(others)]
