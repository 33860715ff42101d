"""Actions as tasks are read by two parsers that they are not written with."""

from __future__ import annotations

from datetime import date

import time_machine
import vobject
from flask import Flask

from app.accounts.models import User
from app.core.db import db, write
from app.notes import deciding
from app.notes.action_calendar import task_feed
from app.notes.deciding import Owner
from tests.factories import make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_webinars import make_organiser
from tests.interop.readers import Libical

HARD = 'Łódź, Αθήνα; København 🎥 "Housing"'


@time_machine.travel("2027-02-01T08:15:00+00:00")
def test_tasks_are_read_alike(app: Flask) -> None:
    me, organiser = make_user(), make_organiser()
    notes = make_notes(organiser)
    save(note_at(notes, 1), "Written.", organiser)
    with write():
        done = deciding.promise(notes, HARD, Owner(user=me), date(2027, 3, 1))
        to_do = deciding.promise(notes, HARD * 6, Owner(user=me), date(2027, 3, 28))
    publish(notes, organiser)
    with write():
        deciding.finish(done, done.lock_version)

    content = task_feed(db.session.get_one(User, me.id)).content

    tail = "@forum.example.org"
    wanted = [
        [f"task-{done.id}{tail}", "20270301", "COMPLETED", "100"],
        [f"task-{to_do.id}{tail}", "20270328", "NEEDS-ACTION", "0"],
    ]
    assert Libical().tasks(content) == wanted
    (calendar,) = vobject.readComponents(content.decode())
    assert [
        [one.uid.value, one.due.value.strftime("%Y%m%d"), one.status.value,
         one.percent_complete.value]
        for one in calendar.vtodo_list
    ] == wanted  # fmt: skip
    assert calendar.vtodo_list[0].summary.value == f"A-2027-001 {HARD}"
