"""Mails about certificates."""

from __future__ import annotations

from email.message import EmailMessage

from app.certificates.issuing import CORRECTED
from app.certificates.models import Certificate
from app.core.email import Recipient, compose
from app.core.links import absolute_url
from app.webinars.models import Registration


def revoked(certificate: Certificate, registration: Registration) -> EmailMessage:
    to = Recipient(
        registration.email, registration.name, registration.language, registration.timezone
    )
    webinar = certificate.webinar
    return compose(
        "certificate-revoked",
        to,
        webinar=webinar,
        code=certificate.code,
        is_new_one_there=certificate.revoke_reason == CORRECTED,
        own_url=absolute_url("certificates.show", webinar_id=webinar.id, t=registration.token),
    )
