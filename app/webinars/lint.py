"""Faults that calendar programs stumble over, found in the bytes of an invitation.

Each rule stands for something seen in a real program (spec/calendar 2.3 and 2.11). It reads what
will be sent, not what we meant to send.
"""

from __future__ import annotations

from app.core.i18n import _

LONGEST_LINE = 75  # octets, RFC 5545 section 3.1
NEEDED = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "ATTENDEE", "SEQUENCE")
INT32 = 2**31


def faults(ics: bytes, method: str) -> list[str]:
    """One sentence for each fault; empty when every program can read it."""
    texts = [_line_fault(ics), *_property_faults(_properties(ics), method)]
    return [text for text in texts if text]


def _line_fault(ics: bytes) -> str:
    lines = ics.split(b"\r\n")
    if b"\n" in ics.replace(b"\r\n", b"") or any(len(line) > LONGEST_LINE for line in lines):
        return _("The invitation has lines that some programs cannot read.")
    return ""


def _property_faults(found: dict[str, list[str]], method: str) -> list[str]:
    missing = [name for name in NEEDED if len(found.get(name, [])) != 1]
    return [
        _("The invitation lacks %(names)s.", names=", ".join(missing)) if missing else "",
        _method_fault(found, method),
        _party_fault(found),
        _time_fault(found),
        _sequence_fault(found),
    ]


def _method_fault(found: dict[str, list[str]], method: str) -> str:
    if found.get("METHOD") != [method] or "CANCELLED" in found.get("STATUS", []):
        return _("The invitation does not say that it is one.")
    return ""


def _party_fault(found: dict[str, list[str]]) -> str:
    parties = [*found.get("ORGANIZER", []), *found.get("ATTENDEE", [])]
    addresses = [party.lower().removeprefix("mailto:") for party in parties]
    if not all(party.lower().startswith("mailto:") and "@" in party for party in parties):
        return _("An address in the invitation is not a mail address.")
    if len(set(addresses)) < len(addresses):
        return _("The invited address is the sender's: Outlook would offer no answer.")
    return ""


def _time_fault(found: dict[str, list[str]]) -> str:
    times = [*found.get("DTSTART", []), *found.get("DTEND", [])]
    if not all(time.endswith("Z") for time in times) or "VALARM" in found.get("BEGIN", []):
        return _("The hours in the invitation depend on the reader's computer.")
    return ""


def _sequence_fault(found: dict[str, list[str]]) -> str:
    numbers = found.get("SEQUENCE", [])
    if not all(number.isdigit() and int(number) < INT32 for number in numbers):
        return _("The number of the version is one that calendars cannot count.")
    return ""


def _properties(ics: bytes) -> dict[str, list[str]]:
    """Values by name, lines unfolded. Parameters end at the first colon outside of quotes."""
    found: dict[str, list[str]] = {}
    for line in ics.replace(b"\r\n ", b"").decode(errors="replace").splitlines():
        head, value = _cut(line)
        found.setdefault(head.split(";")[0].upper(), []).append(value)
    return found


def _cut(line: str) -> tuple[str, str]:
    quoted = False
    for place, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return line[:place], line[place + 1 :]
    return line, ""
