"""What decides how a summary's page looks for one reader, in one prepared statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Integer, Select, bindparam, exists, false, select

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.accounts.queries import group_ids_of, practises
from app.accounts.reader import kind_of, reader_values
from app.core.generations import generation_columns
from app.core.prepared import Prepared
from app.forum.models import Thread
from app.forum.queries import visible_thread_ids
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet
from app.notes.queries import noted_ids
from app.webinars.models import Webinar
from app.webinars.queries import organised_ids, webinars_visible_to

NAMED = ("notes", "webinars", "topics")
"""Whatever the page shows changes with one of these: a published text is never changed."""


@dataclass(frozen=True)
class SummaryGlance:
    """A summary that the viewer may read. `is_whole`: with the part for practitioners;
    `thread_id`: the conversation that follows it, for those who read that.

    Who writes it reads the working notes too (the table is in `permissions`).
    """

    title: str
    can_write: bool
    can_publish: bool
    is_whole: bool
    thread_id: int | None
    generations: tuple[int, ...]

    @property
    def reads_notes(self) -> bool:
        return self.can_write


def summary_glance(viewer: User | None, webinar_id: int) -> SummaryGlance | None:
    """None when nothing is published that is the viewer's to see."""
    values = {"webinar_id": webinar_id, **reader_values(viewer)}
    row = _glance.first((kind_of(viewer),), **values)
    if row is None:
        return None
    title, group_id, thread_id, organises, takes_notes, is_in_group, practises_too, *changes = cast(
        Any, row
    )
    is_approved = viewer is not None and viewer.is_approved
    manages = is_approved and (organises or _is_admin(viewer))
    can_write = manages or (is_approved and takes_notes)
    belongs = is_in_group if group_id else practises_too
    is_whole = manages or (is_approved and belongs)
    mine = (bool(can_write), bool(manages), bool(is_whole))
    return SummaryGlance(title, *mine, thread_id, tuple(changes))


def _is_admin(viewer: User | None) -> bool:
    return viewer is not None and viewer.role == SiteRole.ADMIN


@Prepared
def _glance(viewer: User | None) -> Select[Any]:
    published = exists().where(
        NoteSet.webinar_id == Webinar.id, NoteSet.status == NotesStatus.PUBLISHED
    )
    return (
        webinars_visible_to(viewer)
        .with_only_columns(
            *(Webinar.title, Webinar.group_id, _thread_after(viewer), *_belonging(viewer)),
            *generation_columns(*NAMED),
            maintain_column_froms=True,
        )
        .where(Webinar.id == bindparam("webinar_id", type_=Integer), published)
    )


def _thread_after(viewer: User | None) -> Any:
    """The conversation that follows, where the viewer reads it.

    The one thread is looked up: a list of ids would be all threads that the viewer reads.
    """
    mine = select(NoteSet.followup_thread_id).where(NoteSet.webinar_id == Webinar.id)
    seen = visible_thread_ids(viewer).where(Thread.id == NoteSet.followup_thread_id)
    return mine.where(seen.correlate(NoteSet).exists()).correlate(Webinar).scalar_subquery()


def _belonging(viewer: User | None) -> tuple[Any, ...]:
    """Organiser, note taker, in the webinar's group, practitioner (see `permissions`)."""
    if viewer is None:
        return (false(), false(), false(), false())
    return (
        Webinar.id.in_(organised_ids(viewer)),
        Webinar.id.in_(noted_ids(viewer)),
        Webinar.group_id.in_(group_ids_of(viewer)),
        practises(viewer),
    )
