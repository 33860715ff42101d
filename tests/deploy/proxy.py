"""nginx from Debian with the configuration we ship, on a free port and in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import ROOT
from tests.mail_server import free_port

SHIPPED = ROOT / "deploy" / "nginx.conf"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
MAIN = """
daemon off;
{modules}
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 2048; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/interurban.conf;
}}
"""
PATIENCE_SECONDS = 90  # a machine may be busy with much else
TLS_LISTEN = "listen 443 ssl http2 default_server;"


@dataclass(frozen=True)
class Proxy:
    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def errors(self) -> str:
        return (self.folder / "error.log").read_text()


def adapted(folder: Path, port: int, web: Path, root: Path = ROOT) -> str:
    """The shipped file with only its places changed, and without encryption."""
    text = SHIPPED.read_text()
    for old, new in {
        "unix:/run/interurban/web.sock": f"unix:{web}",
        "/var/cache/nginx/interurban": f"{folder}/cache",
        "/var/log/nginx/interurban.log": f"{folder}/access.log",
        "/srv/interurban": str(root),
        TLS_LISTEN: f"listen 127.0.0.1:{port};",
        "listen [::]:443 ssl http2 default_server;": "",
        "listen 80 default_server;": f"listen unix:{folder}/plain.sock;",
        "listen [::]:80 default_server;": "",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    lines = [line for line in text.splitlines() if not line.strip().startswith("ssl_")]
    kept = "\n".join(lines)
    return kept.replace("# brotli_static on;", "brotli_static on;") if BROTLI.exists() else kept


def lay_out(folder: Path, site: str) -> Path:
    """Write the main file around the site; return it."""
    (folder / "interurban.conf").write_text(site)
    main = folder / "nginx.conf"
    is_root = os.geteuid() == 0
    account = pwd.getpwuid(os.geteuid()).pw_name
    main.write_text(
        MAIN.format(
            folder=folder,
            user=f"user {account};" if is_root else "",
            modules=f"load_module {BROTLI};" if BROTLI.exists() else "",
        )
    )
    return main


@contextlib.contextmanager
def proxying(folder: Path, web: Path, root: Path = ROOT) -> Iterator[Proxy]:
    """nginx in front of the socket `web`, until the end of the block."""
    port = free_port()
    main = lay_out(folder, adapted(folder, port, web, root))
    process = subprocess.Popen([program() or "nginx", "-e", folder / "error.log", "-c", main])
    try:
        _wait_for(port, process)
        yield Proxy(port, process, folder)
    finally:
        process.send_signal(signal.SIGQUIT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()


def program(name: str = "nginx") -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def needs(name: str) -> pytest.MarkDecorator:
    """A build machine has it: nothing is skipped under CI=true."""
    return pytest.mark.skipif(program(name) is None, reason=f"{name} is not installed")


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("nginx did not start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise RuntimeError("nginx did not answer")
