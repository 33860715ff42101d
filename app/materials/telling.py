"""What mails say of recording and materials, and who hears that a recording is there."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.i18n import _, ngettext
from app.core.jobs import enqueue
from app.core.links import absolute_url
from app.materials.models import WebinarRecording
from app.materials.recording import the_recording
from app.materials.showing import Shelf, shelf_for
from app.webinars import reminding
from app.webinars.afterwards import MailLine
from app.webinars.models import Registration, Webinar
from app.webinars.speakers import SEATED


def lines_after(registration: Registration) -> Iterator[MailLine]:
    """What this person finds on the own page, in the running language."""
    shelf = shelf_of(registration)
    own_url = absolute_url("registrations.show", token=registration.token)
    if shelf.recording:
        chapters = tuple(f"{one.clock} {one.title}" for one in shelf.recording.chapters)
        words = _("Watch the recording") if not chapters else _("Watch the recording by chapters")
        yield MailLine(words, f"{own_url}#recording", chapters)
    if shelf.materials:
        count = len(shelf.materials)
        words = ngettext("Read what was shown", "Read what was shown, %(num)s materials", count)
        yield MailLine(words, f"{own_url}#materials")


def shelf_of(registration: Registration) -> Shelf:
    """What a personal link opens."""
    return shelf_for(registration.webinar, is_inside=registration.state in SEATED)


def moment_of(recording: WebinarRecording | None) -> str:
    """When it was published, as jobs carry it; empty while it is not."""
    published_at = recording.published_at if recording else None
    return published_at.isoformat() if published_at else ""


def go_round(webinar: Webinar, published_at: str, after_id: int = 0) -> int | None:
    """Queue the mail of each person who is not thanked later anyway. Return where to go on."""
    people = reminding.people_reminded(webinar, after_id)
    for registration in people:
        if not reminding.is_to_be_thanked(registration, webinar):
            queue_mail(registration, published_at)
    return people[-1].id if len(people) == reminding.AT_ONCE else None


def queue_mail(registration: Registration, published_at: str) -> None:
    """Not within three hours of another mail about the webinar."""
    later = reminding.quiet_until(registration)
    key = f"{registration.id}:{published_at}:{later.isoformat() if later else ''}"
    enqueue("materials.send_recording", key, run_at=later,
            registration_id=registration.id, published_at=published_at)  # fmt: skip


def still_wanted(registration: Registration, published_at: str) -> bool:
    """Whether the recording that was published then is still to be seen by this person."""
    is_same = moment_of(the_recording(registration.webinar)) == published_at
    is_there = shelf_of(registration).recording is not None
    return is_same and is_there and reminding.wants_mail(registration)
