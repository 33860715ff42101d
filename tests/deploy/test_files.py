"""What lies in deploy/ is believed by the programs it is for, and names what is really there."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.core.bodies import MOST_BYTES_WITH_FILES
from app.core.visitor_pages import VARY
from config import ROOT, WrongSetting, read_settings
from deploy.crew import NICENESS
from tests.deploy.proxy import BROTLI, SHIPPED, lay_out, needs, program

pytestmark = pytest.mark.any_engine

DEPLOY = ROOT / "deploy"
PLACE = "/srv/interurban"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
NOT_SETTINGS = {"HOST", "PORT", "BIND", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def names_in(path: Path) -> dict[str, str]:
    """Every setting of the file, also those that are commented out."""
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", path.read_text(), re.MULTILINE))


def test_environment_file_has_every_setting_and_no_other() -> None:
    read = set(re.findall(r'environment\.get\(\s*"([A-Z_]+)"', (ROOT / "config.py").read_text()))

    assert {*names_in(DEPLOY / "interurban.env")} == read | NOT_SETTINGS


def test_values_of_the_environment_file_are_allowed(tmp_path: Path) -> None:
    given = {name: value for name, value in names_in(DEPLOY / "interurban.env").items() if value}
    settings = read_settings(given | {"DATA_DIR": str(tmp_path)})

    assert (settings.workers, settings.proxy_hops, settings.demo) == (2, 1, False)


def certificate(folder: Path) -> None:
    """A key and a certificate of its own for forum.example.org."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "forum.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


@needs("nginx")
def test_whole_configuration_of_nginx_is_believed(tmp_path: Path) -> None:
    """With encryption, and with its real ports, which -t does not open for others."""
    certificate(tmp_path)
    text = SHIPPED.read_text()
    for old, new in {
        "/etc/letsencrypt/live/forum.example.org": str(tmp_path),
        "/var/cache/nginx": str(tmp_path),
        "/var/log/nginx": str(tmp_path),
        "listen 80 ": "listen unix:plain.sock ",
        "listen [::]:80 ": "listen unix:plain6.sock ",
        "listen 443 ": "listen unix:tls.sock ",
        "listen [::]:443 ": "listen unix:tls6.sock ",
    }.items():
        assert old in text
        text = text.replace(old, new.replace("unix:", f"unix:{tmp_path}/"))
    main = lay_out(tmp_path, text)
    said = subprocess.run(
        [program(), "-t", "-e", tmp_path / "error.log", "-c", main],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (said.returncode, "warn" in said.stderr) == (0, False), said.stderr


def test_brotli_is_offered_where_debian_has_it() -> None:
    """Then the other tests of the proxy use it."""
    assert SHIPPED.read_text().count("# brotli_static on;") == 2
    assert BROTLI.exists() or "CI" not in os.environ


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxies_take_bodies_as_large_as_the_application_does(name: str) -> None:
    said = re.search(
        r"(?:client_max_body_size|max_size) (\d+)(?:m;|MiB)", (DEPLOY / name).read_text()
    )

    assert said
    assert int(said[1]) * 1024 * 1024 == MOST_BYTES_WITH_FILES


def test_nothing_of_a_pages_headers_is_overruled() -> None:
    text = SHIPPED.read_text()

    assert [word for word in ("proxy_ignore_headers", "proxy_cache_valid") if word in text] == []
    assert VARY.split(", ") == ["Accept-Language", "Cookie", "HX-Request"]


@needs("caddy")
def test_caddy_believes_its_file() -> None:
    said = subprocess.run(
        ["caddy", "adapt", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (said.returncode, '"warn"' in said.stderr) == (0, False), said.stderr


@needs("systemd-analyze")
def test_systemd_believes_its_units(tmp_path: Path) -> None:
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(PLACE, str(ROOT)))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *tmp_path.iterdir()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in said.stderr.splitlines() if "interurban" in line]

    assert ours == []


def test_places_that_are_named_are_there() -> None:
    named = set()
    for path in [*UNITS, DEPLOY / "nginx.conf", DEPLOY / "Caddyfile"]:
        named |= set(re.findall(rf"{PLACE}/([\w./-]+)", path.read_text()))
    made_by_setup = {"build"}

    assert sorted(name for name in named - made_by_setup if not (ROOT / name).exists()) == []


def test_all_parts_mean_the_same_socket() -> None:
    place = names_in(DEPLOY / "interurban.env")["BIND"].removeprefix("unix:")

    assert place in SHIPPED.read_text()
    assert f"unix/{place}" in (DEPLOY / "Caddyfile").read_text()
    assert Path(place).parent.name == "interurban"
    assert "RuntimeDirectory=interurban" in UNITS[0].read_text()


def test_a_worker_gives_way_to_pages_wherever_it_is_started() -> None:
    makefile, start = (path.read_text() for path in (ROOT / "Makefile", DEPLOY / "start"))
    unit = (DEPLOY / "systemd" / "interurban-worker@.service").read_text()

    assert f"nice -n {NICENESS} $(FLASK) jobs work" in makefile
    assert f"nice -n {NICENESS} $flask jobs work" in start
    assert f"Nice={NICENESS}\n" in unit


def test_container_is_made_of_what_is_there() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    targets = re.search(r"make ([\w ./-]+) \\", text)
    makefile = (ROOT / "Makefile").read_text()

    assert targets
    assert [name for name in targets[1].split() if f"\n{name}:" not in makefile] == []
    assert re.findall(r'ENTRYPOINT \["(.+)"\]', text) == ["deploy/start"]
    assert os.access(DEPLOY / "start", os.X_OK)
    subprocess.run(["sh", "-n", DEPLOY / "start"], check=True)


@pytest.mark.parametrize("hops", ["-1", "6", "one"])
def test_number_of_proxies_is_checked(hops: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=f"PROXY_HOPS='{hops}' .* from 0 to 5"):
        read_settings({"DATA_DIR": str(tmp_path), "PROXY_HOPS": hops})
