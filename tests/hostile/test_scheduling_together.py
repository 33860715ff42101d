"""Organisers who act on the same webinar at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.db import db, write
from app.webinars.enums import Status
from app.webinars.models import Webinar, WebinarOrganiser
from tests.factories import make_user
from tests.factories_registrations import (
    at,
    event_of,
    mails_to,
    methods_and_sequences,
    register,
    work,
)
from tests.factories_webinars import make_organiser, make_webinar
from tests.hostile.test_together import at_once, count
from tests.webinars.views.test_series import make_series
from tests.webinars.views.test_webinar_form import ONCE, least

SignIn = Callable[[User], FlaskClient]


def two_organisers(webinar: Webinar) -> list[User]:
    second = make_organiser()
    with write() as session:
        session.add(WebinarOrganiser(webinar_id=webinar.id, user_id=second.id))
    return [webinar.organisers[0].user, second]


def acts_of(webinar: Webinar) -> list[str]:
    log = select(AuditEntry.act).where(AuditEntry.thing == f"webinar:{webinar.id}")
    return list(db.session.scalars(log.order_by(AuditEntry.id)))


def moved(hour: str, version: int = 1) -> dict[str, Any]:
    return {
        "date": "2031-05-06",
        "start_local": f"{hour}:00",
        "end_local": f"{hour}:45",
        "tzid": "Europe/Brussels",
        "version": str(version),
    }


def test_two_edits_of_one_version_save_one(app: Flask, client_for: SignIn) -> None:
    webinar = make_webinar()
    first, second = (client_for(one) for one in two_organisers(webinar))
    path = f"/webinars/{webinar.id}/edit"

    statuses = at_once(
        app,
        [
            (first, path, {**least(description="First."), "version": "1"}),
            (second, path, {**least(description="Second."), "version": "1"}),
        ],
    )

    db.session.refresh(webinar)
    assert statuses == [302, 422]
    assert (webinar.lock_version, acts_of(webinar)) == (2, ["webinars.update"])


def test_two_moves_are_one(app: Flask, client_for: SignIn) -> None:
    webinar = make_webinar()
    first, second = (client_for(one) for one in two_organisers(webinar))
    path = f"/webinars/{webinar.id}/schedule"

    statuses = at_once(app, [(first, path, moved("10")), (second, path, moved("12"))])

    db.session.refresh(webinar)
    assert statuses == [302, 422]
    assert (webinar.sequence, acts_of(webinar)) == (1, ["webinars.reschedule"])


def test_cancelled_five_times_is_once(app: Flask, client_for: SignIn) -> None:
    webinar = make_webinar()
    person = register(webinar)
    work()
    browsers = [client_for(one) for one in two_organisers(webinar)]
    sent = {"reason": "The speaker is ill.", "typed": "1"}

    statuses = at_once(
        app, [(browsers[n % 2], f"/webinars/{webinar.id}/cancel", sent) for n in range(5)]
    )
    work()

    assert statuses == [302] * 5
    assert acts_of(webinar).count("webinars.cancel") == 1
    assert methods_and_sequences(person.email) == [("REQUEST", 0), ("CANCEL", 1)]


def test_postponed_and_cancelled_at_once_ends_in_one_state(app: Flask, client_for: SignIn) -> None:
    webinar = make_webinar()
    first, second = (client_for(one) for one in two_organisers(webinar))

    statuses = at_once(
        app,
        [
            (first, f"/webinars/{webinar.id}/postpone", {"reason": "The hall."}),
            (second, f"/webinars/{webinar.id}/cancel", {"reason": "No hall."}),
        ],
    )

    db.session.refresh(webinar)
    assert statuses in ([302, 302], [302, 422])
    assert webinar.status == Status.CANCELLED


def test_published_ten_times_is_once(app: Flask, client_for: SignIn) -> None:
    webinar = make_webinar(published=False)
    browser = client_for(webinar.organisers[0].user)

    statuses = at_once(app, [(browser, f"/webinars/{webinar.id}/publish", {})] * 10)

    assert statuses == [302] * 10
    assert acts_of(webinar) == ["webinars.publish"]


def test_a_form_sent_five_times_makes_one_webinar(app: Flask, client_for: SignIn) -> None:
    browser = client_for(make_organiser())

    statuses = at_once(app, [(browser, "/webinars/new", least(once=ONCE))] * 5)

    assert statuses == [302] * 5
    assert count(Webinar) == 1


def test_two_who_extend_a_series_make_it_once(app: Flask, client_for: SignIn) -> None:
    webinar = make_webinar()
    browsers = [client_for(one) for one in two_organisers(webinar)]
    path, sent = f"/webinars/{webinar.id}/series", {"repeats": "weekly", "count": "3"}
    page = browsers[0].post(path, data=sent).text
    seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]

    statuses = at_once(app, [(one, path, {**sent, "seen": seen}) for one in browsers])

    assert statuses == [302, 302]
    assert count(Webinar) == 3


def test_all_words_changed_from_two_sessions_at_once(app: Flask, client_for: SignIn) -> None:
    """Whoever changes several sessions locks them in the same order: nobody waits for ever."""
    _series, sessions = make_series(4)
    browser = client_for(sessions[0].organisers[0].user)

    statuses = at_once(
        app,
        [
            (
                browser,
                f"/webinars/{one.id}/edit",
                {**least(description=f"By {one.id}."), "version": "1", "following": "y"},
            )
            for one in sessions[:3]
        ],
    )

    assert set(statuses) <= {302, 422}
    assert 302 in statuses


def test_both_owners_leaving_leaves_one(app: Flask, client_for: SignIn) -> None:
    webinar = make_webinar()
    people = two_organisers(webinar)

    at_once(
        app,
        [
            (client_for(one), f"/webinars/{webinar.id}/organisers/{one.id}/remove", {})
            for one in people
        ],
    )

    assert count(WebinarOrganiser, WebinarOrganiser.webinar_id == webinar.id) == 1


def test_a_move_and_a_registration_at_once_tell_the_new_hour(
    app: Flask, client_for: SignIn
) -> None:
    webinar, person = make_webinar(), make_user()
    hour = "2031-05-06T08:00:00+00:00/2031-05-06T08:45:00+00:00/Europe/Brussels"

    # Looked at already: whoever moves it after somebody registered is shown first who is told.
    statuses = at_once(
        app,
        [
            (
                client_for(webinar.organisers[0].user),
                f"/webinars/{webinar.id}/schedule",
                {**moved("10"), "seen": hour},
            ),
            (client_for(person), f"/webinars/{webinar.id}/registrations", {}),
        ],
    )
    work()

    [mail] = mails_to(person.email)
    assert statuses == [302, 302]
    assert event_of(mail)["DTSTART"].dt == at("2031-05-06T10:00+02:00")
