"""Which notes, summaries and records a viewer finds (permissions.py has the table)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Text,
    and_,
    case,
    cast,
    extract,
    false,
    func,
    or_,
    select,
    true,
)  # fmt: skip
from sqlalchemy.orm import aliased, contains_eager, joinedload, load_only

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.accounts.queries import current_city_id, group_ids_of, practises
from app.notes.enums import ActionState, DecisionStatus, NotesStatus
from app.notes.models import Action, Decision, Note, NoteSet, NoteTaker, SummaryVersion
from app.webinars.enums import Status
from app.webinars.models import Webinar
from app.webinars.queries import took_part, webinars_visible_to


def notes_visible_to(viewer: User | None) -> Select[NoteSet]:
    """The working notes that a viewer may read."""
    return _sets_of(viewer).where(
        or_(_written_by(viewer), and_(_in_review(), _was_there(viewer))),
    )


def summaries_visible_to(viewer: User | None) -> Select[SummaryVersion]:
    """The newest published version for each webinar that the viewer sees."""
    return (
        _versions_of(viewer)
        .where(_is_newest())
        .options(contains_eager(_SET, _WEBINAR).joinedload(Webinar.topic))
    )


def summaries_for_indexing() -> Select[SummaryVersion]:
    """The newest versions, for the search index, which asks for visibility when it answers."""
    webinar = contains_eager(_SET).joinedload(_WEBINAR).joinedload(Webinar.topic)
    joined = select(SummaryVersion).join(_SET).options(webinar)
    return joined.where(_is_published(), _is_newest())


def published_set_ids(viewer: User | None) -> Select[int]:
    """The note sets whose public version the viewer may read."""
    visible = webinars_visible_to(viewer).with_only_columns(Webinar.id).order_by(None)
    return select(NoteSet.id).join(_WEBINAR).where(NoteSet.webinar_id.in_(visible), _is_published())


def practitioners_set_ids(viewer: User | None) -> Select[int]:
    """The note sets whose published practitioners' part the viewer may read."""
    return published_set_ids(viewer).where(_practitioners_part_is_open_to(viewer))


def one_summary(viewer: User | None, webinar_id: int) -> Select[SummaryVersion]:
    return summaries_visible_to(viewer).where(NoteSet.webinar_id == webinar_id)


def summary_for_guests(webinar_id: int) -> Select[SummaryVersion]:
    """For who has a signed link (`guest_links`), whatever they see otherwise."""
    joined = select(SummaryVersion).join(_SET).join(_WEBINAR)
    there = (Webinar.id == webinar_id, Webinar.status != Status.DRAFT, _is_published())
    shown = contains_eager(_SET, _WEBINAR).joinedload(Webinar.topic)
    return joined.where(*there, _is_newest()).options(shown)


def newest_summaries(viewer: User | None) -> Select[SummaryVersion]:
    """Their titles; the documents themselves are large and stay where they are."""
    newest_first = (SummaryVersion.published_at.desc(), SummaryVersion.id.desc())
    number = load_only(SummaryVersion.major, SummaryVersion.minor, SummaryVersion.published_at)
    return summaries_visible_to(viewer).options(number, *_names(_SET)).order_by(*newest_first)


def count_of_summaries(viewer: User | None) -> Select[int]:
    found = _versions_of(viewer).where(_is_newest())
    return found.with_only_columns(func.count(), maintain_column_froms=True)


def summaries_of_year(viewer: User | None, topic_id: int, year: int) -> Select[SummaryVersion]:
    """Of the webinars of a topic, in the order in which they took place; without the documents."""
    here = (Webinar.topic_id == topic_id, year_of_webinar() == year)
    number = load_only(SummaryVersion.major, SummaryVersion.minor, SummaryVersion.published_at)
    found = _versions_of(viewer).where(_is_newest(), *here)
    order = (Webinar.start_local.is_(None), Webinar.start_local, Webinar.id)
    return found.options(number, contains_eager(_SET, _WEBINAR)).order_by(*order)


