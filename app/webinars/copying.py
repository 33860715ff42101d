"""A new draft like another webinar: never its registrations, notes, UID or recording."""

from __future__ import annotations

import re

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.webinars.agenda import replace_agenda
from app.webinars.asking import questions_at
from app.webinars.changing import set_plain, set_slot
from app.webinars.details import WebinarDetails, details_of
from app.webinars.models import Speaker, Webinar, WebinarOrganiser
from app.webinars.place_models import RegistrationQuestion
from app.webinars.signals import webinar_copied
from app.webinars.speakers import replace_speakers
from app.webinars.times import Slot

NUMBER_AT_END = re.compile(r"([0-9]{1,4})(?=[^0-9]*$)")
PLACE_OF_NUMBER = "{n}"
LONGEST_TITLE = 150


def copy(
    webinar: Webinar, actor: User, *, uid: str, slot: Slot | None = None, title: str | None = None
) -> Webinar:
    """A draft that says the same, at this time or at the time of the other one."""
    fresh = _bare(webinar, actor, uid, details_of(webinar, title=title or webinar.title), slot)
    copy_parts(webinar, fresh, actor)
    record(actor.id, "webinars.copy", f"webinar:{fresh.id}", like=webinar.id)
    return fresh


def save_as_template(webinar: Webinar, actor: User, *, uid: str) -> Webinar:
    """A template stands in no list but its organisers' own."""
    template = copy(webinar, actor, uid=uid)
    template.is_template = True
    db.session.flush()
    return template


def copy_parts(webinar: Webinar, fresh: Webinar, actor: User) -> None:
    """What no form shows: who organises too, the questions, what the speakers are."""
    _copy_organisers(webinar, fresh, actor)
    _copy_questions(webinar, fresh)
    _copy_speakers(webinar, fresh)
    if not webinar.is_template:
        fresh.copied_from_id = webinar.id
    db.session.flush()
    webinar_copied.send(fresh, like=webinar, actor=actor)


def next_title(title: str) -> str:
    """Office hour 3 becomes Office hour 4; what has no number stays."""
    return NUMBER_AT_END.sub(lambda found: str(int(found[1]) + 1), title, count=1)[:LONGEST_TITLE]


def numbered(title: str, number: int) -> str:
    """The title of one session of a series: {n} stands for its number."""
    return title.replace(PLACE_OF_NUMBER, str(number))[:LONGEST_TITLE]


def _bare(
    webinar: Webinar, actor: User, uid: str, details: WebinarDetails, slot: Slot | None
) -> Webinar:
    now = utcnow()
    fresh = Webinar(uid=uid, lock_version=1, created_at=now, updated_at=now)
    fresh.organisers.append(WebinarOrganiser(user_id=actor.id, is_owner=True, added_at=now))
    if slot is not None:
        set_slot(fresh, slot)
    else:
        _take_times(webinar, fresh)
    set_plain(fresh, details)
    replace_agenda(fresh, details.agenda)
    replace_speakers(fresh, details.speakers)
    db.session.add(fresh)
    db.session.flush()
    return fresh


def _take_times(webinar: Webinar, fresh: Webinar) -> None:
    for name in ("start_local", "end_local", "starts_at", "ends_at", "tzid", "sorts_at"):
        setattr(fresh, name, getattr(webinar, name))


def _copy_organisers(webinar: Webinar, fresh: Webinar, actor: User) -> None:
    known = {seat.user_id for seat in fresh.organisers} | {actor.id}
    for seat in webinar.organisers:
        if seat.user_id not in known and seat.user.is_approved and seat.user.active:
            fresh.organisers.append(WebinarOrganiser(user_id=seat.user_id, added_at=utcnow()))


def _copy_questions(webinar: Webinar, fresh: Webinar) -> None:
    for one in db.session.scalars(questions_at(webinar.id)):
        db.session.add(
            RegistrationQuestion(
                webinar_id=fresh.id,
                position=one.position,
                label=one.label,
                kind=one.kind,
                choices=list(one.choices),
                is_required=one.is_required,
            )
        )


def _copy_speakers(webinar: Webinar, fresh: Webinar) -> None:
    """Their words about themselves; what they answered for the other event is not ours to take."""
    by_name: dict[tuple[str, str | None], Speaker] = {
        (one.name, one.email): one for one in webinar.speakers
    }
    for speaker in fresh.speakers:
        before = by_name.get((speaker.name, speaker.email))
        if before is not None:
            speaker.bio = before.bio
            speaker.user_id = speaker.user_id or before.user_id
            speaker.language, speaker.timezone = before.language, before.timezone
