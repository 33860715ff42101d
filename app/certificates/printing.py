"""A certificate as tagged PDF (PDF/UA-1), in the language in which it was issued."""

from __future__ import annotations

from pathlib import Path

from babel.dates import format_date

from app.certificates.models import Certificate
from app.core.clock import utcnow
from app.core.i18n import _, language, ngettext, speaking
from app.core.links import absolute_url
from app.core.pdf import Data, pdf_from
from app.core.zones import to_local
from app.webinars.hours import when

TEMPLATE = Path(__file__).parents[2] / "templates" / "certificates" / "certificate.typ"


def write_certificate(certificate: Certificate) -> bytes:
    with speaking(certificate.language):
        return pdf_from(TEMPLATE, _data(certificate), _saying_so)


def day_of(certificate: Certificate) -> str:
    """When the webinar was, with its zone, in the running language."""
    webinar = certificate.webinar
    if webinar.starts_at is None or webinar.ends_at is None:
        return str(webinar.year or "")
    return when(webinar.starts_at, webinar.ends_at, webinar.tzid)


def presence_of(certificate: Certificate) -> str:
    if certificate.minutes is None:
        return _("Confirmed by the organisers")
    return ngettext("%(num)s minute", "%(num)s minutes", certificate.minutes)


def _data(certificate: Certificate) -> Data:
    webinar, address = certificate.webinar, check_address(certificate)
    facts = [
        (_("When"), day_of(certificate)),
        (_("Host"), webinar.host_label),
        (_("Present"), presence_of(certificate)),
        (_("Issued"), _day(certificate)),
        (_("Code"), certificate.code),
    ]
    return {
        "language": language(),
        "title": _("Certificate of attendance"),
        "certifies": _("This certifies that"),
        "name": certificate.name,
        "city": certificate.city_label,
        "took_part": _("took part in the webinar"),
        "webinar": webinar.title,
        "webinar_language": webinar.language,
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "check": _("Whether this certificate is valid is said at:"),
        "href": address,
        "address": address.partition("://")[2],
        "remark": "",
    }


def check_address(certificate: Certificate) -> str:
    return absolute_url("certificates.check", code=certificate.code)


def _day(certificate: Certificate) -> str:
    local = to_local(certificate.issued_at or utcnow(), certificate.webinar.tzid)
    return str(format_date(local.date(), "long", locale=language()))


def _saying_so(data: Data) -> Data:
    remark = _(
        "Characters that the fonts of this file do not have are written by name in brackets. "
        "The page of the address above shows them as they are."
    )
    return {**data, "remark": remark}