def years_with_summaries(viewer: User | None) -> Select[int, int, int]:
    """Topic, year, how many: the newest year first."""
    year = year_of_webinar()
    columns: Any = (Webinar.topic_id, year, func.count())
    found = _versions_of(viewer).where(_is_newest(), Webinar.topic_id.is_not(None))
    counted = found.with_only_columns(*columns, maintain_column_froms=True)
    return counted.group_by(Webinar.topic_id, year).order_by(year.desc(), Webinar.topic_id)


def year_of_webinar() -> ColumnElement[int]:
    return func.coalesce(extract("year", Webinar.start_local), Webinar.year)


def noted_ids(viewer: User) -> Select[int]:
    """The webinars whose notes this person takes without organising them."""
    return select(NoteTaker.webinar_id).where(NoteTaker.user_id == viewer.id)


def notes_of_webinar(webinar: Webinar) -> Select[NoteSet]:
    """For those whom `permissions` lets read them."""
    return select(NoteSet).where(NoteSet.webinar_id == webinar.id)


def was_read(record: type[Decision] | type[Action]) -> ColumnElement[bool]:
    """The condition that a version holds its number."""
    zeros = case((record.number < 10, "00"), (record.number < 100, "0"), else_="")
    begin = '%"D-' if record is Decision else '%"A-'
    number = begin + cast(record.year, String) + "-" + zeros + cast(record.number, String)
    held = select(SummaryVersion.id).where(SummaryVersion.note_set_id == record.note_set_id)
    return held.where(cast(SummaryVersion.document, Text).like(number + '"%')).exists()


def decisions_visible_to(viewer: User | None) -> Select[Decision]:
    """Records that the newest published version of their summary holds, newest first."""
    shown = _published_records(viewer, Decision)
    return (
        select(Decision)
        .join(Decision.note_set)
        .join(NoteSet.webinar)
        .where(shown)
        .options(contains_eager(Decision.note_set, NoteSet.webinar).joinedload(Webinar.topic))
        .options(*_names(Decision.note_set), joinedload(Decision.note))
        .order_by(Decision.year.desc(), Decision.number.desc())
    )


def actions_visible_to(viewer: User | None) -> Select[Action]:
    """What was promised, by the same rule, newest first."""
    shown = _published_records(viewer, Action)
    return (
        select(Action)
        .join(Action.note_set)
        .join(NoteSet.webinar)
        .where(shown)
        .options(contains_eager(Action.note_set, NoteSet.webinar).joinedload(Webinar.topic))
        .options(*_names(Action.note_set), joinedload(Action.owner_city))
        .options(joinedload(Action.owner_user).load_only(User.display_name))
        .order_by(Action.year.desc(), Action.number.desc())
    )


def open_actions_visible_to(viewer: User | None) -> Select[Action]:
    """What is promised and not done yet, soonest first."""
    found = actions_visible_to(viewer).where(Action.state == ActionState.OPEN)
    soonest = (Action.due_on.is_(None), Action.due_on, Action.year, Action.number)
    return found.order_by(None).order_by(*soonest)


def open_actions_of(person: User, since: date, until: date) -> Select[Action]:
    """What this person, or the city they sit for, promised for a day in between."""
    return open_actions_visible_to(person).where(
        _theirs(person), Action.due_on.between(since, until)
    )


def tasks_of(person: User, since: date, until: date) -> Select[Action]:
    """The same with what is done."""
    kept = Action.state.in_([ActionState.OPEN, ActionState.DONE])
    found = actions_visible_to(person).where(kept, _theirs(person))
    order = (Action.due_on, Action.year, Action.number)
    return found.where(Action.due_on.between(since, until)).order_by(None).order_by(*order)


def _theirs(person: User) -> ColumnElement[bool]:
    return or_(Action.owner_user_id == person.id, Action.owner_city_id == current_city_id(person))


_SET = SummaryVersion.note_set
_WEBINAR = NoteSet.webinar


