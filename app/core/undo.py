"""Saying what happened with a button beside it that takes it back."""

from __future__ import annotations

from flask import flash


def flash_with_undo(message: str, address: str, **fields: str) -> None:
    """Show a sentence on the next page with "Undo", which posts `fields` to `address`."""
    flash({"words": message, "address": address, "fields": fields}, "ok")  # type: ignore[arg-type]
