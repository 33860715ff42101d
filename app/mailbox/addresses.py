"""Mail addresses as they are compared (spec/calendar 2.12)."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAILTO = re.compile(r"\s*mailto:", re.IGNORECASE)
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
ONE_BARE = re.compile(r"\s*([^\s<>@,;:]+@[^\s<>@,;:]+)\s*")
ONE_IN_ANGLES = re.compile(r'[^<>@,;"]*<\s*([^\s<>@,;]+@[^\s<>@,;]+)\s*>\s*')
ANY = re.compile(r"[^\s<>,;:\"()\[\]@]{1,128}@[^\s<>,;:\"()\[\]@]{1,253}")
LONGEST = 254
LONGEST_HEADER = 4000


def plain_address(read: str) -> str:
    """Without `mailto:`, lower case, the domain as the DNS spells it. Empty: no address."""
    bare = MAILTO.sub("", read, count=1).strip().strip("<>").strip().lower()
    local, at, domain = bare.rpartition("@")
    if not at or not local or not domain or len(bare) > LONGEST or any(c.isspace() for c in bare):
        return ""
    return f"{local}@{_ascii(domain)}"


def spellings(address: str) -> set[str]:
    """How one address may stand in a row: its domain in letters or as the DNS spells it."""
    local, _at, domain = plain_address(address).rpartition("@")
    if not local:
        return set()
    return {f"{local}@{domain}", f"{local}@{_letters(domain)}"}


def one_sender(headers: Iterable[str]) -> str:
    """The address of the one From header; empty when it is not plainly one.

    Stricter than the grammar: where readers may differ about who the sender is, nobody is.
    """
    found = list(headers)
    if len(found) != 1 or len(found[0]) > LONGEST_HEADER:
        return ""
    bare = QUOTED.sub("", found[0])
    match = ONE_BARE.fullmatch(bare) or ONE_IN_ANGLES.fullmatch(bare)
    return plain_address(match[1]) if match else ""


def all_addresses(headers: Iterable[str]) -> list[str]:
    """Every address that stands in these headers, in their order."""
    found = [address for header in headers for address in ANY.findall(header[:LONGEST_HEADER])]
    return list(dict.fromkeys(filter(None, map(plain_address, found))))


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def _letters(domain: str) -> str:
    try:
        return domain.encode().decode("idna")
    except UnicodeError:
        return domain
