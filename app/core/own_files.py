"""Our own files for the browser: one version for all of them, compressed once.

python -P app/core/own_files.py app/static build/static

Run as a file it imports nothing of the application. What it lays out a proxy can serve by itself.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import runpy
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import cast

import brotli

brotli_squeeze: Callable[[bytes], bytes] = brotli.compress
STYLESHEET, ICONS = "site.css", "icons.svg"
MANIFEST = "vendor/manifest.json"
SQUEEZED = {".css", ".js", ".svg", ".json", ".txt"}
KEPT_VERSIONS = 4  # pages that are open ask for those of yesterday
SAME_MOMENT = 1_000_000_000  # on every machine, so that validators are the same


def own_contents(static: Path, stylesheet: str, icons: str) -> dict[str, bytes]:
    """Name and content of each file that is asked for; two are put together from their parts."""
    contents = {
        path.relative_to(static).as_posix(): path.read_bytes()
        for path in own_paths(static)
        if path.is_file() and path.suffix != ".css"
    }
    return contents | {STYLESHEET: stylesheet.encode(), ICONS: icons.encode()}


def own_paths(static: Path) -> list[Path]:
    """Files of ours as they lie there, the parts of the stylesheet among them."""
    found: list[str] = []
    for folder, below, names in os.walk(static):
        if folder == str(static) and "vendor" in below:
            below.remove("vendor")
        found += [os.path.join(folder, name) for name in names if "." in name]
    return [Path(path) for path in sorted(found)]


def built_names(static: Path) -> dict[str, str]:
    """Plain name to hashed name of what was built into vendor/; nothing before `make setup`."""
    manifest = static / MANIFEST
    return dict(json.loads(manifest.read_text())["files"]) if manifest.is_file() else {}


def version_of(contents: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def squeeze(content: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return brotli_squeeze(content)
    return gzip.compress(content, 9, mtime=0)


def lay_out(contents: dict[str, bytes], shelves: Path) -> Path:
    """Write a folder named by the version, whole or not at all; drop the oldest folders."""
    folder = shelves / f"v-{version_of(contents)}"
    shelves.mkdir(parents=True, exist_ok=True)
    if folder.is_dir():
        os.utime(folder)
        return folder
    being_made = Path(mkdtemp(prefix=".new-", dir=shelves))
    being_made.chmod(0o755)
    for name, content in contents.items():
        _write(being_made / name, content)
        if Path(name).suffix in SQUEEZED:
            _write(being_made / f"{name}.br", squeeze(content, "br"))
            _write(being_made / f"{name}.gz", squeeze(content, "gzip"))
    _put_in_place(being_made, folder)
    _drop_oldest(shelves)
    return folder


def _put_in_place(being_made: Path, folder: Path) -> None:
    """Somebody else may have been faster, with the same files."""
    try:
        being_made.replace(folder)
    except OSError:
        shutil.rmtree(being_made)
        if not folder.is_dir():
            raise


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (SAME_MOMENT, SAME_MOMENT))


def _drop_oldest(shelves: Path) -> None:
    newest_first = sorted(shelves.glob("v-*"), key=lambda path: -path.stat().st_mtime_ns)
    for folder in newest_first[KEPT_VERSIONS:]:
        shutil.rmtree(folder)


def main(arguments: list[str]) -> None:
    if len(arguments) != 2:
        raise SystemExit("usage: python -P app/core/own_files.py STATIC SHELVES")
    static, shelves = map(Path, arguments)
    join, icons = _made_by("stylesheet")["joined_stylesheet"], _made_by("icon_sheet")
    stylesheet = join(static, built_names(static), icons["data_address"])
    contents = own_contents(static, stylesheet, icons["sheet"]())
    print(f"assets: {lay_out(contents, shelves).name}, {len(contents)} files of ours")


def _made_by(module: str) -> dict[str, Callable[..., str]]:
    path = Path(__file__).with_name(f"{module}.py")
    return cast(dict[str, Callable[..., str]], runpy.run_path(str(path)))


if __name__ == "__main__":
    main(sys.argv[1:])
