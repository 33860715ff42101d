"""A long note through LibreOffice: `python -m tests.deploy.office`, where `soffice` is installed.

It opens our Word and OpenDocument files as somebody in a town hall does, saves each as PDF and as
plain text, and says for each whether LibreOffice warned and whether a word is missing. It is no
part of the test suite: LibreOffice is large, and few machines of developers have it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_babel import Babel

from app.notes.documents.blocks import Document
from app.notes.documents.docx import write_docx
from app.notes.documents.odt import write_odt
from tests.notes.file_reading import RULE, said_in, squeezed
from tests.notes.test_long_note import long_document

WRITERS: dict[str, Callable[[Document], bytes]] = {"docx": write_docx, "odt": write_odt}
HARMLESS = "javaldx"  # no Java is installed: LibreOffice needs none for this
LEAST_PDF = 50_000  # bytes of the note's pages
SECONDS = 180


def main() -> int:
    office = shutil.which("soffice")
    if office is None:
        print("soffice is not installed; on Debian: apt-get install libreoffice-writer-nogui")
        return 2
    document = long_document()
    faults = 0
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        for ending, write in WRITERS.items():
            file = Path(folder, f"note.{ending}")
            file.write_bytes(_written(write, document))
            for fault in _faults(office, file, document):
                faults += 1
                print(f"{ending}: {fault}")
            print(f"{ending}: {file.stat().st_size:,} bytes opened and converted")
    return 1 if faults else 0


def _written(write: Callable[[Document], bytes], document: Document) -> bytes:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        return write(document)


def _faults(office: str, file: Path, document: Document) -> list[str]:
    said = [_convert(office, file, form) for form in ("pdf", "txt:Text (encoded):UTF8")]
    warnings = [line for one in said for line in one.splitlines() if HARMLESS not in line]
    size = file.with_suffix(".pdf").stat().st_size
    short = [f"the PDF has {size:,} bytes only"] if size < LEAST_PDF else []
    words = squeezed(file.with_suffix(".txt").read_text(encoding="utf-8-sig"))
    expected = said_in(document).replace(RULE, " ").split()
    missing = [one for one in expected if one not in words]
    return [*warnings, *short, *(f"“{one}” is missing" for one in missing[:10])]


def _convert(office: str, file: Path, form: str) -> str:
    """What LibreOffice says besides which file it writes."""
    profile = f"-env:UserInstallation=file://{file.parent}/profile"
    command = [office, profile, "--headless", "--convert-to", form, "--outdir", file.parent, file]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    told = (*done.stdout.splitlines(), *done.stderr.splitlines())
    return "\n".join(line for line in told if not line.startswith(("convert ", "Overwriting")))


if __name__ == "__main__":
    sys.exit(main())
