"""What can be looked up about the domain our mail comes from, asked of a real name server."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import dns.message
import dns.rdatatype
import dns.rrset
import pytest
from flask import Flask

from app.core.db import db, write
from app.core.sender_domain import SenderDomain, facts, look_up, sending_domain

Zone = dict[tuple[str, str], str]
Ask = Callable[[Zone], dict[str, str]]


class Answering(socketserver.BaseRequestHandler):
    """One question, one answer; names that the zone does not have do not exist."""

    zone: Zone = {}

    def handle(self) -> None:
        data, wire = self.request
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        question = query.question[0]
        name, kind = str(question.name).rstrip("."), dns.rdatatype.to_text(question.rdtype)
        if (name, kind) in self.zone:
            answer.answer.append(
                dns.rrset.from_text(question.name, 60, "IN", kind, self.zone[name, kind])
            )
        elif name not in {known for known, _kind in self.zone}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        wire.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def ask(app: Flask) -> Iterator[Ask]:
    app.config["INBOUND_DOMAIN"] = "forum.example.org"
    with socketserver.UDPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()

        def asked(zone: Zone) -> dict[str, str]:
            Answering.zone = zone
            return look_up("example.org", [("127.0.0.1", server.server_address[1])])

        yield asked
        server.shutdown()


def test_a_domain_that_says_who_sends_for_it(ask: Ask) -> None:
    found = ask(
        {
            ("example.org", "TXT"): '"v=spf1 mx -all"',
            ("_dmarc.example.org", "TXT"): '"v=DMARC1; p=quarantine"',
            ("forum.example.org", "MX"): "10 mail.example.org.",
        }
    )

    assert found == {"spf": "present", "dmarc": "present", "mx": "present"}


def test_a_domain_that_says_nothing(ask: Ask) -> None:
    found = ask({("example.org", "TXT"): '"some other text"'})

    assert found == {"spf": "missing", "dmarc": "missing", "mx": "missing"}


def test_answers_that_go_to_google_are_seen(ask: Ask) -> None:
    assert ask({("forum.example.org", "MX"): "1 ASPMX.L.GOOGLE.com."})["mx"] == "google"


def test_a_name_server_that_is_away_leaves_all_unknown(app: Flask) -> None:
    found = look_up("example.org", [("127.0.0.1", 9)], patience_seconds=0.1)

    assert found == {"spf": "unknown", "dmarc": "unknown", "mx": "unknown"}


def test_what_a_worker_found_is_known(app: Flask) -> None:
    looked_at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    found = {"spf": "present", "dmarc": "missing", "mx": "google"}
    with write() as session:
        session.add(SenderDomain(name=sending_domain(), facts=found, looked_at=looked_at))
    app.config["INBOUND_MAIL"] = True

    known = facts()

    assert (known.spf, known.dmarc, known.answers_vanish, known.looked_at) == (
        "present", "missing", True, looked_at,
    )  # fmt: skip


def test_before_anybody_looked_nothing_is_claimed(app: Flask) -> None:
    assert (facts().spf, facts().looked_at, db.session.query(SenderDomain).count()) == (
        "unknown", None, 0,
    )  # fmt: skip
