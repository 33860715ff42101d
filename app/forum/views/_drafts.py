""" "Save draft" without JavaScript."""

from __future__ import annotations

from flask import flash

from app.accounts.drafting import save_draft
from app.accounts.login import member
from app.core.db import write
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.i18n import _


def keep_draft(form: Form, context: str, fields: dict[str, str]) -> bool:
    """Save what was typed; False when the form has to come back with a sentence."""
    try:
        with write():
            saved = save_draft(member(), context, fields, form["draft_sequence"].data or 0)
    except DomainError as error:
        form.blame(error)
        return False
    if saved.is_newer:
        form["draft_sequence"].data = saved.sequence
        form.blame(_NewerDraft(saved.fields.get("body", "")))
        return False
    flash(_("Draft saved."))
    return True


class _NewerDraft(DomainError):
    def __init__(self, body: str) -> None:
        super().__init__(
            _(
                "A newer draft was saved in another tab. It begins: “%(words)s”. "
                "Save again to keep what you see here instead.",
                words=body[:200],
            )
        )
