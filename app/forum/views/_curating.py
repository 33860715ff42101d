"""What the pages for looking after a thread share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, render_template
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import member
from app.core.permissions import require
from app.core.undo import flash_with_undo
from app.forum.permissions import can_curate
from app.forum.showing import Shown
from app.forum.views._page import shown_or_404, thread_address, to_post


def shown_to_curate(thread_id: int, may: Callable[[Any, Any], bool] = can_curate) -> Shown:
    """The thread of a form: 404 when hidden from the viewer, 403 when not theirs to change."""
    shown = shown_or_404(thread_id)
    require(may(member(), shown.thread))
    return shown


def form_page(name: str, shown: Shown, status: int = 200, **values: Any) -> tuple[str, int]:
    template = f"forum/curating/{name}.html"
    return render_template(template, shown=shown, thread=shown.thread, **values), status


def back_to(thread_id: int, number: int | None = None) -> Response:
    """To the thread, or to one post of it, with the sentence that was flashed on top."""
    shown = shown_or_404(thread_id)
    return to_post(shown, number) if number else redirect(thread_address(shown))


def said(changed: bool, done: str, undo: str, nothing: str, **fields: str) -> None:
    """Say what happened and how to take it back, or that there was nothing to do."""
    if changed:
        flash_with_undo(done, undo, **fields)
    else:
        flash(nothing)
