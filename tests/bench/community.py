"""A fresh demo community to ask, and the addresses worth asking."""

from __future__ import annotations

import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import sqlalchemy as sa

from config import ROOT

SIGNED_IN = "official@demo.invalid"

THREAD = """SELECT h.id FROM thread h JOIN topic t ON t.id = h.topic_id
    WHERE h.visibility = 'public' AND t.visibility = 'public'
    ORDER BY h.last_number DESC, h.id LIMIT 1"""
QUESTIONS = [
    THREAD,
    f"SELECT t.slug FROM topic t JOIN thread h ON h.topic_id = t.id WHERE h.id = ({THREAD})",
    "SELECT id FROM webinar WHERE status = 'published' AND visibility = 'public'"
    " ORDER BY starts_at DESC LIMIT 1",
    "SELECT n.webinar_id FROM summary_version v JOIN note_set n ON n.id = v.note_set_id"
    " ORDER BY v.id LIMIT 1",
]


def load(environment: dict[str, str]) -> None:
    for command in (["db", "upgrade"], ["demo", "load"]):
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=ROOT, env=environment, check=True, capture_output=True,
        )  # fmt: skip


def addresses(database: str) -> dict[str, str]:
    """Name and path of each page; the longest thread, the webinar with the most in it."""
    with sa.create_engine(database).connect() as rows:
        thread, topic, webinar, noted = (rows.scalar(sa.text(question)) for question in QUESTIONS)
    return {
        "home": "/",
        "topic": f"/topics/{topic}",
        "thread": f"/threads/{thread}",
        "webinar": f"/webinars/{webinar}",
        "summary": f"/webinars/{noted}/summary",
        "calendar file": f"/webinars/{webinar}/calendar.ics",
        "calendar feed": "/calendars/public.ics",
        "search": "/search?q=housing",
    }


def sign_in(port: int) -> str:
    """The session cookie of a demo member, by the button of the sign-in page."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    base = f"http://127.0.0.1:{port}"
    page = browser.open(f"{base}/sign-in").read().decode()
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    form = {"csrf_token": token, "email": SIGNED_IN, "password": "interurban"}
    browser.open(f"{base}/sign-in", urllib.parse.urlencode(form).encode()).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def where(port: int, path: str, cookie: str) -> str:
    """The path at the end of redirects."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        parts = urllib.parse.urlsplit(answer.url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
