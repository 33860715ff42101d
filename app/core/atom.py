"""Atom feeds (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One thing that is new. `author` None: the name is withheld, or nobody has one."""

    address: str
    title: str
    html: str
    language: str
    author: str | None
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class Feed:
    """`address` is the feed's own, `page` that of what it follows."""

    address: str
    page: str
    title: str
    author: str
    language: str
    updated: datetime
    entries: Iterable[Entry]


def atom(feed: Feed) -> bytes:
    """The whole document. Text is escaped by the XML writer, HTML stays HTML inside it."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _text(root, "id", feed.page)
    _text(root, "title", feed.title)
    _text(root, "updated", feed.updated.isoformat())
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    _text(ET.SubElement(root, "author"), "name", feed.author)
    for entry in feed.entries:
        _add(root, entry)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(root: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(root, "entry", {"xml:lang": entry.language})
    _text(element, "id", entry.address)
    _text(element, "title", entry.title)
    ET.SubElement(element, "link", rel="alternate", type="text/html", href=entry.address)
    _text(element, "published", entry.published.isoformat())
    _text(element, "updated", entry.updated.isoformat())
    if entry.author:
        _text(ET.SubElement(element, "author"), "name", entry.author)
    _text(element, "content", entry.html).set("type", "html")


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = NOT_IN_XML.sub("", text)
    return element
