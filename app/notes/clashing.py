"""A text that clashed with a newer one, as the page shows it and as it is settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.accounts.models import Draft, User
from app.notes.merging import Clean, Piece, join, merge
from app.notes.models import Note, NoteRevision
from app.notes.writing import revision_of


@dataclass(frozen=True)
class Clashing:
    """`number` is the kept text's revision, `theirs_number` the newest one it is laid beside."""

    number: int
    theirs_number: int
    pieces: tuple[Piece, ...]
    mine_by: NoteRevision
    theirs_by: NoteRevision | None

    @property
    def count(self) -> int:
        return sum(1 for piece in self.pieces if piece.agreed is None)

    def numbered(self) -> Iterator[tuple[Piece, int]]:
        """Each piece with the number of its choice; agreed ones carry the next."""
        number = 0
        for piece in self.pieces:
            yield piece, number
            number += piece.agreed is None

    def is_older_than(self, draft: Draft, person: User) -> bool:
        """Whether this person typed on after their text was kept beside the other."""
        known = {self.mine_by.body, self.theirs_by.body if self.theirs_by else ""}
        is_theirs = self.mine_by.author_id == person.id
        is_later = draft.updated_at >= self.mine_by.created_at
        return is_theirs and is_later and draft.fields.get("body", "") not in known

    def settled(self, choices: Sequence[tuple[str, str]]) -> str:
        """The text that the choices make: (what stays, own words) for each clash in turn."""
        return join([_chosen(piece, choices, number) for piece, number in self.numbered()])


def clash_of(note: Note, branch: NoteRevision) -> Clashing:
    """Lay a kept text beside the newest one."""
    theirs = revision_of(note, note.head)
    base = revision_of(note, branch.base)
    merged = merge(base.body if base else "", branch.body, theirs.body if theirs else "")
    pieces = whole(merged) if isinstance(merged, Clean) else merged.pieces
    return Clashing(branch.number, note.head, pieces, branch, theirs)


def whole(merged: Clean) -> tuple[Piece, ...]:
    """A text over which nobody clashes, as one piece."""
    return (Piece(merged.text, merged.text, merged.text, merged.text),)


def _chosen(piece: Piece, choices: Sequence[tuple[str, str]], number: int) -> str:
    if piece.agreed is not None:
        return piece.agreed
    choice, own = choices[number]
    if choice == "own":
        return own
    both = {"mine": [piece.mine], "theirs": [piece.theirs]}
    return join(both.get(choice, [piece.theirs, piece.mine]))
