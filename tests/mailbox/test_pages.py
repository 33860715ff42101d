from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.db import db
from app.webinars.models import WebinarOrganiser
from tests.factories import make_user
from tests.factories_mailbox import Stage, come_in, reply_file
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]


def admin() -> User:
    return make_user("Office", role=SiteRole.ADMIN)


def organiser_of(stage: Stage) -> User:
    (seat,) = stage.webinar.organisers
    assert isinstance(seat, WebinarOrganiser)
    return seat.user


def test_admin_sees_what_came_in_and_why_it_went_that_way(stage: Stage, client_for: SignIn) -> None:
    office = client_for(admin())
    come_in(stage.filled(reply_file("google-declined")))
    come_in(stage.filled(reply_file("other-organizer")))

    page = office.get("/admin/mail").text
    assert "The seat is released." in page
    assert "It answers to another organizer." in page
    ignored = office.get("/admin/mail?outcome=ignored").text
    assert "The seat is released." not in ignored
    assert "It answers to another organizer." in ignored


def test_admin_downloads_the_message_as_it_came(stage: Stage, client_for: SignIn) -> None:
    raw = stage.filled(reply_file("google-declined"))
    mail = come_in(raw)

    answer = client_for(admin()).get(f"/admin/mail/{mail.id}.eml")
    assert answer.data == raw
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="mail-{mail.id}.eml"'


def test_page_is_empty_at_first_and_takes_any_question(stage: Stage, client_for: SignIn) -> None:
    office = client_for(admin())

    assert "Nothing came in." in office.get("/admin/mail").text
    for question in ("outcome=%00", "outcome=x&page=-1", "page=99999999999999", "outcome=ignored"):
        assert office.get(f"/admin/mail?{question}").status_code == 200
    assert office.get("/admin/mail/999.eml").status_code == 404


def test_only_admins_read_mail(stage: Stage, client: FlaskClient, client_for: SignIn) -> None:
    mail = come_in(stage.filled(reply_file("person-writes")))
    for path in ("/admin/mail", f"/admin/mail/{mail.id}.eml"):
        assert client.get(path).status_code == 302
        assert client_for(organiser_of(stage)).get(path).status_code == 403


def test_organisers_see_what_people_wrote_back(stage: Stage, client_for: SignIn) -> None:
    organiser = client_for(organiser_of(stage))
    path = f"/webinars/{stage.webinar.id}/mail"
    assert "Nobody wrote back to an invitation." in organiser.get(path).text

    come_in(stage.filled(reply_file("person-writes")))

    page = organiser.get(path)
    assert page.status_code == 200
    assert "Re: Invitation: Housing and human rights" in page.text


def test_organisers_see_answers_and_proposals_beside_the_registrations(
    stage: Stage, client_for: SignIn
) -> None:
    come_in(stage.filled(reply_file("google-declined")))
    come_in(stage.filled(reply_file("outlook-counter")))

    page = client_for(organiser_of(stage)).get(f"/webinars/{stage.webinar.id}/registrations")
    assert "On leave; sorry" in page.text
    assert "Vrijdag is beter voor de steden in het zuiden." in page.text


def test_mail_is_only_for_the_organisers(
    stage: Stage, client: FlaskClient, client_for: SignIn
) -> None:
    path = f"/webinars/{stage.webinar.id}/mail"

    assert client.get(path).status_code == 302
    assert client_for(make_organiser()).get(path).status_code == 403
    assert client_for(admin()).get(path).status_code == 200
    assert client_for(admin()).get("/webinars/999999/mail").status_code == 404


def test_pages_ask_the_same_number_of_questions_for_many(
    stage: Stage, client_for: SignIn, count_statements: Callable[..., object]
) -> None:
    office = client_for(admin())
    paths = ("/admin/mail", f"/webinars/{stage.webinar.id}/mail")

    def asked() -> list[int]:
        counts = []
        for path in paths:
            with count_statements() as statements:  # type: ignore[attr-defined]
                office.get(path)
            counts.append(len(statements))
        return counts

    come_in(stage.filled(reply_file("person-writes")))
    few = asked()
    for number in range(9):
        raw = stage.filled(reply_file("person-writes"))
        come_in(raw.replace(b"tolk", b"tolk %d" % number))
    db.session.rollback()

    assert asked() == few
