"""The draft as those who were there read it, by account or by personal link."""

from __future__ import annotations

from typing import Any

from flask import render_template

from app.accounts.login import viewer
from app.notes import reviewing
from app.notes.agreeing import is_read, read_sections
from app.notes.contents import actions_of, decisions_of, heads_of
from app.notes.naming import load_owners, naming_of
from app.notes.permissions import reads_whole_draft
from app.notes.proposing import Proposer, own_corrections
from app.webinars.attending import registration_of


def show_review(note_set: Any, who: Proposer, token: str = "") -> str:
    """`token` is that of a guest, whose addresses go by it."""
    whole = reads_whole(note_set, token)
    closed = {note.id for note in note_set.notes if not is_read(note, whole=whole)}
    actions = [one for one in actions_of(note_set) if one.note_id not in closed]
    load_owners(actions)
    return render_template(
        "notes/review.html",
        note_set=note_set,
        webinar=note_set.webinar,
        token=token,
        sections=read_sections(note_set, heads_of(note_set), whole=whole),
        decisions=[one for one in decisions_of(note_set) if one.note_id not in closed],
        actions=actions,
        naming=naming_of(note_set, public=False),
        own=own_corrections(note_set, who),
        is_running=reviewing.takes_corrections(note_set),
        end=reviewing.end_words(note_set),
    )


def proposer_here(note_set: Any) -> Proposer:
    """The signed-in reader, and the registration of theirs."""
    return Proposer(viewer(), registration_of(viewer(), note_set.webinar))


def reads_whole(note_set: Any, token: str) -> bool:
    """A link can be passed on: it never opens the practitioners' part."""
    return not token and reads_whole_draft(viewer(), note_set.webinar)
