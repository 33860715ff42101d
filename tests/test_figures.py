"""The figures in the README are those of today."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.queries import person_by_email
from tests import figures


def test_pages_and_statements_in_the_readme_are_those_of_today(
    demo: Flask,
    client_for: Callable[[User], FlaskClient],
    count_statements: figures.Counting,
) -> None:
    official = person_by_email("official@demo.invalid")
    assert official
    rows = figures.statements(count_statements, demo.test_client(), client_for(official))
    pages = figures.page_count(demo)
    print(f"measured: {pages} pages", *rows, "end of measured", sep="\n")

    told = figures.block_in_readme()

    assert f"{pages} addresses that answer GET" in told
    assert [line for line in told.splitlines() if line.startswith("| ")][1:] == rows
