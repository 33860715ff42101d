"""Every setting: its default, a right value, and wrong ones that end with one plain line."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config import ROOT, WrongSetting, read_settings

pytestmark = pytest.mark.any_engine


def read(folder: Path, **environment: str) -> Any:
    return read_settings({"DATA_DIR": str(folder)} | environment)


def test_the_defaults(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path / 'interurban.db'}"
    assert settings.redis_url is None
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.mail_url is None
    assert settings.mail_from == "events@interurban.invalid"
    assert settings.inbound_domain == "interurban.invalid"
    assert settings.demo is False
    assert settings.workers == 2
    assert (settings.worker_lease_seconds, settings.worker_retry_seconds) == (120, 10)
    assert settings.mail_dir == tmp_path / "mail"


def test_empty_means_default(tmp_path: Path) -> None:
    names = ["DATABASE_URL", "REDIS_URL", "BASE_URL", "SECRET_KEY", "MAIL_URL", "MAIL_FROM"]

    assert read(tmp_path, **dict.fromkeys(names, "")) == read(tmp_path)


def test_the_secret_is_made_once_and_for_us_only(tmp_path: Path) -> None:
    first, second = read(tmp_path).secret_key, read(tmp_path).secret_key

    assert first == second
    assert len(first) >= 60
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        ("DATABASE_URL", "sqlite:////srv/x.db", "database_url", "sqlite:////srv/x.db"),
        ("DATABASE_URL", "postgres://u@h/d", "database_url", "postgresql+psycopg://u@h/d"),
        ("DATABASE_URL", "postgresql://u@h/d", "database_url", "postgresql+psycopg://u@h/d"),
        ("REDIS_URL", "redis://h:6379/0", "redis_url", "redis://h:6379/0"),
        ("BASE_URL", "https://x.org/forum/", "base_url", "https://x.org/forum"),
        ("PORT", "8080", "base_url", "http://127.0.0.1:8080"),
        ("SECRET_KEY", "a long one", "secret_key", "a long one"),
        ("MAIL_URL", "smtps://me:pw@h:465", "mail_url", "smtps://me:pw@h:465"),
        ("MAIL_FROM", "office@x.org", "mail_from", "office@x.org"),
        ("INBOUND_DOMAIN", "Mail.X.org", "inbound_domain", "mail.x.org"),
        ("INBOUND_MAIL", "1", "inbound_mail", True),
        ("DEMO", "1", "demo", True),
        ("WORKERS", "4", "workers", 4),
        ("LOG_FORMAT", "json", "log_format", "json"),
        ("LOG_LEVEL", "info", "log_level", "info"),
        ("SLOW_QUERY_MS", "50", "slow_query_ms", 50),
        ("SLOW_REQUEST_MS", "50", "slow_request_ms", 50),
        ("JITSI_URL", "https://meet.x.org/", "jitsi_url", "https://meet.x.org"),
        ("WORKER_LEASE_SECONDS", "5", "worker_lease_seconds", 5),
        ("WORKER_RETRY_SECONDS", "5", "worker_retry_seconds", 5),
    ],
)
def test_right_values(tmp_path: Path, name: str, value: str, attribute: str, expected: Any) -> None:
    assert getattr(read(tmp_path, **{name: value}), attribute) == expected


WRONG = [
    ("DATABASE_URL", "mysql://x"),
    ("DATABASE_URL", "interurban.db"),
    ("REDIS_URL", "http://x"),
    ("BASE_URL", "forum.example.org"),
    ("BASE_URL", "ftp://x"),
    ("PORT", "0"),
    ("PORT", "99999"),
    ("PORT", "eight"),
    ("MAIL_URL", "mail.example.org"),
    ("MAIL_URL", "smtp://"),
    ("MAIL_URL", "smtp://host:70000"),
    ("MAIL_FROM", "nobody"),
    ("MAIL_FROM", "A <a@b.c>"),
    ("INBOUND_DOMAIN", "a@b"),
    ("INBOUND_MAIL", "on"),
    ("DEMO", "yes"),
    ("DEMO", "2"),
    ("WORKERS", "0"),
    ("WORKERS", "-1"),
    ("WORKERS", "²"),
    ("WORKERS", "1000"),
    ("LOG_FORMAT", "xml"),
    ("LOG_LEVEL", "loud"),
    ("SLOW_QUERY_MS", "0"),
    ("SLOW_REQUEST_MS", "1 s"),
    ("JITSI_URL", "http://meet.x.org"),
    ("JITSI_URL", "meet.x.org"),
    ("JITSI_URL", "https://meet.x.org/?a=b"),
    ("JITSI_APP_ID", "ours"),
    ("BBB_URL", "https://bbb.x.org/bigbluebutton"),
    ("BBB_URL", "javascript:alert(1)"),
    ("WORKER_LEASE_SECONDS", "0"),
    ("WORKER_RETRY_SECONDS", "1.5"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_values_name_setting_value_and_what_is_allowed(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(WrongSetting) as caught:
        read(tmp_path, **{name: value})

    line = str(caught.value)
    assert line.startswith(f"{name}={value!r} is not allowed here: ")
    assert "\n" not in line
    assert len(line.partition("here: ")[2]) > 5


def test_servers_of_rooms_come_with_their_secrets(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        JITSI_URL="https://meet.x.org",
        JITSI_APP_ID="ours",
        JITSI_APP_SECRET="s" * 32,
        BBB_URL="https://bbb.x.org/bigbluebutton/api/",
        BBB_SECRET="a secret",
    )

    assert (settings.jitsi_app_id, settings.jitsi_app_secret) == ("ours", "s" * 32)
    assert (settings.bbb_url, settings.bbb_secret) == (
        "https://bbb.x.org/bigbluebutton",
        "a secret",
    )


def test_a_short_secret_is_refused_and_not_said(tmp_path: Path) -> None:
    rooms = {"JITSI_URL": "https://m.x.org", "JITSI_APP_ID": "ours", "JITSI_APP_SECRET": "short"}

    with pytest.raises(WrongSetting) as caught:
        read(tmp_path, **rooms)

    assert str(caught.value) == "JITSI_APP_SECRET='…' is not allowed here: at least 32 characters"


def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WrongSetting, match="DATA_DIR"):
        read_settings({"DATA_DIR": str(tmp_path / "file" / "below")})


def test_a_wrong_setting_ends_the_start_with_one_line_and_exit_2(tmp_path: Path) -> None:
    for command in (["-m", "flask", "--app", "wsgi", "jobs", "once"], ["-c", "import wsgi"]):
        ended = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(tmp_path), "DEMO": "maybe"},
            capture_output=True,
            text=True,
            check=False,
        )

        assert ended.returncode == 2
        assert ended.stderr == "interurban: DEMO='maybe' is not allowed here: 0 or 1\n"
