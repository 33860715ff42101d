"""Every setting once: read from the environment, typed, checked before anything starts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

ROOT = Path(__file__).parent
LOG_FORMATS = ("text", "json")
LEAST_SECRET = 32  # bytes of a key that HS256 asks for (RFC 7518 §3.2)
LOG_LEVELS = ("debug", "info", "warning", "error")


class WrongSetting(ValueError):
    """One line for the operator: which setting, what was read, what is allowed."""

    def __init__(self, name: str, read: str, allowed: str) -> None:
        super().__init__(f"{name}={read!r} is not allowed here: {allowed}")


@dataclass(frozen=True)
class Settings:
    """What an installation can choose. Times and sizes that nobody changes live in the code."""

    data_dir: Path  # database, mail files, keys; created when missing
    database_url: str  # sqlite:///… or postgresql+psycopg://…
    redis_url: str | None  # None: no shared cache
    base_url: str  # how people reach us, without a slash at the end
    secret_key: str
    mail_url: str | None  # None: mail is kept as files
    mail_from: str
    inbound_domain: str  # domain of calendar UIDs, Message-IDs and answer addresses
    demo: bool
    workers: int  # web processes of `make serve`
    with_worker: bool  # `make serve` does the waiting work, too
    several_servers: bool  # others stand beside `make serve`: nobody waits while it starts
    proxy_hops: int = 1  # proxies in front of `make serve` that are believed; 0: none is
    database_connections: int = 10  # of one process to PostgreSQL: its 8 threads, and two
    files_url: str | None = None  # s3://bucket/prefix?endpoint=…; None: data_dir/files
    clamd_socket: Path | None = None  # where a virus scanner listens; None: files are not scanned
    log_format: str = "text"  # or "json": one object a line
    log_level: str = "warning"  # "info": every request and every job
    slow_query_ms: int = 200  # statements that take longer are written down
    slow_request_ms: int = 1000  # and requests
    inbound_mail: bool = False  # answers from calendars reach us at inbound_domain and are read
    imap_url: str | None = None  # mailbox that answers come to; None: nobody looks into one
    authserv_id: str | None = None  # how our mail server signs Authentication-Results
    jitsi_url: str | None = None  # where rooms are made; None: no Jitsi
    jitsi_app_id: str = ""  # with the secret: people come with a signed token
    jitsi_app_secret: str = ""
    bbb_url: str | None = None  # …/bigbluebutton of a BigBlueButton server; None: none
    bbb_secret: str = ""
    has_traces: bool = False  # somebody collects them: the standard's own variables say the rest
    # Internal: only tests and very slow mail servers have a reason to change these two.
    worker_lease_seconds: int = 120  # a claimed job or mail is free again after this long
    worker_retry_seconds: int = 10  # first wait after a failed try; each further one 2.7 times it

    @property
    def mail_dir(self) -> Path:
        return self.data_dir / "mail"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read and check the environment. Raise WrongSetting on the first wrong value."""
    data_dir = _data_dir(environment.get("DATA_DIR") or "var")
    base_url = _base_url(environment)
    domain = environment.get("INBOUND_DOMAIN") or _domain_of(base_url)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(environment.get("DATABASE_URL"), data_dir),
        redis_url=_redis_url(environment.get("REDIS_URL")),
        base_url=base_url,
        secret_key=environment.get("SECRET_KEY") or _kept_secret(data_dir / "secret_key"),
        mail_url=_mail_url(environment.get("MAIL_URL")),
        mail_from=_mail_from(environment.get("MAIL_FROM") or f"events@{domain}"),
        inbound_domain=_domain(domain),
        demo=_flag("DEMO", environment.get("DEMO", "0")),
        inbound_mail=_flag("INBOUND_MAIL", environment.get("INBOUND_MAIL", "0")),
        workers=_count("WORKERS", environment.get("WORKERS", "2")),
        with_worker=_flag("WITH_WORKER", environment.get("WITH_WORKER", "0")),
        several_servers=_flag("SEVERAL_SERVERS", environment.get("SEVERAL_SERVERS", "0")),
        proxy_hops=_count("PROXY_HOPS", environment.get("PROXY_HOPS", "1"), least=0, most=5),
        database_connections=_count(
            "DATABASE_CONNECTIONS", environment.get("DATABASE_CONNECTIONS", "10"), most=500
        ),
        files_url=files_address("FILES_URL", environment.get("FILES_URL")),
        clamd_socket=_socket("CLAMD_SOCKET", environment.get("CLAMD_SOCKET")),
        log_format=_choice("LOG_FORMAT", environment.get("LOG_FORMAT") or "text", LOG_FORMATS),
        log_level=_choice("LOG_LEVEL", environment.get("LOG_LEVEL") or "warning", LOG_LEVELS),
        slow_query_ms=_count("SLOW_QUERY_MS", environment.get("SLOW_QUERY_MS", "200"), most=600000),
        slow_request_ms=_count(
            "SLOW_REQUEST_MS", environment.get("SLOW_REQUEST_MS", "1000"), most=600000
        ),
        imap_url=_imap_url(environment.get("IMAP_URL")),
        authserv_id=_authserv_id(environment.get("AUTHSERV_ID")),
        **_rooms(environment),
        has_traces=bool(environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")),
        worker_lease_seconds=_count(
            "WORKER_LEASE_SECONDS", environment.get("WORKER_LEASE_SECONDS", "120"), most=3600
        ),
        worker_retry_seconds=_count(
            "WORKER_RETRY_SECONDS", environment.get("WORKER_RETRY_SECONDS", "10"), most=3600
        ),
    )


