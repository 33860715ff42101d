"""Rooms, questions, polls, attendance and what comes after, for tests."""

from __future__ import annotations

import io
from typing import Any

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.files import uploading
from app.files.models import StoredFile
from app.materials.enums import MaterialKind, TrackKind
from app.materials.models import Chapter, Material, RecordingTrack, WebinarRecording
from app.questions.models import Question, QuestionDesk, QuestionVote
from app.webinars.models import Registration, Webinar
from tests.factories_files import PDF

VTT = b"WEBVTT\n\n00:01.000 --> 00:04.000\nGood morning.\n\n00:09.000 --> 00:12.000\nWe count.\n"


def make_material(webinar: Webinar, title: str = "How Graz counts", **changes: Any) -> Material:
    """A link that everybody may have, with consent, unless said otherwise."""
    values = {
        "webinar_id": webinar.id,
        "position": 1,
        "kind": MaterialKind.PAPER,
        "title": title,
        "language": "en",
        "url": "https://papers.example.org/graz",
        "consented_at": utcnow(),
        "added_at": utcnow(),
    }
    with write() as session:
        material = Material(**(values | changes))
        session.add(material)
    return material


def give_file(row: Any, owner: User, content: bytes = PDF, name: str = "slides.pdf") -> StoredFile:
    """A file that this material or track has from now on."""
    prepared = uploading.prepare(io.BytesIO(content), name)
    with write():
        file = uploading.keep(prepared, owner)
        file.attached_at = utcnow()
        row.file_id, row.url = file.id, ""
    return file


def make_recording(webinar: Webinar, **changes: Any) -> WebinarRecording:
    """Published, for the whole audience, unless said otherwise."""
    values = {
        "webinar_id": webinar.id,
        "url": "https://video.example.org/w/4711",
        "language": "en",
        "published_at": utcnow(),
    }
    with write() as session:
        recording = WebinarRecording(**(values | changes))
        session.add(recording)
    return recording


def make_track(webinar: Webinar, **changes: Any) -> RecordingTrack:
    values = {
        "webinar_id": webinar.id,
        "kind": TrackKind.TRANSCRIPT,
        "language": "en",
        "text": "Good morning.\n\nWe count.",
        "added_at": utcnow(),
    }
    with write() as session:
        track = RecordingTrack(**(values | changes))
        session.add(track)
    return track


def make_chapter(webinar: Webinar, second: int = 0, title: str = "Welcome") -> Chapter:
    with write() as session:
        chapter = Chapter(webinar_id=webinar.id, second=second, title=title)
        session.add(chapter)
    return chapter


def make_desk(webinar: Webinar, **values: Any) -> QuestionDesk:
    """How a webinar takes questions."""
    with write() as session:
        desk = QuestionDesk(webinar_id=webinar.id, **values)
        session.add(desk)
    db.session.refresh(desk)
    return desk


def make_question(
    webinar: Webinar,
    asker: User | None = None,
    *,
    registration: Registration | None = None,
    **changes: Any,
) -> Question:
    """An open question without votes."""
    values = {
        "webinar_id": webinar.id,
        "asker_id": asker.id if asker else None,
        "registration_id": registration.id if registration else None,
        "body": "What does it cost, and who pays?",
        "language": "en",
        "asked_at": utcnow(),
    }
    with write() as session:
        question = Question(**(values | changes))
        session.add(question)
    db.session.refresh(question)
    return question


def vote_for(
    question: Question, person: User | None = None, *, registration: Registration | None = None
) -> None:
    with write() as session:
        vote = QuestionVote(
            question_id=question.id,
            user_id=person.id if person else None,
            registration_id=registration.id if registration else None,
            at=utcnow(),
        )
        session.add(vote)
        session.get_one(Question, question.id).votes += 1
    db.session.refresh(question)
