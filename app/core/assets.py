"""Make the browser files we serve out of installed packages, which this repository does not hold.

pip install --no-deps --require-hashes -t build/asset-packages -r app/core/browser_packages.txt
python -P app/core/assets.py build/asset-packages app/static/vendor

Run as a file it imports nothing of the application, so that "up to date" is said at once.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import runpy
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import cast

import brotli

brotli_squeeze: Callable[[bytes], bytes] = brotli.compress
MANIFEST = "manifest.json"
SQUEEZED = (".js", ".css", ".svg")
COPIED = {
    "htmx.js": "django_htmx/static/django_htmx/htmx-2.min.js",
}
UPRIGHT = "fontpkg_sofia_sans/files/SofiaSans[wght].ttf"
ITALIC = "fontpkg_sofia_sans/files/SofiaSans-Italic[wght].ttf"
PRINTED = {"SofiaSans.ttf": UPRIGHT, "SofiaSans-Italic.ttf": ITALIC}
"""For what we write ourselves as PDF: whole, and not served."""

SCRIPTS = {
    "latin": "0000-00FF,0131,0152-0153,02BB-02BC,02C6,02DA,02DC,2000-206F,20AC,2122,"
    "2190-2193,2197,2212,2215,FFFD",
    "latin-ext": "0100-0130,0132-0151,0154-02BA,02BD-02C5,02C7-02CC,02CE-02D7,02DD-02FF,"
    "1E00-1EFF,20A0-20AB,20AD-20C0,2113",
    "greek": "0370-03FF,1F00-1FFF",
    "cyrillic": "0400-052F,2116",
}
"""What each font file covers. A browser fetches only those that a page needs."""

FALLBACK = """@font-face {
  font-family: "Sofia Fallback";
  src: local("Arial"), local("Liberation Sans"), local("Roboto");
  size-adjust: 96.2%;
  ascent-override: 93.5%;
  descent-override: 31.2%;
  line-gap-override: 0%;
}
"""
"""Arial with the measures of Sofia Sans, so that nothing moves when the font arrives."""


@dataclass(frozen=True)
class Face:
    """One font file to cut: the part of a variable font that one script needs."""

    name: str
    source: str
    script: str
    heaviest: int
    style: str = "normal"


FACES = [
    *(Face(f"sofia-sans-{script}.woff2", UPRIGHT, script, 800) for script in SCRIPTS),
    *(
        Face(f"sofia-sans-italic-{script}.woff2", ITALIC, script, 700, "italic")
        for script in ("latin", "latin-ext")
    ),
]


@dataclass
class Shelf:
    """The folder being filled. `files` maps each plain name to its hashed name."""

    folder: Path
    files: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, content: bytes) -> None:
        """Write a file under a name that changes with its content, and its compressed forms."""
        stem, ending = name.rsplit(".", 1)
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{ending}"
        (self.folder / hashed).write_bytes(content)
        if name.endswith(SQUEEZED):
            self._squeeze(hashed, content)
        self.files[name] = hashed
        print(f"assets: {len(self.files):2} {hashed} ({len(content):,} bytes)", flush=True)

    def _squeeze(self, hashed: str, content: bytes) -> None:
        (self.folder / f"{hashed}.br").write_bytes(brotli_squeeze(content))
        (self.folder / f"{hashed}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def build(packages: Path, vendor: Path, faces: Sequence[Face] = FACES) -> bool:
    """Fill `vendor` from `packages`. False: everything was up to date and nothing was written."""
    key = source_key(packages)
    if _built_key(vendor) == key:
        print("assets: up to date")
        return False
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    shelf = Shelf(vendor)
    for name, source in COPIED.items():
        shelf.put(name, (packages / source).read_bytes())
    for face in faces:
        shelf.put(face.name, cut(packages / face.source, face))
    shelf.put("fonts.css", fonts_css(faces, shelf.files).encode())
    _lay_out_for_print(packages, vendor / "print")
    (vendor / "NOTICES.txt").write_text(notices(packages))
    _write_manifest(vendor, key, shelf.files)
    return True


def _lay_out_for_print(packages: Path, folder: Path) -> None:
    folder.mkdir()
    for name, source in PRINTED.items():
        shutil.copyfile(packages / source, folder / name)


def source_key(packages: Path) -> str:
    """A fingerprint of the installed packages and of this file: the same key, the same result."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    records = sorted(packages.glob("*.dist-info/RECORD"))
    if not records:
        raise SystemExit(f"assets: no packages in {packages}; install browser_packages.txt first")
    for record in records:
        digest.update(record.read_bytes())
    return digest.hexdigest()


def cut(source: Path, face: Face) -> bytes:
    """The WOFF2 with only the characters of one script and the weights we use."""
    return bytes(_cutter()(source, SCRIPTS[face.script], face.heaviest))


def fonts_css(faces: Sequence[Face], files: dict[str, str]) -> str:
    """@font-face rules with the hashed names, relative to /static/v-<version>/site.css."""
    return "".join(_font_face(face, files[face.name]) for face in faces) + FALLBACK


def notices(packages: Path) -> str:
    """The licence texts of everything we serve from others."""
    return "\n".join(
        f"--- {path.parts[-3].removesuffix('.dist-info')}: {path.name}\n"
        f"{path.read_text(errors='replace')}"
        for path in _licences(packages)
    )


@cache
def _cutter() -> Callable[[Path, str, int], bytes]:
    """Loaded when needed: fontTools takes longer to load than the check that nothing is to do."""
    module = runpy.run_path(str(Path(__file__).with_name("font_cutting.py")))
    return cast(Callable[[Path, str, int], bytes], module["cut"])


def _font_face(face: Face, hashed: str) -> str:
    ranges = ", ".join(f"U+{part}" for part in SCRIPTS[face.script].split(","))
    return (
        "@font-face {\n"
        '  font-family: "Sofia Sans";\n'
        f'  src: url("../vendor/{hashed}") format("woff2");\n'
        f"  font-weight: 400 {face.heaviest};\n"
        f"  font-style: {face.style};\n"
        "  font-display: swap;\n"
        f"  unicode-range: {ranges};\n"
        "}\n"
    )


def _licences(packages: Path) -> Iterator[Path]:
    yield from sorted(packages.glob("*.dist-info/licenses/*"))


def _built_key(vendor: Path) -> str:
    path = vendor / MANIFEST
    return str(json.loads(path.read_text())["key"]) if path.is_file() else ""


def _write_manifest(vendor: Path, key: str, files: dict[str, str]) -> None:
    """Last of all: a manifest exists only when every file does."""
    text = json.dumps({"key": key, "files": files}, indent=1)
    (vendor / MANIFEST).write_text(text + "\n")


def main(arguments: list[str]) -> None:
    if len(arguments) != 2:
        raise SystemExit("usage: python -m app.core.assets PACKAGES VENDOR")
    build(Path(arguments[0]), Path(arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
