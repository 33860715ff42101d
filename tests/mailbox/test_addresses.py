from __future__ import annotations

import pytest

from app.mailbox.addresses import all_addresses, one_sender, plain_address, spellings

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    "read",
    ["official@stad.example", "MAILTO:Official@Stad.Example", " mailto:official@stad.example ",
     "<official@stad.example>", "mailTo:<OFFICIAL@STAD.EXAMPLE>"],
)  # fmt: skip
def test_one_address_however_it_is_written(read: str) -> None:
    assert plain_address(read) == "official@stad.example"


@pytest.mark.parametrize(
    "read",
    ["", "@", "a@", "@b", "official", "mailto:", "a b@c.example", "x" * 250 + "@stad.example",
     "urn:uuid:5d2f9c1e", "invalid:nomail"],
)  # fmt: skip
def test_what_is_no_address(read: str) -> None:
    assert plain_address(read) == ""
    assert spellings(read) == set()


def test_a_domain_is_the_same_in_letters_and_as_the_dns_spells_it() -> None:
    both = {"a@łódź.example", "a@" + "łódź".encode("idna").decode() + ".example"}

    assert [spellings(address) for address in sorted(both)] == [both, both]


@pytest.mark.parametrize("domain", ["x" * 70 + ".example", "a..b", "xn--a", "."])
def test_domains_the_dns_could_not_have_stay_as_they_are(domain: str) -> None:
    assert plain_address(f"a@{domain}") in {f"a@{domain}", ""}
    spellings(f"a@{domain}")


@pytest.mark.parametrize(
    "header",
    ["official@stad.example", "Official <official@stad.example>", "<official@stad.example>",
     '"Officer, Human Rights <a@b.example>" <official@stad.example>',
     "=?utf-8?q?O=C3=A9?= <Official@Stad.example> "],
)  # fmt: skip
def test_a_plain_sender(header: str) -> None:
    assert one_sender([header]) == "official@stad.example"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["a@b.example", "a@b.example"],
        ["a@b.example, c@d.example"],
        ["a@b.example <c@d.example>"],
        ["<a@b.example><c@d.example>"],
        ["a@b.example (c@d.example)"],
        ['"a@b.example" "<c@d.example>'],
        ["undisclosed-recipients:;"],
        ["Group: a@b.example;"],
        ["x" * 5000 + " <a@b.example>"],
        ["<" * 4000],
        ['"' * 4000],
    ],
)
def test_a_sender_that_readers_may_differ_about_is_nobody(headers: list[str]) -> None:
    assert one_sender(headers) == ""


def test_all_addresses_of_some_headers_each_once() -> None:
    headers = ["A <a@b.example>, a@B.example", "(c@d.example)", "x" * 5000 + "@late.example"]

    assert all_addresses(headers) == ["a@b.example", "c@d.example"]
