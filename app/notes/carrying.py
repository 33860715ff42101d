"""What was promised and is not done goes on to the next session."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import LANGUAGES, _, speaking
from app.notes.deciding import number_of
from app.notes.enums import ActionState, NotesStatus
from app.notes.models import Action, Note, NoteSet, SummaryVersion
from app.webinars.changing import hold, touch
from app.webinars.models import AgendaItem, Webinar
from app.webinars.signals import webinar_updated
from app.webinars.succession import sessions_ahead, sessions_before

MOST = 30
MINUTES = 5
WELCOMES = ("welcome", "willkommen", "begrüßung", "welkom", "välkom", "bienven", "benvingu",
            "opening", "eröffnung", "apertura", "obertura", "ouverture", "accueil")  # fmt: skip


def open_actions_before(webinar: Webinar) -> list[Action]:
    """Open actions of earlier sessions, soonest due first, at most 30.

    Earlier sessions are those of the series, and what the webinar is a copy of. Only what is
    published and everybody may read who may read this webinar; the part for practitioners is not.
    """
    found = (
        select(Action)
        .join(Action.note_set)
        .join(NoteSet.webinar)
        .where(Action.state == ActionState.OPEN, is_public_record(), sessions_before(webinar))
        .options(contains_eager(Action.note_set).contains_eager(NoteSet.webinar))
        .options(joinedload(Action.owner_user), joinedload(Action.owner_city))
        .order_by(Action.due_on.is_(None), Action.due_on, Action.year, Action.number)
    )
    return list(db.session.scalars(found.limit(MOST)))


def carry(webinar: Webinar) -> None:
    """Put the open actions on the programme of the session to come, as one item.

    Call it when they may have changed. In a series the next session has the item; each copy of a
    webinar has its own. It goes when nothing is open. Nobody gets a mail, as with every change of
    a programme.
    """
    ahead = list(db.session.scalars(sessions_ahead(webinar, utcnow())))
    for session in ahead:
        hold(session)
    following = _next_ones(ahead)
    for session in ahead:
        _update(session, open_actions_before(session) if session in following else [])


def follow_copy(webinar: Webinar, fresh: Webinar) -> None:
    """The copied programme has the item of the other webinar: from now on it is the copy's own."""
    titles = {item.title for item in webinar.agenda if item.carries_actions}
    for item in fresh.agenda:
        item.carries_actions = item.title in titles


def is_public_record() -> ColumnElement[bool]:
    """The condition that an action stands in the public part of a summary that is out now."""
    closed = select(Note.id).where(Note.is_for_practitioners)
    return and_(is_published_record(), or_(Action.note_id.is_(None), Action.note_id.not_in(closed)))


def is_published_record() -> ColumnElement[bool]:
    """The same in any part, also in the one for practitioners."""
    removed = select(Note.id).where(Note.removed_at.is_not(None))
    published = (
        select(SummaryVersion.id)
        .where(SummaryVersion.note_set_id == Action.note_set_id)
        .where(SummaryVersion.published_at >= Action.created_at)
        .exists()
    )
    stays = or_(Action.note_id.is_(None), Action.note_id.not_in(removed))
    return and_(NoteSet.status == NotesStatus.PUBLISHED, published, stays)


def _next_ones(ahead: list[Webinar]) -> list[Webinar]:
    """The next of each series, and what belongs to none."""
    following: dict[int, Webinar] = {}
    for session in sorted(ahead, key=lambda one: (one.sorts_at, one.id)):
        following.setdefault(session.series_id or -session.id, session)
    return list(following.values())


def _update(session: Webinar, actions: list[Action]) -> None:
    """One item, none twice; words and minutes that an organiser gave it stay."""
    detail = ", ".join(number_of(action) for action in actions)
    carrying = [item for item in session.agenda if item.carries_actions]
    if [item.detail for item in carrying] == [detail] * bool(detail):
        return
    gone = carrying[bool(detail) :]
    session.agenda = [item for item in session.agenda if item not in gone]
    if detail and not carrying:
        session.agenda.insert(_place(session), _item(session))
    _number(session, detail)
    touch(session)
    webinar_updated.send(session, fields=["agenda"])


def _number(session: Webinar, detail: str) -> None:
    for position, item in enumerate(session.agenda, start=1):
        item.position = position
        if item.carries_actions:
            item.detail = detail


def _item(session: Webinar) -> AgendaItem:
    """A programme with times goes on having them."""
    has_times = any(item.minutes for item in session.agenda)
    with speaking(session.language if session.language in LANGUAGES else "en"):
        title = _("Open actions from earlier sessions")
    return AgendaItem(title=title, minutes=MINUTES if has_times else None, carries_actions=True)


def _place(session: Webinar) -> int:
    """First, or after the welcome."""
    begins = session.agenda[0].title.casefold() if session.agenda else ""
    return int(begins.startswith(WELCOMES))
