"""How people with different needs can take part: each webinar says it (ideas-webinars 17)."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.i18n import _
from app.webinars.models import Webinar


@dataclass(frozen=True)
class AccessLine:
    """One sentence. `kind` names what it is about; `detail` is the organisers' own words."""

    kind: str
    text: str
    detail: str = ""


def access_lines(webinar: Webinar) -> list[AccessLine]:
    """What the organisers said, in the running language. What nobody said has no line."""
    said = [
        _line("captions", webinar.has_captions, webinar.captions),
        _line("sign_language", webinar.has_sign_language, webinar.sign_language),
        _line("interpretation", webinar.has_interpretation, webinar.interpretation),
    ]
    lines = [line for line in said if line]
    if webinar.access_contact:
        lines.append(AccessLine("contact", _("Questions about access"), webinar.access_contact))
    return lines


def access_words(webinar: Webinar) -> str:
    """The same as plain lines, for mails and calendars; empty when nothing was said."""
    return "\n".join(
        f"{line.text}: {line.detail}" if line.detail else line.text
        for line in access_lines(webinar)
    )


def unanswered(webinar: Webinar) -> bool:
    """Whether a person who needs help could not tell from the page if it is there."""
    return None in (webinar.has_captions, webinar.has_sign_language, webinar.has_interpretation)


def _line(kind: str, answer: bool | None, detail: str) -> AccessLine | None:
    if answer is None:
        return None
    return AccessLine(kind, _texts(kind)[answer], detail if answer else "")


def _texts(kind: str) -> tuple[str, str]:
    """The words for no and for yes."""
    return {
        "captions": (_("No live captions"), _("Live captions")),
        "sign_language": (_("No sign language"), _("Sign language")),
        "interpretation": (_("No interpretation"), _("Interpretation")),
    }[kind]
