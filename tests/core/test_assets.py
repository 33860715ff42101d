"""What browsers get: built files, the joined stylesheet, addresses that change with the content."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from fontTools.ttLib import TTFont

from app.core import assets
from app.core.icon_sheet import data_address, lines
from app.core.static_files import Statics, asset
from app.core.stylesheet import joined_stylesheet
from config import ROOT

pytestmark = pytest.mark.any_engine

PACKAGES = ROOT / "build" / "asset-packages"
SERVED = ROOT / "app" / "static" / "vendor"


@pytest.fixture(scope="session")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of one font part; the packages lie where `make setup` puts them."""
    folder = tmp_path_factory.mktemp("assets") / "vendor"
    greek = [face for face in assets.FACES if face.script == "greek"]
    assert assets.build(PACKAGES, folder, greek) is True
    return folder


def files_of(vendor: Path) -> dict[str, str]:
    return dict(json.loads((vendor / "manifest.json").read_text())["files"])


def test_names_carry_the_fingerprint_of_the_content(vendor: Path) -> None:
    for name, hashed in files_of(vendor).items():
        digest = hashlib.sha256((vendor / hashed).read_bytes()).hexdigest()[:10]
        stem, ending = name.rsplit(".", 1)
        assert hashed == f"{stem}.{digest}.{ending}"


def test_cut_font_has_its_letters_and_weights(vendor: Path) -> None:
    font = TTFont(vendor / files_of(vendor)["sofia-sans-greek.woff2"])
    weight = font["fvar"].axes[0]

    assert [ord("Ω") in font.getBestCmap(), ord("a") in font.getBestCmap()] == [True, False]
    assert (weight.axisTag, weight.minValue, weight.maxValue) == ("wght", 400, 800)


def test_whole_faces_lie_there_for_what_we_print(vendor: Path) -> None:
    letters = {face.name: TTFont(face).getBestCmap() for face in (vendor / "print").iterdir()}

    assert sorted(letters) == ["SofiaSans-Italic.ttf", "SofiaSans.ttf"]
    assert [all(ord(one) in known for one in "ŁωЇ") for known in letters.values()] == [True, True]
    assert not any(name.endswith(".ttf") for name in files_of(vendor))


def test_scripts_and_sheets_lie_there_compressed(vendor: Path) -> None:
    hashed = files_of(vendor)["htmx.js"]
    plain = (vendor / hashed).read_bytes()

    assert brotli.decompress((vendor / f"{hashed}.br").read_bytes()) == plain
    assert gzip.decompress((vendor / f"{hashed}.gz").read_bytes()) == plain


@pytest.mark.parametrize(
    ("name", "letter"),
    [("latin", "ü"), ("latin-ext", "ź"), ("greek", "Ω"), ("cyrillic", "Ж"), ("italic-latin", "ü")],
)
def test_font_part_has_the_letters_of_its_script(name: str, letter: str) -> None:
    font = TTFont(SERVED / files_of(SERVED)[f"sofia-sans-{name}.woff2"])

    assert ord(letter) in font.getBestCmap()


def test_font_rules_name_the_files_that_were_built() -> None:
    files = files_of(SERVED)
    rules = (SERVED / files["fonts.css"]).read_text()

    assert [face.name for face in assets.FACES if files[face.name] not in rules] == []


def test_notices_carry_the_licences(vendor: Path) -> None:
    notices = (vendor / "NOTICES.txt").read_text()

    assert ["MIT License" in notices, "SIL OPEN FONT LICENSE" in notices.upper()] == [True, True]


def test_second_build_writes_nothing(vendor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in vendor.iterdir()}

    assert assets.build(PACKAGES, vendor) is False
    assert {path: path.stat().st_mtime_ns for path in vendor.iterdir()} == before
    assert capsys.readouterr().out == "assets: up to date\n"


def test_missing_packages_are_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no packages in"):
        assets.build(tmp_path, tmp_path / "vendor")


def test_wrong_call_says_how(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="usage"):
        assets.main([str(tmp_path)])


