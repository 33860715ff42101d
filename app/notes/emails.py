"""What the notes mail to people: the summary, the draft in review, answers, reminders."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage

from app.accounts.emails import recipient
from app.accounts.models import User
from app.core.db import db
from app.core.email import compose
from app.core.i18n import speaking
from app.core.links import absolute_url
from app.core.templating import day, moment
from app.core.zones import to_local
from app.notes import guest_links, promising
from app.notes.anchoring import anchor_of
from app.notes.catching_up import CatchUp
from app.notes.deciding import number_of
from app.notes.enums import CorrectionState
from app.notes.models import Action, Correction, NoteSet, SummaryVersion
from app.notes.naming import naming_of, owner_words
from app.notes.queries import one_summary
from app.notes.reminding_owners import Moment
from app.webinars.coming import has_come
from app.webinars.emails._unsubscribing import ListUnsubscribe, offer_to_stop, stop_url
from app.webinars.emails._words import plain
from app.webinars.hours import place
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.queries import webinar_is_visible


def catch_up(registration: Registration, found: CatchUp, version: SummaryVersion) -> EmailMessage:
    """The same page for whoever came and whoever did not; only its first words differ."""
    reads_it = one_summary(registration.user, registration.webinar_id)
    is_plain = db.session.scalars(reads_it).first() is not None
    with speaking(registration.language):
        last_day = "" if is_plain else day(guest_links.ends_on())
    message = plain(
        "webinar-catch-up",
        registration,
        found=found,
        came=has_come(registration),
        change_note=_what_changed(version),
        read_url=absolute_url("catch_ups.show", token=registration.token),
        whole_url=_whole_url(version) if is_plain else guest_links.guest_url(registration),
        last_day=last_day,
        stop_url=stop_url("registrations", registration.token),
    )
    offer_to_stop(message, "registrations", registration.token)
    return message


def summary_out(person: User, version: SummaryVersion, decisions: list[str]) -> EmailMessage:
    """To somebody who follows the topic and asked for it."""
    webinar = version.note_set.webinar
    to, address = recipient(person), _summaries_stop_url(person)
    with speaking(to.locale):
        held_on = day(to_local(webinar.ends_at, to.timezone)) if webinar.ends_at else ""
    message = compose(
        "summary-out",
        to,
        webinar=webinar,
        topic=webinar.topic,
        day=held_on,
        decisions=decisions,
        change_note=_what_changed(version),
        whole_url=_whole_url(version),
        stop_url=address,
    )
    _offer_to_stop(message, address)
    return message


def review(registration: Registration, note_set: NoteSet) -> EmailMessage:
    """The draft is there to be corrected: by account on the notes page, else by the own link."""
    account = registration.user
    sees = account is not None and webinar_is_visible(account, note_set.webinar_id)
    own = absolute_url("reviews.guest", token=registration.token)
    message = plain(
        "notes-review",
        registration,
        until=_until(note_set, registration.language, registration.timezone),
        read_url=_notes_url(note_set) if sees else own,
        stop_url=stop_url("registrations", registration.token),
    )
    offer_to_stop(message, "registrations", registration.token)
    return message


def speakers_review(speaker: Speaker, person: User, note_set: NoteSet) -> EmailMessage:
    """To a speaker who did not register."""
    to = recipient(person)
    message = compose(
        "notes-review",
        to,
        webinar=note_set.webinar,
        until=_until(note_set, to.locale, to.timezone),
        read_url=_notes_url(note_set),
        stop_url=stop_url("speakers", speaker.token),
    )
    offer_to_stop(message, "speakers", speaker.token)
    return message


def correction_answered(correction: Correction) -> EmailMessage | None:
    """To who proposed it; None when nobody is left to tell."""
    note_set, registration = correction.note.note_set, correction.registration
    words = {
        "webinar": note_set.webinar,
        "correction": correction,
        "is_accepted": correction.state == CorrectionState.ACCEPTED,
    }
    if correction.user is not None:
        to = recipient(correction.user)
        return compose("notes-correction", to, read_url=_notes_url(note_set), **words)
    if registration is None:
        return None
    del words["webinar"]  # `plain` says it
    own = absolute_url("reviews.guest", token=registration.token)
    return plain("notes-correction", registration, read_url=own, **words)


def review_over(organiser: User, note_set: NoteSet, count: int) -> EmailMessage:
    """`count` corrections are open."""
    words = {"webinar": note_set.webinar, "notes_url": _notes_url(note_set), "count": count}
    return compose("notes-review-over", recipient(organiser), **words)


def nudge(organiser: User, webinar: Webinar) -> EmailMessage:
    to = recipient(organiser)
    with speaking(to.locale):
        held_on = day(to_local(webinar.ends_at, to.timezone)) if webinar.ends_at else ""
    address = absolute_url("notes.show", webinar_id=webinar.id)
    return compose("notes-nudge", to, webinar=webinar, notes_url=address, day=held_on)


def _what_changed(version: SummaryVersion) -> str:
    """In a later version; the first says nothing of the kind."""
    return version.change_note if (version.major, version.minor) != (1, 0) else ""


def _whole_url(version: SummaryVersion) -> str:
    return absolute_url("summaries.show", webinar_id=version.note_set.webinar_id)


def _notes_url(note_set: NoteSet) -> str:
    return absolute_url("notes.show", webinar_id=note_set.webinar_id)


def _until(note_set: NoteSet, locale: str, tzid: str) -> str:
    """In the person's own words and zone; empty when the review has no end."""
    if note_set.review_until is None:
        return ""
    with speaking(locale):
        return f"{moment(to_local(note_set.review_until, tzid))} ({place(tzid)})"


