"""Whether a mail is really from whom it says (RFC 6047 section 2.2.1).

Only what our own mail server found out counts. It writes Authentication-Results under its own
name (RFC 8601), and takes away what others wrote under that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.core.settings import settings
from app.mailbox.answers import Attendee
from app.mailbox.letters import Letter

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
RESULT = re.compile(r"\s*dmarc\s*=\s*([a-z]+)(.*)", re.IGNORECASE | re.DOTALL)
HEADER_FROM = re.compile(r"\bheader\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
LONGEST = 4000
DEEPEST_COMMENT = 5


PUBLIC_MAIL = re.compile(
    r"(gmail|googlemail|gmx|hotmail|icloud|live|mail|msn|outlook|proton|protonmail|web|yahoo)\.\w+"
)


def is_proven(letter: Letter, attendee: Attendee) -> bool:
    """The sender is the attendee, or sends for them, and our server says it is the sender."""
    if not letter.sender:
        return False
    if letter.sender != attendee.address and not _sends_for(letter.sender, attendee):
        return False
    return passes(letter.verdicts, letter.sender, settings().authserv_id)


def _sends_for(sender: str, attendee: Attendee) -> bool:
    """Somebody of the same office: anybody can write themselves into SENT-BY."""
    domain = attendee.address.rpartition("@")[2]
    is_colleague = sender.rpartition("@")[2] == domain and not PUBLIC_MAIL.fullmatch(domain)
    return sender == attendee.sent_by and is_colleague


def passes(verdicts: Iterable[str], sender: str, our_name: str | None) -> bool:
    """Whether our server wrote dmarc=pass for this sender's domain, and nothing else besides.

    A header under its name that cannot be read says no.
    """
    pairs = [(verdict, _stripped(verdict)) for verdict in verdicts]
    ours = [bare for whole, bare in pairs if our_name in {_author(whole), _author(bare)}]
    if not our_name or not ours:
        return False
    domain = sender.rpartition("@")[2]
    return all(_says_pass(verdict, domain) for verdict in ours)


def _stripped(verdict: str) -> str:
    """Without comments and quoted words: anything may stand in those. Empty: not to be read."""
    if len(verdict) > LONGEST:
        return ""
    bare = QUOTED.sub('""', " ".join(verdict.split()))
    for _ in range(DEEPEST_COMMENT):
        bare = COMMENT.sub(" ", bare)
    return "" if "(" in bare or ")" in bare else bare


def _author(verdict: str) -> str:
    """The authserv-id, first word of the header; a version may follow it."""
    words = verdict.partition(";")[0].split()
    return words[0].lower() if words else ""


def _says_pass(verdict: str, domain: str) -> bool:
    found = [match for part in verdict.split(";")[1:] if (match := RESULT.fullmatch(part))]
    if len(found) != 1 or found[0][1].lower() != "pass":
        return False
    named = HEADER_FROM.search(found[0][2])
    return named is None or named[1].lower() == domain
