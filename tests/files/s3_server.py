"""A throw-away S3 server for tests: SeaweedFS from its wheel. It checks signatures."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tests.mail_server import free_port
from tests.services import fast_folder

KEY, SECRET = "tests", "for tests only"
BUCKET = "files"
PROGRAM = Path(sys.prefix) / "bin" / "weed"


@dataclass
class S3Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, prefix: str) -> str:
        return f"s3://{BUCKET}/{prefix}?endpoint={self.endpoint}&region=eu-test-1"


@contextmanager
def s3_server() -> Iterator[S3Server]:
    folder = Path(tempfile.mkdtemp(prefix="s3-", dir=fast_folder()))
    ports = [free_port() for _ in range(8)]
    process = subprocess.Popen(
        [PROGRAM, "server", *_options(folder, ports)],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("wb"),
    )
    server = S3Server(ports[0], process)
    try:
        _wait_for(server, folder)
        yield server
    finally:
        process.kill()
        process.wait(90)
        shutil.rmtree(folder, ignore_errors=True)


def _options(folder: Path, ports: list[int]) -> list[str]:
    people = [{"name": "t", "credentials": [{"accessKey": KEY, "secretKey": SECRET}]}]
    people[0] |= {"actions": ["Admin", "Read", "Write", "List"]}
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": people}))
    names = ("s3.port", "s3.port.grpc", "master.port", "master.port.grpc",
             "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")  # fmt: skip
    return [
        f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.config={config}",
        "-s3.autoCreateBucket=true", "-volume.max=8", "-master.volumeSizeLimitMB=16",
        "-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
        f"-filer.localSocket={folder}/f", f"-s3.localSocket={folder}/s",
        *(f"-{name}={port}" for name, port in zip(names, ports, strict=True)),
    ]  # fmt: skip


def _wait_for(server: S3Server, folder: Path) -> None:
    """Until it keeps something: a bucket is made by the first object in it."""
    bucket = S3Store(
        BUCKET,
        endpoint=server.endpoint,
        region="eu-test-1",
        access_key_id=KEY,
        secret_access_key=SECRET,
        client_options={"allow_http": True},
    )
    for _ in range(900):
        try:
            obstore.put(bucket, "first", b"1", use_multipart=False)
        except (BaseError, OSError):
            if server.process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError((folder / "log").read_text()[-2000:])
