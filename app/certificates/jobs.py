"""Telling holders what became of their certificates."""

from __future__ import annotations

from app.certificates import emails
from app.certificates.models import Certificate
from app.core.db import db
from app.core.jobs import Gone, job
from app.core.outbox import post_mail


@job("certificates.send_revoked")
def send_revoked(certificate_id: int) -> None:
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None or certificate.registration is None:
        raise Gone
    registration = certificate.registration
    message = emails.revoked(certificate, registration)
    post_mail(message, registration.email, f"certificates.revoked:{certificate.id}")
