"""Long texts that are no replies: their drafts, and what is left of them when a session ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import render_template, request

from app.accounts.drafting import settle_draft
from app.accounts.login import login_needed, member, viewer
from app.accounts.queries import draft_for

P = ParamSpec("P")
R = TypeVar("R")
SHORT = 3  # characters; nobody misses them


def login_needed_for_text(view: Callable[P, R]) -> Callable[P, R | tuple[str, int]]:
    """As `login_needed`; but a text that arrives after its session ended is shown, not dropped."""
    guarded = login_needed(view)

    @wraps(view)
    def keeping(*args: P.args, **kwargs: P.kwargs) -> R | tuple[str, int]:
        if request.method == "POST" and viewer() is None:
            typed = [text for text in request.form.getlist("body") if len(text) > SHORT]
            return render_template("forum/session_ended.html", typed=typed), 401
        return guarded(*args, **kwargs)

    return keeping


def drafted(context: str, *names: str) -> dict[str, Any]:
    """The fields of this draft, to be put over what a form would start with."""
    draft = draft_for(member(), context)
    if draft is None or not draft.fields.get("body"):
        return {}
    known = {name: draft.fields[name] for name in names if draft.fields.get(name)}
    return {**known, "draft_sequence": draft.sequence}


def settle(context: str, form: Any) -> None:
    """Inside `write()`, after the text was saved."""
    settle_draft(member(), context, form.body.data, form.draft_sequence.data or 0)
