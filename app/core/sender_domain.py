"""What the world can look up about the domain our mail comes from: SPF, DMARC, where answers go.

A worker looks once a day; pages read what it found. Programs that show invitations trust a sender
whose domain says who may send for it (RFC 7208, RFC 7489).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import inbound
from app.core.clock import utcnow
from app.core.db import Base, db
from app.core.jobs import enqueue, errand
from app.core.periodic import periodic

PATIENCE_SECONDS = 3.0
GOOGLE = ("google.com", "googlemail.com")
PRESENT, MISSING, UNKNOWN = "present", "missing", "unknown"


class SenderDomain(Base):
    """What was found out last. `facts`: spf, dmarc and mx, each present, missing or unknown."""

    __tablename__ = "sender_domain"

    name: Mapped[str] = mapped_column(String(254), primary_key=True)
    facts: Mapped[dict[str, str]]
    looked_at: Mapped[datetime]


@dataclass(frozen=True)
class DomainFacts:
    """`answers_vanish`: Google keeps answers to its own domains to itself (spec/calendar 2.4)."""

    name: str
    looked_at: datetime | None
    spf: str = UNKNOWN
    dmarc: str = UNKNOWN
    answers_vanish: bool = False
    is_aligned: bool = True


def facts() -> DomainFacts:
    """What is known today of the domain of the sender."""
    name = sending_domain()
    row = db.session.get(SenderDomain, name)
    if row is None:
        return DomainFacts(name, None, is_aligned=_is_aligned(name))
    return DomainFacts(
        name,
        row.looked_at,
        row.facts["spf"],
        row.facts["dmarc"],
        inbound.is_read() and row.facts["mx"] == "google",
        _is_aligned(name),
    )


def sending_domain() -> str:
    return inbound.sender().rpartition("@")[2].lower()


@errand("core.look_up_sender_domain")
def ask_around() -> dict[str, Any]:
    name = sending_domain()
    return {"name": name, "found": look_up(name)}


@periodic("core.look_up_sender_domain", timedelta(days=1))
def keep_found(name: str, found: dict[str, str]) -> None:
    if name == sending_domain():
        db.session.merge(SenderDomain(name=name, facts=found, looked_at=utcnow()))


def look_soon() -> None:
    """Ask a worker to look again; many who ask within a minute ask once."""
    enqueue("core.look_up_sender_domain", f"asked:{utcnow():%Y%m%d%H%M}")


def look_up(
    name: str,
    servers: Iterable[tuple[str, int]] = (),
    patience_seconds: float = PATIENCE_SECONDS,
) -> dict[str, str]:
    """Ask the domain name system, each question so long. `servers`: not the usual ones.

    Never raises for what the network does: what could not be asked is unknown.
    """
    resolver = _resolver(list(servers), patience_seconds)
    spf = _texts(resolver, name, "v=spf1")
    dmarc = _texts(resolver, f"_dmarc.{name}", "v=DMARC1")
    return {"spf": spf, "dmarc": dmarc, "mx": _mail_host(resolver, inbound.domain())}


def _resolver(servers: list[tuple[str, int]], patience_seconds: float) -> Any:
    """Loaded by workers when they look: it takes 8 MB that no page needs."""
    module: Any = importlib.import_module("dns.resolver")
    resolver = module.Resolver(configure=not servers)
    if servers:
        resolver.nameservers = [host for host, _port in servers]
        resolver.port = servers[0][1]
    resolver.lifetime = patience_seconds
    return resolver


def _texts(resolver: Any, name: str, begins: str) -> str:
    answers = _asked(resolver, name, "TXT")
    if answers is None:
        return UNKNOWN
    texts = [b"".join(answer.strings).decode(errors="replace") for answer in answers]
    return PRESENT if any(text.lower().startswith(begins.lower()) for text in texts) else MISSING


def _mail_host(resolver: Any, name: str) -> str:
    answers = _asked(resolver, name, "MX")
    if answers is None:
        return UNKNOWN
    hosts = [str(answer.exchange).rstrip(".").lower() for answer in answers]
    if any(host.endswith(GOOGLE) for host in hosts):
        return "google"
    return PRESENT if hosts else MISSING


def _asked(resolver: Any, name: str, kind: str) -> list[Any] | None:
    """None when there was no answer at all; empty when the answer was "there is none"."""
    errors: Any = importlib.import_module("dns.resolver")
    try:
        return list(resolver.resolve(name, kind))
    except (errors.NXDOMAIN, errors.NoAnswer):
        return []
    except (errors.NoNameservers, errors.LifetimeTimeout, errors.NoResolverConfiguration, OSError):
        return None


def _is_aligned(name: str) -> bool:
    """Whether answers go to the domain the mail comes from, or to one under it."""
    own = inbound.domain().lower()
    return own == name or own.endswith(f".{name}") or name.endswith(f".{own}")