def _data_dir(read: str) -> Path:
    path = Path(read) if Path(read).is_absolute() else ROOT / read
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(
            "DATA_DIR", read, f"a folder we may write to ({error.strerror})"
        ) from error
    return path


def _database_url(read: str | None, data_dir: Path) -> str:
    if not read:
        return f"sqlite:///{data_dir / 'interurban.db'}"
    return database_address("DATABASE_URL", read)


def database_address(name: str, read: str) -> str:
    """As SQLAlchemy wants it, with the driver's name. Raise WrongSetting."""
    if read.startswith("sqlite:///"):
        return read
    for prefix in ("postgresql://", "postgres://", "postgresql+psycopg://"):
        if read.startswith(prefix):
            return "postgresql+psycopg://" + read.removeprefix(prefix)
    raise WrongSetting(name, read, "sqlite:///path or postgresql://user@host/name")


def _redis_url(read: str | None) -> str | None:
    if read and urlsplit(read).scheme not in {"redis", "rediss", "unix", "valkey"}:
        raise WrongSetting("REDIS_URL", read, "redis://host:port/0, or leave it out")
    return read or None


def files_address(name: str, read: str | None) -> str | None:
    """Keys are no part of it: they are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""
    parts = urlsplit(read or "s3://none")
    more = parse_qs(parts.query, keep_blank_values=True)
    endpoint = urlsplit(more.get("endpoint", ["https://none"])[0])
    known = set(more) <= {"endpoint", "region", "ca"} and not parts.username
    if parts.scheme != "s3" or not parts.netloc or not known or not _is_web(endpoint):
        raise WrongSetting(name, read or "", "s3://bucket/prefix?endpoint=https://host&region=name")
    if not Path(ca := more.get("ca", [__file__])[0]).is_file():
        raise WrongSetting(name, read or "", f"ca names a file of certificates, {ca} is none")
    return read or None


def _is_web(parts: SplitResult) -> bool:
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _base_url(environment: Mapping[str, str]) -> str:
    port = _count("PORT", environment.get("PORT", "8000"), most=65535)
    read = environment.get("BASE_URL") or f"http://127.0.0.1:{port}"
    parts = urlsplit(read)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise WrongSetting("BASE_URL", read, "http://host or https://host, with a path if need be")
    return read.rstrip("/")


def _domain_of(base_url: str) -> str:
    """The host of the address; mail from a bare name or number gets a domain nobody owns."""
    host = urlsplit(base_url).hostname or ""
    is_number = host.replace(".", "").isdecimal() or ":" in host
    return host if "." in host and not is_number else "interurban.invalid"


def _mail_url(read: str | None) -> str | None:
    if not read:
        return None
    parts = urlsplit(read)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise WrongSetting("MAIL_URL", read, "smtp://user:password@host:port or smtps://…")
    try:
        _ = parts.port
    except ValueError as error:
        raise WrongSetting("MAIL_URL", read, "a port between 1 and 65535") from error
    return read


def _imap_url(read: str | None) -> str | None:
    parts = urlsplit(read or "imaps://user:password@none")
    wanted = "imaps://user:password@host:port/folder, user and password percent-encoded"
    if parts.scheme not in {"imaps", "imap"} or not parts.hostname or not parts.username:
        raise WrongSetting("IMAP_URL", _without_password(read), wanted)
    try:
        _ = parts.port
    except ValueError as error:
        raise WrongSetting("IMAP_URL", _without_password(read), wanted) from error
    return read or None


def _rooms(environment: Mapping[str, str]) -> dict[str, Any]:
    """Where rooms are made, and the secrets that prove it is us. Secrets are in no message."""
    jitsi = _room_server("JITSI_URL", environment.get("JITSI_URL"))
    bbb = _room_server("BBB_URL", environment.get("BBB_URL"))
    app_id, secret = environment.get("JITSI_APP_ID", ""), environment.get("JITSI_APP_SECRET", "")
    if bool(app_id) != bool(secret) or (secret and jitsi is None):
        raise WrongSetting("JITSI_APP_ID", app_id, "with JITSI_APP_SECRET and JITSI_URL, or none")
    if secret and len(secret) < LEAST_SECRET:
        raise WrongSetting("JITSI_APP_SECRET", "…", f"at least {LEAST_SECRET} characters")
    if (bbb is None) != (not environment.get("BBB_SECRET")):
        raise WrongSetting("BBB_URL", bbb or "", "with BBB_SECRET, or none of both")
    return {
        "jitsi_url": jitsi,
        "jitsi_app_id": app_id,
        "jitsi_app_secret": secret,
        "bbb_url": bbb.removesuffix("/api") if bbb else None,
        "bbb_secret": environment.get("BBB_SECRET", ""),
    }


def _room_server(name: str, read: str | None) -> str | None:
    parts = urlsplit(read or "https://none")
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_here)
    if not is_safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise WrongSetting(name, _without_password(read), "https://host, with a path if need be")
    return read.rstrip("/") if read else None


def _without_password(read: str | None) -> str:
    return f"…@{(read or '').rpartition('@')[2]}" if "@" in (read or "") else read or ""


def _authserv_id(read: str | None) -> str | None:
    if read and any(c in read for c in '; ()"@\r\n'):
        raise WrongSetting("AUTHSERV_ID", read, "the name our mail server signs with, like mx.host")
    return read.lower() if read else None


def _mail_from(read: str) -> str:
    local, _, domain = read.rpartition("@")
    if not local or not domain or any(c in read for c in "<>\r\n "):
        raise WrongSetting("MAIL_FROM", read, "one plain address, like events@example.org")
    return read


def _domain(read: str) -> str:
    if not read or any(c in read for c in "@/ \r\n"):
        raise WrongSetting("INBOUND_DOMAIN", read, "a domain, like mail.example.org")
    return read.lower()


def _flag(name: str, read: str) -> bool:
    if read not in {"0", "1"}:
        raise WrongSetting(name, read, "0 or 1")
    return read == "1"


def _count(name: str, read: str, most: int = 64, least: int = 1) -> int:
    if not read.isdecimal() or not least <= int(read) <= most:
        raise WrongSetting(name, read, f"a whole number from {least} to {most}")
    return int(read)


def _choice(name: str, read: str, allowed: tuple[str, ...]) -> str:
    if read not in allowed:
        raise WrongSetting(name, read, " or ".join(allowed))
    return read


def _socket(name: str, read: str | None) -> Path | None:
    """A scanner that is not up yet is no reason not to start: the admin page says what it does."""
    if read and not Path(read).is_absolute():
        raise WrongSetting(name, read, "the whole path of a socket, like /run/clamav/clamd.ctl")
    return Path(read) if read else None


def _kept_secret(path: Path) -> str:
    """The key made on the first run; readable by this account only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()
