""" "Save draft" without JavaScript, and what is said when the session is over."""

from __future__ import annotations

from flask import flash, request

from app.accounts.drafting import save_draft
from app.accounts.login import member
from app.core.db import write
from app.core.errors import DomainError
from app.core.forms import tidy
from app.core.i18n import _
from app.forum.forms import ReplyForm, ThreadForm

BUTTONS = {"csrf_token", "draft_sequence", "save_draft", "append", "attach", "remove_file"}


def typed_fields() -> dict[str, str]:
    """All that was filled in, whatever fields the form has: nothing of it is lost."""
    return {
        tidy(name)[:60]: tidy(value) for name, value in request.form.items() if name not in BUTTONS
    }


def keep_draft(form: ReplyForm | ThreadForm, context: str) -> bool:
    """Save what was typed; False when the form has to come back with a sentence."""
    fields = typed_fields() | form.files.as_fields()
    try:
        with write():
            saved = save_draft(member(), context, fields, form["draft_sequence"].data or 0)
    except DomainError as error:
        form.blame(error)
        return False
    if saved.is_newer:
        form["draft_sequence"].data, form["draft_sequence"].raw_data = saved.sequence, None
        form.other_draft = saved.fields.get("body", "")
        form.blame(_NewerDraft())
        return False
    flash(_("Draft saved."))
    return True


def is_stale(form: ReplyForm | ThreadForm) -> bool:
    """Whether the page is older than its token; the form comes back with a fresh one.

    For views that are exempt from the check of every request, which would lose the text.
    """
    if "csrf_token" not in form or form["csrf_token"].validate(form):
        return False
    form["csrf_token"].errors = []
    form.blame(_StalePage())
    return True


class _StalePage(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("This page had been open for a long time. Nothing is lost: send it once more.")
        )


class _NewerDraft(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "A newer draft was saved in another tab. Both texts are below. "
                "Save again to keep what you see in the field."
            )
        )


class SessionEnded(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("Your session ended. Sign in in another tab, then come back here and send again."),
            "body",
        )
