"""Parts of the layout that many pages share, kept like everything that was rendered once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from markupsafe import Markup, escape

from app.core.forgery import with_token
from app.core.fragments import END, fragment, thin, token_place
from app.core.frame import initials, theme
from app.core.i18n import language
from app.core.static_files import static_look

SHELL = "layouts/_shell.html"


def part(template: str, laid: Mapping[str, str] | None = None, **values: Any) -> Markup:
    """A template that depends on nothing but these values, the language and the colours.

    Address and token of the running request are laid in afterwards, and so is what `laid` holds by
    name: a few words of one reader do not keep the rest from being everybody's.
    """
    own = laid or {}
    key = (template, language(), theme(), *values.items())
    text = fragment(key, lambda: render_template(template, **values, **_places(own)))
    return with_token(_with(text, own))


def shell(here: str, person: Any, unread: int | None) -> list[Markup]:
    """What stands before, between and after that which is a page's own: see the template.

    It is kept once for all who have the same menus.
    """
    own = {"bell": "", "name": "", "initials": "", "person": ""}
    if unread is not None:
        own["bell"] = part("layouts/_bell.html", unread=unread)
    if person is not None:
        name = person.display_name
        own |= {"name": name, "initials": initials(name), "person": str(person.id)}
    menus = (person is None, person and person.role, person and person.is_approved)
    looks = (language(), theme(), request.script_root, static_look())
    kept = fragment((SHELL, here, *menus, *looks), lambda: _made_shell(here, own))
    return [with_token(_with(piece, own)) for piece in kept.split(END)]


def _made_shell(here: str, own: Mapping[str, str]) -> str:
    has_person = bool(own["person"])
    return thin(render_template(SHELL, here=here, END=END, signed_in=has_person, **_places(own)))


def _places(own: Mapping[str, str]) -> dict[str, Markup]:
    """Where the words of one reader come."""
    return {name: Markup(f"{token_place()}-{name}-") for name in own}  # noqa: S704


def _with(text: str, own: Mapping[str, str]) -> str:
    place = token_place()
    if not own or place not in text:
        return text
    for name, words in own.items():
        text = text.replace(f"{place}-{name}-", escape(words))
    return text
