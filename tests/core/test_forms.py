"""What is typed, as it is stored."""

from __future__ import annotations

import unicodedata

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from wtforms import SelectField
from wtforms.widgets import Select

from app.core.errors import DomainError
from app.core.forms import CONTROLS, Form, LongTextField, TextField, tidy

pytestmark = pytest.mark.any_engine


class AForm(Form):
    title = TextField("Title")
    body = LongTextField("Body")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  a  ", "a"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb", "a\tb"),
        ("a\x00b\x07c\x7f", "abc"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("e\u0301", "é"),
        ("\ud800", "?"),
        ("👩‍🚒 שלום", "👩‍🚒 שלום"),
        ("", ""),
    ],
)
def test_tidy(typed: str, stored: str) -> None:
    assert tidy(typed) == stored


@given(some.text(some.characters()))
def test_tidy_text_can_be_stored_and_stays(typed: str) -> None:
    stored = tidy(typed)

    assert stored == stored.strip()
    assert CONTROLS.search(stored) is None
    assert "\r" not in stored
    assert unicodedata.is_normalized("NFC", stored)
    assert stored.encode().decode() == stored
    assert tidy(stored) == stored


def filled(app: Flask, **data: str) -> AForm:
    with app.test_request_context(method="POST", data=data):
        return AForm()


def test_one_line_stays_one_line(app: Flask) -> None:
    form = filled(app, title=" a\r\n b\t\tc\x00 ", body=" a\r\n b ")

    assert (form.title.data, form.body.data) == ("a b c", "a\n b")


def test_missing_fields_are_empty(app: Flask) -> None:
    form = filled(app, other="x")

    assert (form.title.data, form.body.data) == ("", "")


@pytest.mark.parametrize(
    ("field", "beside", "on_top"),
    [("title", ["No."], []), (None, [], ["No."]), ("gone", [], ["No."])],
)
def test_broken_rule_lands_beside_its_field(
    app: Flask, field: str | None, beside: list[str], on_top: list[str]
) -> None:
    form = filled(app)

    form.blame(DomainError("No.", field))

    assert (list(form.title.errors), list(form.form_errors)) == (beside, on_top)


class Choosing(Form):
    one = SelectField(
        choices=[("", ""), ("a", 'A & "b" <c>'), ("\"'>", "x", {"data-x": "<1>"}), ("0", None)]
    )


@pytest.mark.parametrize("chosen", ["a", "\"'>", "nothing of it"])
def test_options_are_drawn_as_wtforms_draws_them(app: Flask, chosen: str) -> None:
    with app.test_request_context(method="POST", data={"one": chosen}):
        field = Choosing().one

        assert field(id="x", class_="y") == Select()(field, id="x", class_="y")
