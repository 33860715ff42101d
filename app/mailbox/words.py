"""What became of a mail, in words."""

from __future__ import annotations

from app.core.i18n import lazy_
from app.mailbox.enums import Outcome

OUTCOMES = {
    Outcome.WAITING: lazy_("Waits"),
    Outcome.APPLIED: lazy_("Applied"),
    Outcome.UNVERIFIED: lazy_("Sender not proven"),
    Outcome.FORWARDED: lazy_("Forwarded"),
    Outcome.IGNORED: lazy_("Ignored"),
    Outcome.KEPT_ASIDE: lazy_("Kept aside"),
}


def outcome_words(outcome: Outcome) -> str:
    return str(OUTCOMES[outcome])