def due_action(action: Action, person: User, moment: Moment) -> EmailMessage:
    """What somebody promised is due. Of a city's action: that it is theirs, and no name."""
    to = recipient(person)
    is_of_city = action.owner_user_id is None and action.owner_city_id is not None
    whose = "own" if action.owner_user_id == person.id else "city" if is_of_city else "role"
    with speaking(to.locale):
        due = day(action.due_on) if action.due_on else ""
    message = compose(
        "action-due",
        to,
        action=action,
        number=number_of(action),
        moment=moment.value,
        whose=whose,
        due=due,
        webinar=action.note_set.webinar,
        place_url=_place_of(action),
        done_url=absolute_url("promises.show", token=promising.link_token(action, person)),
        stop_url=_stop_url(person),
    )
    _offer_to_stop(message, _stop_url(person))
    return message


def late_actions(actions: list[Action], organiser: User, due_on: date) -> EmailMessage:
    """To organisers alone: a line for each action that is a week late."""
    to, webinar = recipient(organiser), actions[0].note_set.webinar
    with speaking(to.locale):
        lines = [
            (number_of(one), one.text, owner_words(one, naming_of(one.note_set, public=False)))
            for one in actions
        ]
        due = day(due_on)
    register = absolute_url("actions_register.index", webinar=webinar.id, overdue=1)
    message = compose(
        "actions-late", to, webinar=webinar, lines=lines, due=due, register_url=register,
        stop_url=_stop_url(organiser),
    )  # fmt: skip
    _offer_to_stop(message, _stop_url(organiser))
    return message


def _place_of(action: Action) -> str:
    webinar_id = action.note_set.webinar_id
    return absolute_url("summaries.show", webinar_id=webinar_id, _anchor=anchor_of(action))


def _stop_url(person: User) -> str:
    return absolute_url("promises.stop", token=promising.stop_token(person))


def _summaries_stop_url(person: User) -> str:
    token = promising.stop_token(person, promising.STOP_SUMMARIES)
    return absolute_url("summary_mails.show", token=token)


def _offer_to_stop(message: EmailMessage, address: str) -> None:
    message["List-Unsubscribe"] = ListUnsubscribe(f"<{address}>")
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
