"""Two note takers at one agenda item, and what can be downloaded afterwards."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from docx import Document as DocxDocument
from flask import Flask
from odfdo import Document as OdfDocument
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SECTION = "Experience and potential of cities in the eradication of poverty"


def test_two_sessions_edit_the_same_item(
    demo: Flask,
    browser_for: Callable[..., Page],
    sign_in: Callable[[Page, str], Page],
    tmp_path: Path,
) -> None:
    first = sign_in(browser_for(), "Webinar organiser, network")
    second = sign_in(browser_for(), "Webinar organiser, network")
    notes = _open_notes(first)
    _write(first, notes, "First point.\n\nSecond point.\n\nThird point.")

    # A clean merge: different paragraphs.
    _open_section(first, notes)
    _open_section(second, notes)
    _save(first, "First point, said by two cities.\n\nSecond point.\n\nThird point.")
    _save(second, "First point.\n\nSecond point.\n\nThird point, with a figure.")
    second.goto(notes)
    expect(second.get_by_role("main")).to_contain_text("First point, said by two cities.")
    expect(second.get_by_role("main")).to_contain_text("Third point, with a figure.")

    # A clash: the same paragraph. Both texts are there.
    _open_section(first, notes)
    _open_section(second, notes)
    _save(first, "First point: mine.\n\nSecond point.\n\nThird point, with a figure.")
    _press_save(second, "First point: theirs.\n\nSecond point.\n\nThird point, with a figure.")
    second.get_by_role("link", name="Look at both").click()
    main = second.get_by_role("main")
    expect(main).to_contain_text("First point: mine.")
    expect(main).to_contain_text("First point: theirs.")
    second.get_by_label(re.compile("both", re.IGNORECASE)).first.check()
    second.get_by_role("button", name=re.compile("Save", re.IGNORECASE)).first.click()
    second.goto(notes)
    expect(second.get_by_role("main")).to_contain_text("First point: mine.")
    expect(second.get_by_role("main")).to_contain_text("First point: theirs.")

    _publish(first, notes)
    _download_all(first, notes.replace("/notes", "/summary"), tmp_path)


def _open_notes(page: Page) -> str:
    page.goto("/webinars")
    page.get_by_role("link", name="Round table with the UN Special Rapporteur").click()
    page.get_by_role("link", name="Notes", exact=True).first.click()
    start = page.get_by_role("main").get_by_role("button", name=re.compile("Start|Open|Begin"))
    if start.count():
        start.first.click()
    match = re.search(r"/webinars/\d+/notes", page.url)
    assert match
    return match[0]


def _open_section(page: Page, notes: str) -> None:
    page.goto(notes)
    section = page.get_by_role("region", name=SECTION)
    section.get_by_role("link", name=re.compile("Edit")).click()


def _press_save(page: Page, text: str) -> None:
    page.locator("main textarea[name=body]").fill(text)
    page.locator("form:has(textarea[name=body])").get_by_role("button", name="Save").click()


def _save(page: Page, text: str) -> None:
    _press_save(page, text)
    expect(page.locator("main textarea[name=body]")).to_have_count(0)


def _write(page: Page, notes: str, text: str) -> None:
    _open_section(page, notes)
    _save(page, text)


def _publish(page: Page, notes: str) -> None:
    for other in ("General", "Social exclusion from a rights-based perspective"):
        page.goto(notes)
        page.get_by_role("region", name=other).get_by_role("link", name=re.compile("Edit")).click()
        _save(page, f"What was said on: {other}.")
    page.goto(notes)
    page.get_by_role("button", name=re.compile("Publish")).click()
    expect(page.get_by_role("main")).to_contain_text("1.0")


def _download_all(page: Page, summary: str, folder: Path) -> None:
    files = {}
    for form in ("pdf", "docx", "odt", "md", "txt"):
        answer = page.request.get(f"{summary}.{form}")
        assert answer.status == 200
        files[form] = answer.body()
    with pikepdf.open(io.BytesIO(files["pdf"])) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("en")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "Round table" in str(pdf.docinfo["/Title"])
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
    words = "\n".join(p.text for p in DocxDocument(io.BytesIO(files["docx"])).paragraphs)
    assert "First point: mine." in words
    assert "First point: mine." in OdfDocument(io.BytesIO(files["odt"])).get_formatted_text()
    assert zipfile.ZipFile(io.BytesIO(files["odt"])).testzip() is None
    assert "mine" in files["md"].decode()
    assert "First point: mine." in files["txt"].decode()
