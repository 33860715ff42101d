"""Kinds and audiences in words."""

from __future__ import annotations

from app.core.i18n import _
from app.materials.enums import MaterialKind, Sharing


def material_kind_words(kind: MaterialKind) -> str:
    words = {
        MaterialKind.SLIDES: _("Slides"),
        MaterialKind.PAPER: _("Paper"),
        MaterialKind.LINK: _("Link"),
        MaterialKind.OTHER: _("Other"),
    }
    return words[kind]


def sharing_words(sharing: Sharing) -> str:
    words = {
        Sharing.REGISTERED: _("For whoever registered"),
        Sharing.AUDIENCE: _("For everybody who sees the webinar"),
    }
    return words[sharing]
