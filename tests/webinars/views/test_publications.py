"""Publishing a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.webinars.enums import Status
from tests.factories import make_user
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]


def test_publishing_says_what_happened(client_for: SignIn, client: FlaskClient) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)
    browser = client_for(organiser)

    answer = browser.post(f"/webinars/{webinar.id}/publish")

    assert answer.status_code == 302
    assert "Published. Invitations go out as people register." in browser.get(answer.location).text
    assert client.get(answer.location).status_code == 200


def test_what_is_not_ready_is_refused_on_the_same_page(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(
        organiser=organiser, published=False, starts_in=timedelta(minutes=30), description=""
    )

    answer = client_for(organiser).post(f"/webinars/{webinar.id}/publish")

    assert answer.status_code == 422
    assert "Not published yet. Still to do: The description says" in answer.text
    assert "It starts at least one hour from now." in answer.text
    db.session.refresh(webinar)
    assert webinar.status == Status.DRAFT


def test_publishing_is_for_its_organisers(client: FlaskClient, client_for: SignIn) -> None:
    draft, published = make_webinar(published=False), make_webinar()

    assert client.post(f"/webinars/{draft.id}/publish").status_code == 302
    assert client_for(make_user()).post(f"/webinars/{draft.id}/publish").status_code == 404
    assert client_for(make_user()).post(f"/webinars/{published.id}/publish").status_code == 403
    assert client.get(f"/webinars/{published.id}/publish").status_code == 405
