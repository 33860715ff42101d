"""Parts of the layout that many pages share, kept like everything that was rendered once."""

from __future__ import annotations

from typing import Any

from flask import render_template
from markupsafe import Markup

from app.core.forgery import with_token
from app.core.fragments import fragment
from app.core.frame import theme
from app.core.i18n import language


def part(template: str, **values: Any) -> Markup:
    """A template that depends on nothing but these values, the language and the colours.

    Address and token of the running request are laid in afterwards.
    """
    key = (template, language(), theme(), *values.items())
    return with_token(fragment(key, lambda: render_template(template, **values)))
