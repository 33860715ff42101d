"""How a form says what is wrong, and to which field a hint or a fault belongs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms import FieldList, FormField, HiddenField, RadioField


def faults(form: Any) -> list[tuple[str, str]]:
    """Each fault once, with the id of the field to go to; the id is empty for the whole form."""
    whole = [("", str(message)) for message in getattr(form, "form_errors", [])]
    return list(dict.fromkeys([*whole, *_faults_of(form)]))


def described_by(field: Any, hint: Any, more: str = "") -> str:
    """The ids that explain a field, for aria-describedby."""
    parts = [more, f"{field.id}-hint" if hint else "", f"{field.id}-error" if field.errors else ""]
    return " ".join(part for part in parts if part)


def said(field: Any, hint: Any, attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an input. Faults come from the server, all at once, so no `required`."""
    described = described_by(field, hint, attributes.get("aria_describedby", ""))
    spoken: dict[str, Any] = {**attributes, "required": False}
    if described:
        spoken["aria_describedby"] = described
    if field.errors:
        spoken["aria_invalid"] = "true"
    if field.flags.required:
        spoken["aria_required"] = "true"
    return spoken


def _faults_of(fields: Any) -> Iterator[tuple[str, str]]:
    for field in fields:
        if isinstance(field, FormField):
            yield from faults(field.form)
        elif isinstance(field, FieldList):
            yield from _faults_of(field)
        else:
            yield from ((_target(field), str(message)) for message in field.errors)


def _target(field: Any) -> str:
    if isinstance(field, HiddenField):
        return ""
    return f"{field.id}-0" if isinstance(field, RadioField) else str(field.id)
