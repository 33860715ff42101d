"""The frame of every page, the shared macros and the error pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, flash, render_template_string
from flask.testing import FlaskClient
from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired

from app.core.form_marks import faults
from app.core.forms import Form, TextField
from app.core.frame import initials
from app.core.pagination import Page, page_steps
from app.core.templating import crumbs

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def drawn(app: Flask, source: str, path: str = "/", **values: object) -> str:
    with app.test_request_context(path):
        return " ".join(render_template_string(source, **values).split())


def marks(call: str) -> str:
    return '{% import "components/marks.html" as m %}{{ m.' + call + " }}"


def forms(call: str) -> str:
    return '{% import "components/forms.html" as f %}{{ f.' + call + " }}"


def page(call: str) -> str:
    return '{% import "components/page.html" as p %}{{ p.' + call + " }}"


@dataclass
class Badge:
    number: int = 3
    colour: str = "climate"
    names: dict[str, str] | None = None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Human rights officer, Graz", "HG"),
        ("Ada", "A"),
        ("", ""),
        ("  ", ""),
        ("émile zola", "ÉZ"),
        ("Олена Коваль", "ОК"),
        ("(), !", ""),
    ],
)
def test_initials_are_of_the_first_and_last_word(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_badge_says_its_topic_to_those_who_hear(app: Flask) -> None:
    badge = drawn(app, marks("line(topic)"), topic=Badge(names={"en": "Climate <3"}))

    assert badge == (
        '<span class="line c-climate"><span aria-hidden="true">3</span>'
        '<span class="vh">Climate &lt;3</span></span>'
    )


def test_avatar_is_silent(app: Flask) -> None:
    assert drawn(app, marks('avatar("Ada Bo", "people", "sm")')) == (
        '<span class="avatar c-people sm" aria-hidden="true">AB</span>'
    )


def test_pill_escapes_its_text(app: Flask) -> None:
    assert drawn(app, marks('pill("<b>", "new")')) == '<span class="pill new">&lt;b&gt;</span>'


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("moment", "Tue 1 December 2026, 10:30"),
        ("day", "1 December 2026"),
        ("clock", "10:30"),
        ("since", "2 hours ago"),
    ],
)
def test_time_is_shown_in_the_given_zone(app: Flask, form: str, words: str) -> None:
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        shown = drawn(app, marks("moment_tag(at, 'Europe/Vienna', form)"), at=NOW, form=form)

    assert shown == f'<time datetime="2026-12-01T10:30:00+01:00" data-moment>{words}</time>'


class PartForm(PlainForm):  # type: ignore[misc]
    title = StringField("Part", [InputRequired("Name the part.")])


class AForm(Form):
    title = TextField("Title", [InputRequired("Write a title.")])
    kind = RadioField(
        "Kind", choices=[("a", "A"), ("b", "B")], validators=[InputRequired("Choose.")]
    )
    yes = BooleanField("Yes", description="Or no")
    secret = HiddenField(validators=[InputRequired("Too old.")])
    parts = FieldList(FormField(PartForm), min_entries=1)


@pytest.fixture
def empty_form(app: Flask) -> Iterator[AForm]:
    with app.test_request_context(method="POST", data={"parts-0-title": ""}):
        form = AForm()
        form.validate()
        form.form_errors.append("Not today.")
        yield form


def test_faults_name_the_place_to_go_to(empty_form: AForm) -> None:
    assert faults(empty_form) == [
        ("", "Not today."),
        ("title", "Write a title."),
        ("kind-0", "Choose."),
        ("", "Too old."),
        ("parts-0-title", "Name the part."),
    ]


def test_summary_links_to_fields(empty_form: AForm) -> None:
    summary = render_template_string(forms("error_summary(form)"), form=empty_form)

    assert '<a href="#title">Write a title.</a>' in summary
    assert "<li>Not today.</li>" in summary


def test_form_without_fault_has_no_summary(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string(forms("error_summary(form)"), form=AForm()).strip() == ""


def test_field_is_joined_to_hint_and_fault(empty_form: AForm) -> None:
    field = render_template_string(
        forms('field(form.title, "Short", autocomplete="off")'), form=empty_form
    )

    assert 'aria-describedby="title-hint title-error"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-required="true"' in field
    assert 'autocomplete="off"' in field
    assert '<label for="title">Title</label>' in field
    assert " required" not in field.replace("aria-required", "")


def test_radios_and_box_carry_their_words(empty_form: AForm) -> None:
    radios = render_template_string(forms("radios(form.kind)"), form=empty_form)
    box = render_template_string(forms("check(form.yes)"), form=empty_form)

    assert "<legend>Kind</legend>" in radios
    assert 'id="kind-error"' in radios
    assert '<small id="yes-hint">Or no</small>' in box


@pytest.mark.parametrize(
    ("number", "count", "steps"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
    ],
)
def test_long_lists_of_pages_are_shortened(
    number: int, count: int, steps: list[int | None]
) -> None:
    assert page_steps(Page([], number, count)) == steps


def test_pages_link_to_their_neighbours(app: Flask) -> None:
    links = drawn(app, page('pagination(page, "search.show", q="x")'), page=Page([], 2, 3))

    assert 'rel="prev" href="/search?q=x"' in links
    assert 'rel="next" href="/search?q=x&amp;page=3"' in links
    assert 'aria-current="page" aria-label="Page 2"' in links


def test_single_page_needs_no_links(app: Flask) -> None:
    assert drawn(app, page('pagination(page, "search.show")'), page=Page([], 1, 1)) == ""


def test_crumbs_come_one_by_one_or_as_a_list() -> None:
    steps = [("Topics", "/topics"), ("Housing", "/topics/housing")]

    assert crumbs(tuple(steps)) == crumbs((steps,)) == steps
    assert crumbs((steps[0],)) == [steps[0]]


def test_notice_and_emptiness_take_more_words(app: Flask) -> None:
    source = (
        '{% from "components/page.html" import empty, notice %}'
        '{% call notice("Mind this.", "warn") %}More{% endcall %}'
        '{% call empty("Nothing yet", "Be the first.") %}<a href="/">Start</a>{% endcall %}'
    )
    shown = drawn(app, source)

    assert "<div>Mind this.More</div>" in shown
    assert '<div class="cluster"><a href="/">Start</a></div>' in shown


def test_current_place_is_marked_in_both_menus(app: Flask) -> None:
    source = '{% extends "layouts/base.html" %}{% set here = "cities" %}'
    shown = drawn(app, source)

    assert shown.count('<a href="/cities" aria-current="page"') == 2


def test_flashed_words_stand_in_the_status_line(app: Flask) -> None:
    with app.test_request_context():
        flash("Saved <now>.", "ok")
        shown = render_template_string('{% extends "layouts/base.html" %}')

    status = shown.split('role="status"')[1].split("<footer")[0]
    assert "Saved &lt;now&gt;." in status


def test_chosen_colours_are_written_by_the_server(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"theme": "dark", "next": "/cities?sort=city"})

    assert (answer.status_code, answer.location) == (302, "/cities?sort=city")
    assert '<html lang="en" data-theme="dark">' in client.get("/cities").text


def test_chosen_language_is_kept(client: FlaskClient) -> None:
    client.post("/language", data={"language": "de"})

    assert '<html lang="de"' in client.get("/cities").text


@pytest.mark.parametrize(
    "data",
    [
        {"theme": "pink"},
        {"theme": "\x00", "next": "//evil.example"},
        {"next": "https://evil.example/"},
        {},
    ],
)
def test_odd_choice_changes_nothing_and_stays_here(
    client: FlaskClient, data: dict[str, str]
) -> None:
    answer = client.post("/preferences", data=data)

    assert (answer.status_code, answer.location) == (302, "/")
    assert answer.headers.getlist("Set-Cookie") == []


def test_forged_cookie_of_colours_is_ignored(client: FlaskClient) -> None:
    client.set_cookie("theme", '"><script>')

    assert '<html lang="en">' in client.get("/cities").text
