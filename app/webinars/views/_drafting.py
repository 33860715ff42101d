"""Between the organiser's form and what the activities take."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from app.accounts.login import member
from app.accounts.queries import groups_of, person_by_email
from app.core.db import db
from app.core.enums import Attribution, Visibility
from app.core.i18n import _, in_language
from app.core.markup import render
from app.core.zones import to_local, to_utc
from app.network.zone_choices import zone_choices
from app.topics.queries import topics_readable_by
from app.webinars import copying
from app.webinars.agenda import AgendaRow
from app.webinars.details import WebinarDetails
from app.webinars.enums import Recording, Waiting
from app.webinars.forms.webinar import TimeFields, WebinarForm
from app.webinars.speakers import SpeakerRow
from app.webinars.times import Slot, slot, turn
from app.webinars.timetable import zone_of

SAME_NAME = (
    "title", "description", "language", "attribution", "capacity", "room_url", "recording",
    "captions", "asks_access_needs", "host_label", "needs_approval", "waiting", "kept_per_city",
    "tells_late", "sign_language", "interpretation", "plain_summary", "access_contact",
)  # fmt: skip
DECIDED = ("has_captions", "has_sign_language", "has_interpretation")
ANSWERS = {"yes": True, "no": False}
END_OF_DAY = time(23, 59)


def offer_choices(form: WebinarForm, webinar: Any = None) -> WebinarForm:
    """Fill the lists to choose from with what this organiser may read."""
    topics = db.session.scalars(topics_readable_by(member())).all()
    form.topic.choices = [
        ("", _("No topic")),
        *((str(topic.id), in_language(topic.names)) for topic in topics),
    ]
    form.visibility.choices = [
        ("public", _("Anyone")),
        ("network", _("Members of the network")),
        *_group_choices(),
    ]
    if webinar:
        _keep_choice(form.topic, str(webinar.topic_id or ""))
        _keep_choice(form.visibility, _visibility_word(webinar))
    offer_zones(form)
    return form


def _group_choices() -> Iterable[tuple[str, str]]:
    return (
        (f"closed:{group.id}", _("Only: %(group)s", group=in_language(group.names)))
        for group in groups_of(member())
    )


def _keep_choice(field: Any, value: str) -> None:
    """What is set stays choosable, also for an organiser who could not set it."""
    if all(value != known for known, _label in field.choices):
        field.choices = [*field.choices, (value, _("As it is now"))]


def offer_zones(form: TimeFields) -> None:
    form.tzid.choices = zone_choices(zone_of(member()))


def slot_of(form: TimeFields) -> Slot:
    """The time asked for. Raise what `times.slot` raises."""
    day = form.date.data
    start = datetime.combine(day, form.start_local.data)
    end = datetime.combine(day, form.end_local.data)
    return slot(
        start,
        end,
        form.tzid.data or "",
        start_turn=turn_in(form.start_turn),
        end_turn=turn_in(form.end_turn),
    )


def turn_in(field: Any) -> int | None:
    """Which of two equal times was chosen, if any."""
    return int(field.data) if field.data in {"0", "1"} else None


def details_of(form: WebinarForm, webinar: Any = None) -> WebinarDetails:
    visibility, _colon, group = (form.visibility.data or "public").partition(":")
    return WebinarDetails(
        title=form.title.data,
        description=form.description.data,
        description_html=render(form.description.data).html,
        language=form.language.data,
        topic_id=int(form.topic.data) if form.topic.data else None,
        visibility=Visibility(visibility),
        group_id=int(group) if group else None,
        attribution=Attribution(form.attribution.data),
        capacity=form.capacity.data,
        room_url=form.room_url.data or "",
        recording=Recording(form.recording.data),
        captions=form.captions.data or "",
        asks_access_needs=form.asks_access_needs.data,
        host_label=form.host_label.data or "",
        needs_approval=form.needs_approval.data,
        waiting=Waiting(form.waiting.data),
        kept_per_city=form.kept_per_city.data,
        kept_until=_kept_until(form, webinar),
        tells_late=form.tells_late.data,
        has_captions=_decided(form.has_captions.data, form.captions.data),
        has_sign_language=_decided(form.has_sign_language.data, form.sign_language.data),
        sign_language=form.sign_language.data or "",
        has_interpretation=_decided(form.has_interpretation.data, form.interpretation.data),
        interpretation=form.interpretation.data or "",
        plain_summary=form.plain_summary.data or "",
        access_contact=form.access_contact.data or "",
        agenda=tuple(_agenda_row(row.form) for row in form.agenda),
        speakers=tuple(_speaker_row(row.form) for row in form.speakers),
    )


def _decided(answer: str, words: str | None) -> bool | None:
    """Whoever says which sign language, and no more, says that there is one."""
    return ANSWERS.get(answer, True if words else None)


def _kept_until(form: WebinarForm, webinar: Any) -> datetime | None:
    """The end of the day, where the webinar is."""
    if form.kept_until.data is None:
        return None
    tzid = form.tzid.data if form.tzid else webinar.tzid
    return to_utc(datetime.combine(form.kept_until.data, END_OF_DAY), tzid, turn=0)


def _agenda_row(row: Any) -> AgendaRow:
    return AgendaRow(row.title.data, row.minutes.data, row.detail.data, row.id.data)


def _speaker_row(row: Any) -> SpeakerRow:
    address = (row.email.data or "").lower() or None
    person = person_by_email(address) if address else None
    return SpeakerRow(
        name=row.name.data,
        affiliation=row.affiliation.data,
        email=address,
        user_id=person.id if person and person.is_approved else None,
        id=row.id.data,
    )


def empty_draft() -> dict[str, Any]:
    """What a new form starts with."""
    person = member()
    return {
        "tzid": zone_of(person),
        "language": person.locale or "en",
        "topic": "",
        "visibility": Visibility.PUBLIC.value,
        "attribution": Attribution.OPEN.value,
        "recording": Recording.NONE.value,
        "waiting": Waiting.AUTO.value,
        "repeats": "",
        "once": str(uuid.uuid4()),
        **dict.fromkeys(DECIDED, ""),
    }


def draft_like(webinar: Any) -> dict[str, Any]:
    """A new form that says the same as another webinar, but for the day."""
    return {
        **empty_draft(),
        **typed_from(webinar),
        "title": copying.next_title(webinar.title),
        "agenda": [{**row, "id": None} for row in typed_from(webinar)["agenda"]],
        "speakers": [{**row, "id": None} for row in typed_from(webinar)["speakers"]],
        **dict.fromkeys(["date", "version", "kept_until", "start_turn", "end_turn"]),
    }


def typed_from(webinar: Any) -> dict[str, Any]:
    """A saved webinar as its form has it."""
    return {
        **{name: getattr(webinar, name) for name in SAME_NAME},
        **times_from(webinar),
        **{name: _answer(getattr(webinar, name)) for name in DECIDED},
        "kept_until": _day(webinar.kept_until, webinar.tzid),
        "topic": str(webinar.topic_id or ""),
        "visibility": _visibility_word(webinar),
        "agenda": [_row_from(item, "title", "minutes", "detail") for item in webinar.agenda],
        "speakers": [_row_from(person, "name", "affiliation", "email")
                     for person in webinar.speakers],
    }  # fmt: skip


def times_from(webinar: Any) -> dict[str, Any]:
    start, end = webinar.start_local, webinar.end_local
    return {
        "date": start and start.date(),
        "start_local": start and start.time(),
        "end_local": end and end.time(),
        "tzid": webinar.tzid,
        "start_turn": _turn(webinar.starts_at, webinar.tzid),
        "end_turn": _turn(webinar.ends_at, webinar.tzid),
        "version": webinar.lock_version,
    }


def _row_from(row: Any, *names: str) -> dict[str, Any]:
    return {"id": row.id, **{name: getattr(row, name) for name in names}}


def _visibility_word(webinar: Any) -> str:
    return f"{webinar.visibility}:{webinar.group_id}" if webinar.group_id else webinar.visibility


def _answer(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


def _day(moment: datetime | None, tzid: str) -> date | None:
    return moment and to_local(moment, tzid).date()


def _turn(moment: datetime | None, tzid: str) -> str | None:
    found = turn(moment, tzid)
    return None if found is None else str(found)
