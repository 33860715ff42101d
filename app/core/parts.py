"""Parts of the layout that many pages share, kept like everything that was rendered once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template
from markupsafe import Markup, escape

from app.core.forgery import with_token
from app.core.fragments import fragment, token_place
from app.core.frame import theme
from app.core.i18n import language


def part(template: str, laid: Mapping[str, str] | None = None, **values: Any) -> Markup:
    """A template that depends on nothing but these values, the language and the colours.

    Address and token of the running request are laid in afterwards, and so is what `laid` holds by
    name: a few words of one reader do not keep the rest from being everybody's.
    """
    places = {name: Markup(f"{token_place()}-{name}") for name in laid or ()}  # noqa: S704
    key = (template, language(), theme(), *values.items())
    text = fragment(key, lambda: render_template(template, **values, **places))
    for name, own in (laid or {}).items():
        text = text.replace(places[name], escape(own))
    return with_token(text)
