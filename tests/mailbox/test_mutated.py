"""Two thousand broken messages: no exception, and nothing changed that an answer does not say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes

import pytest
import sqlalchemy as sa

from app.core.db import db, write
from app.mailbox import receiving
from app.mailbox.enums import Outcome
from app.mailbox.errors import Unreadable, Unusable
from app.mailbox.letters import read_letter
from app.mailbox.models import InboundMail
from app.mailbox.taking_in import take_in
from tests.conftest import ENGINE
from tests.factories_mailbox import Stage, reply_file, reply_files
from tests.mailbox.mutating import broken

HOW_MANY, ROUNDS = 2000 if ENGINE == "sqlite" else 500, 8
UNPROVEN = {name for name in reply_files() if name.startswith(("forged", "token-of"))} | {
    "sent-by-stranger",
    "counter-unproven",
}
PARTSTAT = re.compile(rb"PARTSTAT=([A-Z-]+)")
ADDED_TO = ("seat_transfer", "counter_proposal", "unverified_reply")


@dataclass(frozen=True)
class State:
    """What an answer may change: of the official, of everybody else, and rows that were added."""

    state: str
    partstat: str
    others: tuple[object, ...]
    added: tuple[int, ...]


class Enough(Exception):
    """Undoes everything."""


@pytest.mark.parametrize("number", range(ROUNDS))
def test_broken_messages_change_nothing_they_do_not_say(stage: Stage, number: int) -> None:
    files = {name: stage.filled(reply_file(name)) for name in reply_files()}
    names = list(files)
    outcomes = Counter[str]()
    with undone():
        before = state_now(stage)
        for seed in range(number * HOW_MANY // ROUNDS, (number + 1) * HOW_MANY // ROUNDS):
            name, other = names[seed % len(names)], names[(seed * 7 + 3) % len(names)]
            other = name if name in UNPROVEN else other
            found = after(stage, broken(seed, files[name], files[other]), outcomes)
            said = said_in(files[name]) | said_in(files[other]) if name not in UNPROVEN else set()
            assert found.others == before.others, (seed, name)
            assert found.partstat in {before.partstat, *said}, (seed, name)
            assert found.state == before.state or found.partstat == "DECLINED", (seed, name)
            assert sum(found.added) <= 1, (seed, name)
    assert len(outcomes) >= 5, outcomes


def said_in(raw: bytes) -> set[str]:
    """Every PARTSTAT that stands in a file."""
    parts = [part.get_payload(decode=True) for part in message_from_bytes(raw).walk()]
    whole = b"".join(part.replace(b"\x00", b"") for part in parts if isinstance(part, bytes))
    return {word.decode() for word in PARTSTAT.findall(whole)}


def after(stage: Stage, raw: bytes, outcomes: Counter[str]) -> State:
    """How things stand when this mail was taken in; then it is as if it never came."""
    attempt = db.session.begin_nested()
    try:
        outcomes[outcome_of(raw)] += 1
        return state_now(stage)
    finally:
        attempt.rollback()


def outcome_of(raw: bytes) -> str:
    try:
        receiving.receive(raw)
    except Unusable:
        return "unusable"
    mail = db.session.scalars(sa.select(InboundMail)).one()
    try:
        letter, problem = read_letter(raw), ""
    except Unreadable as error:
        letter, problem = None, str(error)
    take_in(mail, letter, problem)
    db.session.flush()
    assert mail.outcome != Outcome.WAITING
    assert mail.detail
    return mail.outcome


def state_now(stage: Stage) -> State:
    rows = db.session.execute(sa.text("SELECT * FROM registration ORDER BY id")).mappings().all()
    (mine,) = [row for row in rows if row["id"] == stage.official.id]
    return State(
        state=mine["state"],
        partstat=mine["partstat"],
        others=tuple(tuple(row.values()) for row in rows if row["id"] != mine["id"]),
        added=tuple(
            db.session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0 for table in ADDED_TO
        ),
    )


@contextmanager
def undone() -> Iterator[None]:
    """Everything inside is one transaction, which is thrown away."""
    with pytest.raises(Enough), write():
        yield
        raise Enough
