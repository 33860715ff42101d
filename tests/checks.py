"""What `make check` looks at besides format, lint and types; `collect` renews the catalogues."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from config import ROOT, read_settings

TRANSLATIONS = ROOT / "app" / "translations"
TEMPLATE = TRANSLATIONS / "messages.pot"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def check() -> list[str]:
    """Everything that is wrong, one sentence each."""
    return [*stale_words(), *faulty_catalogues(), *faulty_templates(), *dead_links()]


def stale_words() -> Iterator[str]:
    """Words of the code that the translation template does not know, and the other way round."""
    with tempfile.TemporaryDirectory() as folder:
        found = _words(_extracted(Path(folder) / "messages.pot"))
    known = _words(TEMPLATE) if TEMPLATE.exists() else set()
    for word in sorted(found ^ known):
        state = "is new" if word in found else "is gone"
        yield f"messages.pot: {word!r} {state}: run make translations"


def faulty_catalogues() -> Iterator[str]:
    """Catalogues that miss words or whose placeholders do not match."""
    for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        name = path.relative_to(TRANSLATIONS)
        catalogue = _read(path)
        for message, errors in catalogue.check():
            yield from (f"{name}: {message.id!r}: {error}" for error in errors)
        missing = len(_words(TEMPLATE) - _words(path))
        if missing:
            yield f"{name}: {missing} words are missing: run make translations"


def faulty_templates() -> Iterator[str]:
    """Templates that do not compile, with every filter and tag they use."""
    from app import create_app  # collecting words must work when the application does not

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_settings({"DATA_DIR": folder}))
        for name in sorted(app.jinja_env.list_templates(extensions=["html", "txt", "xml"])):
            try:
                app.jinja_env.get_template(name)
            except Exception as error:
                yield f"templates/{name}: {error}"


def dead_links() -> Iterator[str]:
    """Links of the documents that lead to no file or no heading here."""
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]):
        for target in LINK.findall(path.read_text()):
            if not target.startswith(("http://", "https://", "mailto:")) and not _leads(
                path, target
            ):
                yield f"{path.relative_to(ROOT)}: {target} leads nowhere"


def _leads(source: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = (source.parent / name).resolve() if name else source
    if not path.exists():
        return False
    return not anchor or anchor in {_anchor(h) for h in HEADING.findall(path.read_text())}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def collect() -> None:
    """Renew messages.pot and bring every catalogue up to it; translations that fit are kept."""
    TRANSLATIONS.mkdir(exist_ok=True)
    _extracted(TEMPLATE)
    if any(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        _pybabel(
            "update", "--no-fuzzy-matching", "--ignore-pot-creation-date", "--no-wrap",
            "--input-file", TEMPLATE, "--output-dir", TRANSLATIONS,
        )  # fmt: skip


def _extracted(target: Path) -> Path:
    """The words of code and templates, without line numbers: those change with every edit.

    Babel would leave out folders like `emails/_base`, hence --ignore-dirs.
    """
    _pybabel(
        "extract", "--mapping-file", ROOT / "pyproject.toml", "--keywords", "lazy_ N_",
        "--no-location", "--sort-output", "--no-wrap", "--omit-header", "--ignore-dirs", ".*",
        "--output-file", target, ROOT / "app", ROOT / "templates",
    )  # fmt: skip
    return target


def _pybabel(*arguments: object) -> None:
    CommandLineInterface().run(["pybabel", "--quiet", *map(str, arguments)])


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3] if path.suffix == ".po" else None)


def _words(path: Path) -> set[str]:
    """All messages of a catalogue; the plural counts as part of the message."""
    return {" | ".join(m.id) if m.pluralizable else m.id for m in _read(path) if m.id}


if __name__ == "__main__":
    if sys.argv[1:] == ["collect"]:
        collect()
        sys.exit()
    wrong = check()
    print("\n".join(wrong) or "Translations, templates and links are in order.")
    sys.exit(bool(wrong))
