"""What is shown when something went wrong: what happened, what to do next, no trace."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, abort, redirect
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from app import create_app
from app.core.error_pages import show_bug, show_http_error, show_stale_form, show_wait
from app.core.i18n import speaking
from app.core.rate_limit import AllowanceSpent
from config import Settings


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 410, 413, 422, 429])
def test_error_page_says_what_to_do_next(app: Flask, code: int) -> None:
    with app.test_request_context("/nothing"):
        try:
            abort(code)
        except HTTPException as error:
            text, status = show_http_error(error)

    assert status == code
    assert [text.count("<h1>"), f"Error {code}" in text] == [1, True]


def test_rare_error_gets_the_general_page(app: Flask) -> None:
    with app.test_request_context("/nothing"):
        try:
            abort(418)
        except HTTPException as error:
            text, status = show_http_error(error)

    assert (status, "Error 400" in text) == (418, True)


def test_redirect_is_no_error(app: Flask) -> None:
    error = HTTPException(response=redirect("/"))
    with app.test_request_context():
        assert show_http_error(error) is error


def test_unknown_address_shows_map_and_search(client: FlaskClient) -> None:
    answer = client.get("/no-such-page")

    assert answer.status_code == 404
    assert 'class="netmap few"' in answer.text
    assert 'action="/search"' in answer.text


def test_stale_form_shows_what_was_typed(app: Flask) -> None:
    long = "A text that took somebody half an hour. </textarea><script>"
    with app.test_request_context(method="POST", data={"body": long, "csrf_token": "x" * 30}):
        text, status = show_stale_form(HTTPException())

    assert status == 400
    assert "half an hour. &lt;/textarea&gt;&lt;script&gt;</textarea>" in text
    assert "x" * 30 not in text


def test_passwords_are_not_shown_again(app: Flask) -> None:
    secrets = {"password": "correct horse battery staple", "current": "a long present password"}
    with app.test_request_context(method="POST", data=secrets):
        text, _status = show_stale_form(HTTPException())

    assert "What you typed" not in text


def test_too_often_says_when_it_goes_on(app: Flask) -> None:
    long = "A text that took somebody half an hour. </textarea><script>"
    with app.test_request_context("/", method="POST", data={"body": long}), speaking("en"):
        answer = show_wait(AllowanceSpent(180))

    text = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "180")
    assert "You can go on in 3 minutes." in text
    assert "half an hour. &lt;/textarea&gt;&lt;script&gt;</textarea>" in text


def test_too_often_reaches_the_page_from_anywhere(settings: Settings) -> None:
    busy = create_app(settings)

    @busy.get("/busy")
    def spent() -> str:
        raise AllowanceSpent(40)

    answer = busy.test_client().get("/busy", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
    assert "You can go on in 40 seconds." in answer.text
    assert answer.text.count("<h1>") == 1


def test_broken_database_still_shows_a_page(settings: Settings) -> None:
    nowhere = replace(settings, database_url="sqlite:////nowhere/at/all.db")
    broken = create_app(nowhere, WTF_CSRF_ENABLED=False)
    browser = broken.test_client()
    with browser.session_transaction() as session:
        session.update({"_user_id": "x", "_fresh": True, "sid": "x", "fs_cc": "set"})

    answer = browser.get("/cities", headers={"Accept-Language": "de"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.text.count("<h1>") == 1


def test_bug_shows_a_number_and_no_trace(app: Flask) -> None:
    with app.test_request_context("/x"):
        text, status = show_bug(OperationalError("select secret", {}, Exception("boom")))

    assert status == 500
    assert ["secret" in text, "boom" in text, "this number" in text] == [False, False, True]


def test_busy_house_asks_to_wait(app: Flask) -> None:
    with app.test_request_context("/x"):
        text, status = show_http_error(ServiceUnavailable())

    assert (status, "Error 503" in text) == (503, True)