def _names(note_set: Any) -> tuple[Any, Any]:
    """What lists say about the notes and their webinar: nothing long."""
    shown = contains_eager(note_set)
    return (
        shown.load_only(NoteSet.webinar_id, NoteSet.language, NoteSet.attribution, NoteSet.naming),
        shown.contains_eager(_WEBINAR).load_only(
            Webinar.title, Webinar.topic_id, Webinar.attribution, Webinar.start_local, Webinar.year
        ),
    )


def _sets_of(viewer: User | None) -> Select[NoteSet]:
    visible = webinars_visible_to(viewer).with_only_columns(Webinar.id).order_by(None)
    return select(NoteSet).join(_WEBINAR).where(NoteSet.webinar_id.in_(visible))


def _versions_of(viewer: User | None) -> Select[SummaryVersion]:
    visible = webinars_visible_to(viewer).with_only_columns(Webinar.id).order_by(None)
    joined = select(SummaryVersion).join(_SET).join(_WEBINAR)
    return joined.where(NoteSet.webinar_id.in_(visible), _is_published())


def _is_newest() -> ColumnElement[bool]:
    later = aliased(SummaryVersion)
    return ~(
        select(later.id)
        .where(later.note_set_id == SummaryVersion.note_set_id)
        .where(
            or_(
                later.major > SummaryVersion.major,
                and_(later.major == SummaryVersion.major, later.minor > SummaryVersion.minor),
            )
        )
        .exists()
    )


def _published_records(
    viewer: User | None, record: type[Decision] | type[Action]
) -> ColumnElement[bool]:
    """Published, not taken back unread, and not in a part that is closed to the viewer."""
    visible = webinars_visible_to(viewer).with_only_columns(Webinar.id).order_by(None)
    closed = select(Note.id).where(Note.is_for_practitioners)
    removed = select(Note.id).where(Note.removed_at.is_not(None))
    published = (
        select(SummaryVersion.id)
        .where(SummaryVersion.note_set_id == record.note_set_id)
        .where(SummaryVersion.published_at >= record.created_at)
        .exists()
    )
    return and_(
        NoteSet.webinar_id.in_(visible),
        _is_published(),
        published,
        or_(holds(record), was_read(record)),
        or_(record.note_id.is_(None), record.note_id.not_in(removed)),
        or_(
            record.note_id.is_(None),
            record.note_id.not_in(closed),
            _practitioners_part_is_open_to(viewer),
        ),
    )


def holds(record: type[Decision] | type[Action]) -> ColumnElement[bool]:
    """The condition that it was not taken back."""
    if issubclass(record, Decision):
        return record.status != DecisionStatus.WITHDRAWN
    return record.state != ActionState.DROPPED


def _practitioners_part_is_open_to(viewer: User | None) -> ColumnElement[bool]:
    if viewer is None or not viewer.is_approved:
        return false()
    without_group = and_(Webinar.group_id.is_(None), practises(viewer))
    return or_(_managed_by(viewer), Webinar.group_id.in_(group_ids_of(viewer)), without_group)


def _managed_by(viewer: User | None) -> ColumnElement[bool]:
    """The condition of `webinars.permissions.can_manage`."""
    if viewer is None or not viewer.is_approved:
        return false()
    if viewer.role == SiteRole.ADMIN:
        return true()
    return Webinar.organisers.any(user_id=viewer.id)


def _written_by(viewer: User | None) -> ColumnElement[bool]:
    """The condition of `permissions.can_write_notes`."""
    if viewer is None or not viewer.is_approved:
        return false()
    return or_(_managed_by(viewer), Webinar.id.in_(noted_ids(viewer)))


def _was_there(viewer: User | None) -> ColumnElement[bool]:
    return took_part(viewer, Webinar.id) if viewer is not None else false()


def _in_review() -> ColumnElement[bool]:
    return NoteSet.status == NotesStatus.IN_REVIEW


def _is_published() -> ColumnElement[bool]:
    """There is a version: publishing makes one, and it stays when it is taken back."""
    return NoteSet.status == NotesStatus.PUBLISHED
