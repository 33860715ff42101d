"""Every address of the product, right and wrong, asked by everybody: a page, never a failure."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.accounts.models import User
from app.core.db import write
from app.core.rate_limit import RateCount
from tests.hostile.people import (
    EACH_ROLE,
    WRONG_QUERIES,
    address,
    browser_of,
    fault,
    real_values,
    row_counts,
    share,
    wrong_addresses,
)

# What a walk through everything happens to pass is not counted as tested.
pytestmark = pytest.mark.no_cover

SignIn = Callable[[User], FlaskClient]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def readable(app: Flask) -> list[Any]:
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]


@pytest.mark.parametrize("role", EACH_ROLE)
def test_every_page_answers_everybody_and_head_is_like_get(
    demo: Flask, client: FlaskClient, client_for: SignIn, role: str
) -> None:
    addresses = {address(rule, values) for values in real_values() for rule in readable(demo)}
    browser, faults = browser_of(role, client, client_for), []
    before = row_counts()
    heads = {path: browser.head(path) for path in sorted(addresses)}
    assert {name for name, rows in row_counts().items() if rows != before[name]} <= {"rate_count"}
    with write() as session:  # what is printed is counted, also for those who only ask
        session.execute(delete(RateCount))

    for path, head in heads.items():
        answer = browser.get(path)
        if head.status_code != answer.status_code:
            faults.append((path, f"HEAD {head.status_code}, GET {answer.status_code}"))
        if wrong := fault(answer):
            faults.append((path, wrong))

    assert faults == []


@pytest.mark.parametrize("role", EACH_ROLE)
def test_wrong_addresses_get_a_page(
    demo: Flask, client: FlaskClient, client_for: SignIn, role: str
) -> None:
    values = real_values()[0]
    browser = browser_of(role, client, client_for)
    rules = demo.url_map.iter_rules() if role == "admin" else readable(demo)
    wrong = sorted({path for rule in rules for path in wrong_addresses(rule, values)})

    faults = [(path[:120], fault(browser.get(path))) for path in share(role, wrong)]

    assert [found for found in faults if found[1]] == []


@pytest.mark.parametrize("role", EACH_ROLE)
def test_odd_queries_get_a_page(
    demo: Flask, client: FlaskClient, client_for: SignIn, role: str
) -> None:
    values = real_values()[0]
    browser = browser_of(role, client, client_for)
    paths = sorted({address(rule, values) for rule in readable(demo)})

    asked = share(role, [(path, query) for query in WRONG_QUERIES for path in paths])

    faults = [(path, query[:60], fault(browser.get(f"{path}?{query}"))) for path, query in asked]

    assert [found for found in faults if found[2]] == []


@pytest.mark.any_engine
def test_methods_nobody_offers_get_a_page(demo: Flask, client: FlaskClient) -> None:
    values = real_values()[0]
    paths = sorted({address(rule, values) for rule in demo.url_map.iter_rules()})
    methods = ("PUT", "PATCH", "DELETE", "TRACE", "NONSENSE")

    faults = [(m, path, fault(client.open(path, method=m))) for path in paths for m in methods]

    assert [found for found in faults if found[2]] == []
