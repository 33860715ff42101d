"""All tables of the core, for migrations."""

from __future__ import annotations

from app.core.audit import AuditEntry
from app.core.generations import Generation
from app.core.heartbeat import WorkerHeartbeat
from app.core.jobs import Job
from app.core.minutes import Measure
from app.core.outbox import OutboxMail
from app.core.rate_limit import RateCount
from app.core.sender_domain import SenderDomain

__all__ = [
    "AuditEntry",
    "Generation",
    "Job",
    "Measure",
    "OutboxMail",
    "RateCount",
    "SenderDomain",
    "WorkerHeartbeat",
]