def test_command_builds_from_packages(vendor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assets.main([str(PACKAGES), str(vendor)])

    assert capsys.readouterr().out == "assets: up to date\n"


def a_static_folder(tmp_path: Path) -> Path:
    (tmp_path / "css" / "components").mkdir(parents=True)
    for name in ("reset", "tokens", "base", "layout", "utilities", "print"):
        (tmp_path / "css" / f"{name}.css").write_text(f".{name} {{}}\n")
    (tmp_path / "css" / "components" / "b.css").write_text(".b {}\n")
    (tmp_path / "css" / "components" / "a.css").write_text(".a {}\n")
    return tmp_path


def test_sheets_are_joined_in_the_order_of_the_layers(tmp_path: Path) -> None:
    sheet = joined(a_static_folder(tmp_path))

    assert sheet.splitlines()[0] == ("@layer reset, tokens, base, layout, components, utilities;")
    names = [line.split()[0] for line in sheet.splitlines() if line.startswith(".")]
    assert names == [
        ".reset", ".tokens", ".base", ".layout", ".a", ".b", ".utilities", ".print",
    ]  # fmt: skip


def test_icon_of_a_stylesheet_is_drawn_into_it(tmp_path: Path) -> None:
    folder = a_static_folder(tmp_path)
    written = folder / "css" / "components" / "a.css"
    written.write_text('.a { mask: url("icon:reply") }\n')
    found = re.search(r'mask: url\("data:image/svg\+xml,(.+)"\)', joined(folder))

    assert found
    assert lines("reply") in unquote(found[1])
    assert ET.fromstring(unquote(found[1])).attrib["stroke"] == "#000"

    written.write_text('.a { mask: url("icon:no-such-drawing") }\n')
    with pytest.raises(KeyError):
        joined(folder)


def joined(folder: Path) -> str:
    return joined_stylesheet(folder, {}, data_address)


def test_changed_file_changes_the_version(tmp_path: Path) -> None:
    folder = a_static_folder(tmp_path)
    before = Statics(folder, tmp_path / "shelves").shelf().version

    (folder / "css" / "components" / "a.css").write_text(".a { color: inherit }\n")

    assert Statics(folder, tmp_path / "shelves").shelf().version != before


def test_font_rules_come_first(tmp_path: Path) -> None:
    folder = a_static_folder(tmp_path)
    (folder / "vendor").mkdir()
    (folder / "vendor" / "fonts.1.css").write_text("@font-face {}\n")

    sheet = joined_stylesheet(folder, {"fonts.css": "fonts.1.css"}, data_address)

    assert sheet.splitlines()[1] == "@font-face {}"


def test_stylesheet_is_kept_for_good_and_compressed(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = asset("site.css")
    plain = client.get(address)
    squeezed = client.get(address, headers={"Accept-Encoding": "br"})
    zipped = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert [answer.headers["Vary"] for answer in (plain, squeezed)] == ["Accept-Encoding"] * 2
    assert squeezed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(squeezed.data) == plain.data
    assert gzip.decompress(zipped.data) == plain.data


def test_old_version_still_answers_but_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/v-000000000000/site.css")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_known_content_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/static/js/app.js")
    again = client.get("/static/js/app.js", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert first.mimetype == "text/javascript"


@pytest.mark.parametrize(
    "path",
    ["nothing.css", "v-000000000000/nothing.js", "vendor/nothing.js", "../config.py",
     "v-000000000000/../../config.py", "css", "%2e%2e/config.py", "vendor/../../config.py"],
)  # fmt: skip
def test_what_is_not_there_is_not_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


def test_built_file_is_sent_as_the_browser_takes_it(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        script, font = asset("htmx.js"), asset("sofia-sans-latin.woff2")
    plain = client.get(script)
    squeezed = client.get(script, headers={"Accept-Encoding": "gzip, br"})
    picky = client.get(script, headers={"Accept-Encoding": "br;q=0, gzip"})

    assert brotli.decompress(squeezed.data) == gzip.decompress(picky.data) == plain.data
    assert squeezed.mimetype == plain.mimetype == "text/javascript"
    assert client.get(font, headers={"Accept-Encoding": "br"}).mimetype == "font/woff2"


def test_what_was_not_built_has_no_address(app: Flask) -> None:
    with app.test_request_context():
        assert asset("never-built.js") == ""
