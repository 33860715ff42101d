"""Who came: what organisers and reports say counts more than the click."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db
from app.webinars.coming import has_come, has_come_column
from app.webinars.emails.reminders import reminder
from app.webinars.mail_plan import Reminder
from app.webinars.models import Registration
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar

CASES = [
    (None, False, False),
    (None, True, True),
    (True, False, True),
    (True, True, True),
    (False, False, False),
    (False, True, False),
]


@pytest.mark.parametrize(("attended", "clicked", "came"), CASES)
def test_row_database_and_mail_agree(
    app: Flask, attended: bool | None, clicked: bool, came: bool
) -> None:
    joined_at: datetime | None = utcnow() if clicked else None
    person = make_registration(make_webinar(), attended=attended, joined_at=joined_at)

    mail = reminder(person, Reminder.AFTER)

    assert has_come(person) is came
    assert (
        db.session.scalars(select(Registration).where(has_come_column())).all() == [person] * came
    )
    assert mail["Subject"].startswith("Thank you for coming" if came else "You were missed")
