"""What surrounds every page: navigation, account menu, footer, keys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for

from app.core.fragments import leaves_tokens_out, path_place
from app.core.i18n import N_, _

HTMX = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}


@dataclass(frozen=True)
class Item:
    """One link of a menu. `letter` is the key after `g` that goes there."""

    key: str
    words: str
    address: str
    icon: str = ""
    letter: str = ""


NAVIGATION = [
    ("home", N_("Home"), "home.show", "house", "h"),
    ("topics", N_("Topics"), "topics.index", "messages-square", "t"),
    ("webinars", N_("Webinars"), "webinars.index", "presentation", "w"),
    ("knowledge", N_("Knowledge"), "knowledge.index", "notebook-text", "k"),
    ("cities", N_("Cities"), "cities.index", "map", "c"),
]
ACCOUNT = [
    ("settings", N_("Settings"), "settings.show", "settings", ""),
    ("messages", N_("Private messages"), "messages.index", "mail", ""),
    ("drafts", N_("Drafts"), "drafts.index", "file-pen", ""),
    ("bookmarks", N_("Bookmarks"), "bookmarks.index", "bookmark", ""),
    ("members", N_("People"), "members.index", "users", ""),
]
OFFICE = [("admin", N_("Administration"), "admin.show", "shield", "")]
FOOTER = [
    ("accessibility", N_("Accessibility statement"), "pages.accessibility", "", ""),
    ("privacy", N_("Privacy"), "pages.privacy", "", ""),
    ("licences", N_("Licences and sources"), "pages.licences", "", ""),
]
KEYS = [
    ("/", N_("Search")),
    ("g h", N_("Go to Home")),
    ("g t", N_("Go to Topics")),
    ("g w", N_("Go to Webinars")),
    ("g k", N_("Go to Knowledge")),
    ("g c", N_("Go to Cities")),
    ("j", N_("Next item")),
    ("k", N_("Previous item")),
    ("o", N_("Open the item")),
    ("r", N_("Reply")),
    ("q", N_("Quote what is selected")),
    ("u", N_("First unread")),
    ("Ctrl Enter", N_("Send what you write")),
    ("e", N_("Edit the section of notes in focus")),
    ("Ctrl S", N_("Save the section of notes and go on")),
    ("F2", N_("Make the line of notes a decision; with Shift an action")),
    ("?", N_("Show this list")),
]


def has_page(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def front_page() -> str:
    return url_for("home.show") if has_page("home.show") else f"{request.script_root}/"


def navigation() -> list[Item]:
    return _items(NAVIGATION)


def account_pages(person: Any) -> list[Item]:
    """What stands in the menu of a signed-in person. Private messages begin with the approval."""
    own = [page for page in ACCOUNT if person.is_approved or page[0] != "messages"]
    return _items([*own, *(OFFICE if person.role == "admin" else [])])


def footer_pages() -> list[Item]:
    return _items(FOOTER)


def key_list() -> list[tuple[str, str]]:
    return [(key, _(words)) for key, words in KEYS]


def here_path() -> str:
    """Where to come back to after a choice that belongs to no page."""
    if leaves_tokens_out():
        return path_place()
    return request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else request.path


def initials(name: str) -> str:
    """HG for "Human rights officer, Graz": first letters of the first and the last word."""
    words = [word for word in "".join(c if c.isalnum() else " " for c in name).split() if word]
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0].upper() for word in ends)


def theme() -> str:
    """The chosen colours: light, dark, or nothing for what the device says."""
    return theme_of(request.cookies.get("theme", ""))


def theme_of(cookie: str) -> str:
    return cookie if cookie in {"light", "dark"} else ""


def htmx_config() -> str:
    return json.dumps(HTMX)


def _items(rows: list[tuple[str, str, str, str, str]]) -> list[Item]:
    return [
        Item(key, _(words), url_for(endpoint), icon, letter)
        for key, words, endpoint, icon, letter in rows
        if has_page(endpoint)
    ]
