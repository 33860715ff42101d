"""The organisers' shelf."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.slugs import slugify
from app.materials.models import Material
from app.materials.shelving import MOST_MATERIALS
from app.webinars import copying
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_files import PDF, image
from tests.factories_live import give_file, make_material
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
LINK = {
    "title": "How Graz counts",
    "kind": "paper",
    "language": "de",
    "made_by": "Statistics office",
    "url": "https://papers.example.org/graz",
    "sharing": "audience",
    "has_consent": "y",
}


@pytest.fixture
def organiser(app: Any) -> User:
    return make_organiser()


@pytest.fixture
def webinar(organiser: User) -> Webinar:
    return make_webinar(organiser=organiser)


@pytest.fixture
def desk(client_for: SignIn, organiser: User) -> FlaskClient:
    return client_for(organiser)


def rows_of(webinar: Webinar) -> list[Material]:
    db.session.rollback()
    here = db.select(Material).where(Material.webinar_id == webinar.id)
    return list(db.session.scalars(here.order_by(Material.position)))


def add(desk: FlaskClient, webinar: Webinar, **changes: Any) -> Any:
    return desk.post(f"/webinars/{webinar.id}/materials", data=LINK | changes)


def pdf(content: bytes = PDF, name: str = "slides.pdf") -> dict[str, Any]:
    return {"upload": (io.BytesIO(content), name), "url": ""}


def test_link_is_added_and_shown(desk: FlaskClient, webinar: Webinar, client: FlaskClient) -> None:
    answer = add(desk, webinar)
    page = client.get(f"/webinars/{webinar.id}-{slugify(webinar.title)}").text

    assert answer.status_code == 302
    assert [word in page for word in ("How Graz counts", "opens at papers.example.org")] == [
        True
    ] * 2
    assert "Statistics office" in desk.get(f"/webinars/{webinar.id}/materials").text


def test_file_is_added_and_changed(desk: FlaskClient, webinar: Webinar) -> None:
    add(desk, webinar, **pdf())
    (material,) = rows_of(webinar)
    first = material.file.name if material.file else ""
    path = f"/webinars/{webinar.id}/materials/{material.id}"
    kept = desk.post(path, data=LINK | {"title": "Other title", "url": ""})
    same = rows_of(webinar)[0].file
    same_name, title = same.name if same else "", rows_of(webinar)[0].title
    desk.post(path, data=LINK | pdf(name="new.pdf"))
    replaced = rows_of(webinar)[0].file

    assert (first, kept.status_code, same_name, title) == (
        "slides.pdf", 302, "slides.pdf", "Other title",
    )  # fmt: skip
    assert replaced is not None
    assert replaced.name == "new.pdf"


def test_nobody_but_organisers_sees_it_before_consent(
    desk: FlaskClient, webinar: Webinar, client: FlaskClient
) -> None:
    add(desk, webinar, has_consent="")
    page = client.get(f"/webinars/{webinar.id}-{slugify(webinar.title)}").text

    assert "How Graz counts" not in page
    assert "Only organisers see it" in desk.get(f"/webinars/{webinar.id}/materials").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Give it a title."),
        ({"title": "x" * 10_000}, "Up to 200 characters."),
        ({"url": ""}, "Choose a file, or give an address."),
        ({"url": "http://papers.example.org"}, "Give the whole address"),
        ({"url": "javascript:alert(1)"}, "Give the whole address"),
        ({"kind": "film"}, "Not a valid choice"),
        ({"sharing": ""}, "Choose one from the list."),
        ({"language": "xx"}, "Not a valid choice"),
        (pdf() | {"url": LINK["url"]}, "not both"),
        (pdf(b"MZ", "a.exe"), "Programs are not accepted."),
        (pdf(b"not a pdf"), "not what its name says"),
        (pdf(b""), "The file is empty."),
        (pdf(image(), "line.png"), "Describe line.png"),
        ({"title": "\0\x07"}, "Give it a title."),
    ],
)
def test_odd_forms_come_back_as_they_were(
    desk: FlaskClient, webinar: Webinar, changes: dict[str, Any], words: str
) -> None:
    changes = dict(changes)
    if "upload" in changes:
        stream, name = changes["upload"]
        changes["upload"] = (io.BytesIO(stream.getvalue()), name)
    answer = add(desk, webinar, **changes)

    assert (answer.status_code, words in answer.text, rows_of(webinar)) == (422, True, [])
    assert "Statistics office" in answer.text


def test_picture_with_words_is_taken(desk: FlaskClient, webinar: Webinar) -> None:
    add(desk, webinar, **pdf(image(), "line.png"), alt="Four lines that meet")
    (material,) = rows_of(webinar)

    assert material.file is not None
    assert material.file.alt == "Four lines that meet"


def test_order_is_changed(desk: FlaskClient, webinar: Webinar) -> None:
    for number, title in enumerate(("One", "Two", "Three"), start=1):
        make_material(webinar, title, position=number)
    first, _second, third = rows_of(webinar)
    for material, to in ((third, "up"), (first, "up"), (first, "down"), (first, "sideways")):
        path = f"/webinars/{webinar.id}/materials/{material.id}/move"
        assert desk.post(path, data={"to": to}).status_code == 302

    assert [row.title for row in rows_of(webinar)] == ["Three", "One", "Two"]


def test_removed_is_brought_back(desk: FlaskClient, webinar: Webinar) -> None:
    path = f"/webinars/{webinar.id}/materials/{make_material(webinar).id}"
    desk.post(f"{path}/remove")
    gone = desk.get(f"/webinars/{webinar.id}/materials").text
    again = desk.post(f"{path}/remove").status_code
    back = desk.post(f"{path}/bring-back").status_code
    twice = desk.post(f"{path}/bring-back").status_code

    assert ("How Graz counts" in gone, "Undo" in gone) == (False, True)
    assert (again, back, twice) == (404, 302, 404)
    assert rows_of(webinar)[0].removed_at is None


def test_material_whose_file_is_gone_stays_away(desk: FlaskClient, webinar: Webinar) -> None:
    material = make_material(webinar, url="")
    path = f"/webinars/{webinar.id}/materials/{material.id}"
    desk.post(f"{path}/remove")

    assert desk.post(f"{path}/bring-back").status_code == 404


def test_shelf_has_an_end(desk: FlaskClient, webinar: Webinar) -> None:
    for number in range(MOST_MATERIALS):
        make_material(webinar, position=number)
    answer = add(desk, webinar)

    assert (answer.status_code, "at most 60 materials" in answer.text) == (422, True)


def test_reusable_goes_with_a_copy(webinar: Webinar, organiser: User) -> None:
    material = make_material(webinar, "Manual", is_reusable=True)
    file = give_file(material, organiser)
    make_material(webinar, "Agenda of that day")
    with write():
        fresh = copying.copy(webinar, organiser, uid="copy@forum.example.org")

    (copied,) = rows_of(fresh)
    assert (copied.title, copied.file_id, copied.consented_at) == (
        "Manual", file.id, material.consented_at,
    )  # fmt: skip


PLACES = ["", "/1", "/1/move", "/1/remove", "/1/bring-back"]


@pytest.mark.parametrize("place", PLACES)
def test_others_are_kept_out(
    client: FlaskClient, client_for: SignIn, webinar: Webinar, place: str
) -> None:
    path = f"/webinars/{webinar.id}/materials{place}"
    member = client_for(make_user())
    elsewhere = client_for(make_organiser("Youth officer"))

    answers = [
        client.post(path).status_code,
        member.post(path).status_code,
        elsewhere.post(path).status_code,
        member.post(f"/webinars/0/materials{place}").status_code,
    ]
    assert answers == [302, 403, 403, 404]


def test_material_of_another_webinar_is_none_of_this(desk: FlaskClient, webinar: Webinar) -> None:
    other = make_material(make_webinar("Another one"))
    path = f"/webinars/{webinar.id}/materials/{other.id}"
    answers = [desk.get(path).status_code] + [
        desk.post(f"{path}/{act}").status_code for act in ("move", "remove", "bring-back")
    ]

    assert answers == [404] * 4


@pytest.mark.parametrize("count", [1, 30])
def test_page_takes_the_same_few_statements(
    desk: FlaskClient, webinar: Webinar, count_statements: Any, organiser: User, count: int
) -> None:
    for number in range(count):
        give_file(make_material(webinar, f"Paper {number}"), organiser, b"text", "paper.txt")
    path = f"/webinars/{webinar.id}/materials"
    with count_statements() as statements:
        desk.get(path)

    assert len(statements) == 8


def test_change_that_is_refused_comes_back(desk: FlaskClient, webinar: Webinar) -> None:
    material = make_material(webinar)
    path = f"/webinars/{webinar.id}/materials/{material.id}"
    shown = desk.get(path)
    untitled = desk.post(path, data=LINK | {"title": ""})
    nothing = desk.post(path, data=LINK | {"url": ""})

    assert (shown.status_code, "papers.example.org/graz" in shown.text) == (200, True)
    assert [untitled.status_code, nothing.status_code] == [422, 422]
    assert "Choose a file, or give an address." in nothing.text
    assert rows_of(webinar)[0].url == LINK["url"]
