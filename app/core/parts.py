"""Parts of the layout that many pages share, kept like everything that was rendered once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from flask import current_app, get_flashed_messages, render_template, request
from markupsafe import Markup, escape

from app.core.forgery import csrf_token, with_token
from app.core.fragments import (
    END,
    Key,
    fragment,
    leaves_tokens_out,
    path_place,
    thin,
    token_place,
)
from app.core.frame import has_page, here_path, initials, theme
from app.core.i18n import language
from app.core.reading_ahead import UNREAD, taken
from app.core.static_files import static_look

SHELL, AROUND, BELL = "layouts/_shell.html", "around", "layouts/_bell.html"
OWN = ("bell", "name", "initials", "person")
"""What the layout says of one reader."""


def part(template: str, laid: Mapping[str, str] | None = None, **values: Any) -> Markup:
    """A template that depends on nothing but these values, the language and the colours.

    Address and token of the running request are laid in afterwards, and so is what `laid` holds by
    name: a few words of one reader do not keep the rest from being everybody's.
    """
    own = laid or {}
    key = (template, language(), theme(), *values.items())
    text = fragment(key, lambda: render_template(template, **values, **places_of(own)))
    return with_token(_with(text, own))


def shell(here: str, person: Any) -> list[Markup]:
    """What stands before, between and after that which is a page's own: see the template.

    It is kept once for all who have the same menus.
    """
    key = (SHELL, here, *menus_of(person), *looks(theme(), request.script_root))
    kept = fragment(key, lambda: _made_shell(here, person))
    if not leaves_tokens_out():  # else the page around it is kept, too
        path = here_path().replace(END, quote(END))  # an address may have one, as %1E
        kept = filled(kept, own_words(person, _bell(person)), path, csrf_token())
    return [Markup(piece) for piece in kept.split(END)]  # noqa: S704 - rendered by our templates


def whole_page(template: str, person: Any, **blocks: str) -> str:
    """A page of which all is kept: `blocks` by the names they have in its template.

    Only its reader's words, the address and the token are another one's each time.
    """
    if get_flashed_messages():
        return render_template(template, **{name: with_token(it) for name, it in blocks.items()})
    key = around_key(template, person, looks(theme(), request.script_root))
    around = fragment(key, lambda: render_template(template, **places_of(blocks)))
    words = own_words(person, _bell(person)) | blocks
    return filled(around, words, here_path(), csrf_token())


def around_key(template: str, person: Any, look: Key) -> Key:
    return (AROUND, template, *menus_of(person), *look)


def menus_of(person: Any) -> Key:
    """What decides about menus and other words around a page."""
    return person is None, person and person.role, person and person.is_approved


def looks(colours: str, root: str) -> Key:
    return language(), colours, root, static_look()


def filled(text: str, words: Mapping[str, str], path: str, token: str) -> str:
    """A kept text with what is laid in: words by name, then the address and the token."""
    text = laid_in(text, words)
    return text.replace(path_place(), escape(path)).replace(token_place(), token)


def laid_in(text: str, words: Mapping[str, str]) -> str:
    """A text that was made with `places_of` these names, with the words themselves.

    Gone through once: a page has a hundred times the length of what is laid in.
    """
    mark = f"{token_place()}-"
    first, *others = text.split(mark)
    parts = [first]
    for other in others:
        name, end, after = other.partition("-")
        parts += (words[name], after) if end and name in words else (mark, other)
    return "".join(parts)


def own_words(person: Any, bell: str) -> dict[str, str]:
    """As HTML. No mark between parts is in them, whatever somebody is called."""
    if person is None:
        return dict.fromkeys(OWN, "")
    name = person.display_name.replace(END, "")
    own = {"name": name, "initials": initials(name), "person": str(person.id)}
    return {"bell": bell, **{key: str(escape(word)) for key, word in own.items()}}


def unread_of(person: Any) -> int | None:
    """How many notices are new. None: this reader has no bell."""
    known: Any = current_app.jinja_env.globals
    if person is None or not known["may_take_part"](person) or not has_page("notices.index"):
        return None
    count = taken(UNREAD, person)
    return int(known["unread_notices"](person)) if count is None else count


def bell_key(unread: int) -> Key:
    return BELL, language(), unread


def place_of(name: str) -> str:
    """Where the words of this name come."""
    return f"{token_place()}-{name}-"


def places_of(names: Iterable[str]) -> dict[str, Markup]:
    """For templates of which something is laid in later."""
    return {name: Markup(place_of(name)) for name in names}  # noqa: S704


def _bell(person: Any) -> str:
    unread = unread_of(person)
    if unread is None:
        return ""
    return fragment(bell_key(unread), lambda: render_template(BELL, unread=unread))


def _made_shell(here: str, person: Any) -> str:
    signed_in = person is not None
    return thin(render_template(SHELL, here=here, END=END, signed_in=signed_in, **places_of(OWN)))


def _with(text: str, own: Mapping[str, str]) -> str:
    if own and token_place() in text:
        for name, words in own.items():
            text = text.replace(place_of(name), escape(words))
    return text
