"""The week after a webinar: who was there, what they said, what is kept, what goes on."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.models import User
from app.attendance.importing import choices_for, keep_upload, preview, read_upload, save
from app.certificates.issuing import issue
from app.core.clock import standing_at, utcnow
from app.core.zones import to_local
from app.demo.cast import Cast
from app.demo.hour import People
from app.demo.reading import Entry, chapter
from app.feedback.answering import Said, answer
from app.materials import chaptering, recording, shelving, tracking
from app.materials.enums import MaterialKind, Sharing, TrackKind
from app.materials.recording import RecordingDetails
from app.materials.shelving import MaterialDetails
from app.materials.tracking import TrackDetails
from app.questions.following_up import follow_up, texts_for
from app.webinars.models import Webinar

HEAD = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest"
SOON, NEXT_DAY = timedelta(hours=2), timedelta(days=1)


def look_back(cast: Cast) -> None:
    for entry in chapter("hours")["webinars"]:
        if "held" in entry:
            _look_back(entry, cast.webinars[entry["key"]], cast)


def _look_back(entry: Entry, webinar: Webinar, cast: Cast) -> None:
    people, end = People(webinar, cast), webinar.ends_at or utcnow()
    with standing_at(end + SOON):
        _import(entry, people)
        follow_up(webinar, people.organiser, texts_for(webinar, "en"))
    with standing_at(end + NEXT_DAY):
        for email in entry["certified"]:
            issue(people.places[email])
        _give_feedback(entry, people)
        _put_up(entry, webinar, people.organiser, cast)


def _import(entry: Entry, people: People) -> None:
    """The report of the room's provider, as it comes."""
    webinar = people.webinar
    lines = [HEAD, *(_line(stay, people) for stay in entry["stays"])]
    upload = keep_upload(webinar, "participants.csv", "\n".join(lines), people.organiser)
    read = read_upload(upload, choices_for(webinar, webinar.tzid))
    save(webinar, upload, preview(webinar, read), (), people.organiser)


def _line(stay: Entry, people: People) -> str:
    email = stay.get("email", "")
    name = people.places[email].name if email else stay["name"]
    came, went = (_clock(people.webinar, stay[side]) for side in ("from", "to"))
    return f'"{name}",{email},{came},{went},{stay["to"] - stay["from"]},No'


def _clock(webinar: Webinar, minute: int) -> str:
    start = webinar.starts_at or utcnow()
    return f"{to_local(start + timedelta(minutes=minute), webinar.tzid):%Y-%m-%d %H:%M:%S}"


def _give_feedback(entry: Entry, people: People) -> None:
    """One answer for each who was there, and nothing kept of whose it is."""
    there = [place for place in people.places.values() if place.attended]
    for place, said in zip(there, entry["feedback"], strict=True):
        answer(place, Said(**said))


def _put_up(entry: Entry, webinar: Webinar, actor: User, cast: Cast) -> None:
    told = entry["film"]
    recording.save(webinar, _recording(told))
    chaptering.replace(webinar, chaptering.from_programme(webinar, told["starts_at_second"]))
    for language, key in told["captions"].items():
        captions = TrackDetails(TrackKind.CAPTIONS, language, is_machine_made=False)
        tracking.put(webinar, captions, cast.enclosures[key], actor)
    transcript = TrackDetails(
        TrackKind.TRANSCRIPT, "en", is_machine_made=True, text=told["transcript"].strip()
    )
    tracking.put(webinar, transcript, None, actor)
    recording.publish(webinar, actor)
    for material in entry["materials"]:
        shelving.add(webinar, _material(material), cast.enclosures[material["file"]], actor)


def _recording(told: Entry) -> RecordingDetails:
    return RecordingDetails(
        url=told["url"],
        language="en",
        minutes=told["minutes"],
        starts_at_second=told["starts_at_second"],
        sharing=Sharing.AUDIENCE,
        consent_note="",
        ends_on=None,
    )


def _material(told: Entry) -> MaterialDetails:
    return MaterialDetails(
        kind=MaterialKind(told["kind"]),
        title=told["title"],
        language="en",
        made_by=told["made_by"],
        url="",
        sharing=Sharing.AUDIENCE,
        has_consent=True,
        is_reusable=False,
    )
