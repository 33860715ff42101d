"""All that leaves the product, read as its reader reads it: pages, files, feeds, mails."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from email import policy
from email.parser import BytesParser
from functools import lru_cache
from itertools import product
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.core.db import db, write
from app.core.outbox import OutboxMail
from app.core.rate_limit import RateCount
from app.notes.downloading import FORMS
from tests.hostile.people import real_values
from tests.notes.file_reading import read_pdf, squeezed

TAG = re.compile(r"<[^>]*>")
PASSED_OVER = {"static", "security.static", "health.ready"}  # files; 503 without a worker
OTHERS_FORMS = ("docx", "odt", "md", "txt", "pdf", "html", "ics")


def addresses(app: Flask, values: dict[str, list[Any]], queries: Iterable[str] = ()) -> list[str]:
    """Of every page that can be read, for each of these values; what a rule names besides is taken
    from the demo. A rule with a name that nobody knows fails: say in `people.real_values` what
    leads somewhere.
    """
    known = {**{name: [value] for name, value in real_values()[0].items()}, **values}
    known["form"] = [*OTHERS_FORMS, *FORMS]
    adapter, found = app.url_map.bind("localhost"), set()
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in PASSED_OVER:
            continue
        names = sorted(rule.arguments)
        strange = [name for name in names if name not in known]
        assert strange == [], f"{rule.rule}: give {strange} a value in tests/hostile/people.py"
        for chosen in product(*(known[name] for name in names)):
            found.add(adapter.build(rule.endpoint, dict(zip(names, chosen, strict=True))))
    return sorted({*found, *queries})


def leaks(browser: FlaskClient, paths: Iterable[str], marks: Iterable[str]) -> list[str]:
    """Where a mark is read, and with how many pages read in the end nothing is proved."""
    wanted, found, seen = list(marks), [], 0
    for path in paths:
        answer = browser.get(path)
        seen += answer.status_code == 200
        assert answer.status_code < 500, path
        told = squeezed(f"{said(answer.get_data())} {answer.headers}")
        found += [f"{path}: {mark}" for mark in wanted if squeezed(mark) in told]
    assert seen >= 20
    _forget_limits()
    return found


def said(data: bytes) -> str:
    """The words in an answer, whatever it is: raw, and without what is between them."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            return " ".join(f"{name} {said(whole.read(name))}" for name in whole.namelist())
    if data.startswith(b"%PDF"):
        return _pdf_text(data)
    raw = data.decode("utf-8", "replace")
    return f"{raw} {html.unescape(TAG.sub('', raw))} {html.unescape(TAG.sub(' ', raw))}"


@lru_cache(maxsize=64)
def _pdf_text(data: bytes) -> str:
    """Equal bytes are read once, whoever gets them."""
    return read_pdf(data).text


def mailed() -> Iterator[tuple[str, str]]:
    """To whom, and all the words in it."""
    for content in db.session.scalars(select(OutboxMail.content).order_by(OutboxMail.id)):
        mail = BytesParser(policy=policy.default).parsebytes(content)
        parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
        told = " ".join(said(part) for part in parts if isinstance(part, bytes))
        yield str(mail["To"]), f"{mail['Subject']} {told}"


def _forget_limits() -> None:
    """Searching and printing are limited; that is not what is asked here."""
    with write() as session:
        session.execute(delete(RateCount))
