from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app.webinars.reply_address import (
    is_ours,
    organizer_address,
    registration_of_address,
    reply_address,
)

FORM = re.compile(r"events\+[a-z2-7]{26}@forum\.example\.org")


@pytest.fixture
def read_mail(app: Flask) -> Iterator[None]:
    app.config["INBOUND_MAIL"] = True
    yield
    app.config["INBOUND_MAIL"] = False


@pytest.mark.any_engine
@pytest.mark.parametrize("number", [1, 2, 77, 10**9, 2**40 - 1])
def test_address_leads_back_to_the_registration(app: Flask, number: int) -> None:
    address = reply_address(number)

    assert FORM.fullmatch(address)
    assert registration_of_address(address) == number
    assert registration_of_address(f" {address.upper()} ") == number
    assert reply_address(number) == address


@pytest.mark.any_engine
def test_addresses_of_neighbours_have_nothing_in_common(app: Flask) -> None:
    tokens = [reply_address(number).partition("@")[0] for number in range(1, 200)]

    assert len({token[-8:] for token in tokens}) == len({token[7:15] for token in tokens}) == 199


@pytest.mark.any_engine
def test_every_changed_letter_makes_it_nobodys_address(app: Flask) -> None:
    address = reply_address(5)
    start = len("events+")
    for place in range(start, start + 26):
        for letter in "abcdefghijklmnopqrstuvwxyz234567":
            changed = address[:place] + letter + address[place + 1 :]
            assert registration_of_address(changed) == (5 if changed == address else None)


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "address",
    ["", "@", "events", "events@forum.example.org", "events+@forum.example.org", "\x00@\x00",
     "events+" + "a" * 26 + "@forum.example.org", "events+" + "ä" * 26 + "@forum.example.org",
     "events+" + "a" * 10_000 + "@forum.example.org", "x" * 1_000_000],
)  # fmt: skip
def test_other_addresses_are_nobodys(app: Flask, address: str) -> None:
    assert registration_of_address(address) is None


@pytest.mark.any_engine
def test_address_at_another_domain_is_nobodys(app: Flask) -> None:
    assert registration_of_address(reply_address(5).replace("forum.", "other.")) is None


@pytest.mark.any_engine
def test_organizer_is_the_sender_until_answers_are_read(app: Flask) -> None:
    assert organizer_address(5, "official@demo.invalid") == "events@forum.example.org"


@pytest.mark.any_engine
@pytest.mark.usefixtures("read_mail")
def test_organizer_is_the_persons_own_address_where_answers_are_read(app: Flask) -> None:
    assert organizer_address(5, "official@demo.invalid") == reply_address(5)


@pytest.mark.any_engine
def test_organizer_is_never_the_one_who_is_invited(app: Flask) -> None:
    assert organizer_address(5, "Events@forum.example.org") == reply_address(5)


@pytest.mark.any_engine
def test_what_we_sent_is_ours(app: Flask) -> None:
    ours = [reply_address(5), "EVENTS@forum.example.org"]
    others = ["official@demo.invalid", "events@elsewhere.example", "events+abc@forum.example.org"]

    assert [is_ours(address) for address in ours + others] == [True, True, False, False, False]
