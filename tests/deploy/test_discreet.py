"""What nginx is told of addresses that are like keys, and of calendars."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

pytestmark = pytest.mark.any_engine

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()


def test_no_address_with_a_key_in_it_is_written_down(whole_app: Flask) -> None:
    hidden = [line for line in NGINX.splitlines() if "(?<place>" in line]
    patterns = [
        re.compile(line.split('"~')[1].split('"')[0].replace("?<", "?P<")) for line in hidden
    ]
    rules = [rule.rule for rule in whole_app.url_map.iter_rules() if "<token>" in rule.rule]
    addresses = [
        rule.replace("<any(registrations, speakers):whose>", "speakers").replace("<token>", "abc")
        for rule in rules
    ]

    assert addresses
    assert [it for it in addresses if not any(pattern.match(it) for pattern in patterns)] == []


def test_no_proxy_compresses_calendars() -> None:
    types = NGINX.partition("gzip_types")[2].partition(";")[0].split()

    assert "text/calendar" not in types
    assert "@squeezed not path *.ics" in (DEPLOY / "Caddyfile").read_text()
