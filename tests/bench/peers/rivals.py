"""FlaskBB and Misago: how they are installed, filled, started and asked."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.client import Asking, get, in_turn, post
from tests.bench.peers.browsing import Browser, hidden
from tests.bench.peers.forums import ANONYMOUS, MEMBER, PASSWORD, WORD, Chosen, Forum
from tests.bench.peers.places import HOME, THEIRS, NotHere, data_key, environment, versions
from tests.bench.peers.serving import serving
from tests.bench.peers.stores import Stores

FLASKBB = [
    "flaskbb==2.2.0", "psycopg2-binary==2.9.13", "psycopg[binary]==3.3.9", "gunicorn==27.0.1",
]  # fmt: skip
MISAGO = ["misago==0.39.6", "gunicorn==27.0.1"]
FLASKBB_NOTES = [
    "Its modules are compiled with annotations that are looked at later: on Python 3.12 and 3.13,"
    " which it asks for, it ends with a NameError otherwise.",
    "Its column for passwords is made wider: its own installation ends on PostgreSQL, because what"
    " Werkzeug makes of a password today is longer.",
    "It is served through psycopg2: it looks a person up by a number in a string, which psycopg 3"
    " refuses.",
    "Four indexes are added (posts by thread and by author, threads by forum and by author): it"
    " has none but those of its keys.",
    "It is started once alone: two processes at their first start write the same rows.",
    "Its search shows every post with the word on one page.",
]
MISAGO_NOTES = [
    "Nothing repaired. Its page of search gets the results from its API: that answer is measured,"
    " without the page around it."
]


@contextlib.contextmanager
def flaskbb(stores: Stores, source: Path) -> Iterator[Forum]:
    programs, key = environment("flaskbb", (3, 12), FLASKBB), data_key("flaskbb")
    folder = HOME / "flaskbb" / key
    given = {"PEER_PLACE": str(folder), "PEER_REDIS": stores.redis(2), "PYTHONPATH": str(THEIRS)}

    def fill(name: str) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        named = given | {"PEER_DATABASE": stores.address(name)}
        run([programs / "python", THEIRS / "fill_flaskbb.py", source], named, folder)

    filled(stores, key, fill)
    given["PEER_DATABASE"] = stores.address(key, "postgresql+psycopg2")
    # It writes its plugins down at its first start; two processes at once fall over each other.
    run([programs / "python", "-c", "import serve_flaskbb"], given, folder)
    with serving(programs, "serve_flaskbb:application", given, folder) as (port, pid):
        chosen, visitor, member = Chosen.of(source), Browser(port), Browser(port)
        member.fill_in("/auth/login", {"login": chosen.member, "password": PASSWORD})
        paths = {
            "front page": "/",
            "list": f"/forum/{chosen.rank}",
            "thread": f"/topic/{chosen.thread}",
            "page 250": f"/topic/{chosen.longest}?page={chosen.page}",
        }
        yield Forum(
            "FlaskBB", port, (pid, stores.valkey), stores.postgres,
            versions(programs, ["flaskbb", "flask", "sqlalchemy", "gunicorn"]),
            {
                ANONYMOUS: pages(visitor, paths) | {"search": searched(visitor)},
                MEMBER: pages(member, paths) | {"search": searched(member)},
            },
            notes=FLASKBB_NOTES,
        )  # fmt: skip


def searched(browser: Browser) -> Asking:
    """Its search is a form with a token, sent with POST."""
    token = hidden(browser.get("/search"), "csrf_token")
    fields = {"csrf_token": token, "search_query": WORD, "search_types": "post"}
    return in_turn([post("/search", urllib.parse.urlencode(fields).encode(), browser.cookie)])


@contextlib.contextmanager
def misago(stores: Stores, source: Path) -> Iterator[Forum]:
    programs, key = environment("misago", (3, 11), MISAGO), data_key("misago")
    folder = HOME / "misago" / key
    given = {
        "PEER_PLACE": str(folder), "PEER_REDIS": stores.redis(1), "PYTHONPATH": str(THEIRS),
        "PEER_SOCKET": str(stores.socket), "DJANGO_SETTINGS_MODULE": "misago_settings",
    }  # fmt: skip

    def fill(name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        named = given | {"PEER_DATABASE": name}
        run([programs / "django-admin", "migrate"], named, folder)
        run([programs / "python", THEIRS / "fill_misago.py", source], named, folder)

    filled(stores, key, fill)
    given["PEER_DATABASE"] = key
    with serving(programs, "devproject.wsgi:application", given, folder) as (port, pid):
        chosen, visitor, member = Chosen.of(source), Browser(port), Browser(port)
        sign_in_to_misago(member, chosen.member.replace("-", ""))
        paths = {
            "front page": "/",
            "list": f"/c/{misago_category(stores, key, chosen.rank)}/",
            "thread": f"/t/x/{chosen.thread}/",
            "page 250": f"/t/x/{chosen.longest}/{chosen.page}/",
        }
        yield Forum(
            "Misago", port, (pid, stores.valkey), stores.postgres,
            versions(programs, ["misago", "django", "gunicorn"]),
            {
                ANONYMOUS: pages(visitor, paths) | {"search": of_api(visitor)},
                MEMBER: pages(member, paths) | {"search": of_api(member)},
            },
            notes=MISAGO_NOTES,
        )  # fmt: skip


def sign_in_to_misago(browser: Browser, name: str) -> None:
    browser.get("/")
    token = {"X-CSRFToken": browser.cookies["csrftoken"], "Content-Type": "application/json"}
    sent = json.dumps({"username": name, "password": PASSWORD}).encode()
    browser.post("/api/auth/", sent, token)


def of_api(browser: Browser) -> Asking:
    request = get(f"/api/search/?q={WORD}", cookie=browser.cookie)
    return in_turn([request.replace(b"Accept: text/html", b"Accept: application/json")])


def misago_category(stores: Stores, database: str, rank: int) -> str:
    asked = "SELECT slug, id FROM misago_categories_category WHERE level = 1 ORDER BY lft"
    with stores.connect(database) as rows:
        slug, number = rows.execute(asked).fetchall()[rank - 1]
    return f"{slug}/{number}"


def pages(browser: Browser, paths: dict[str, str]) -> dict[str, Asking]:
    """Where redirects end, so that these are not measured."""
    found = {name: browser.where(path) for name, path in paths.items()}
    return {name: in_turn([get(path, cookie=browser.cookie)]) for name, path in found.items()}


def filled(stores: Stores, database: str, fill: Callable[[str], None]) -> None:
    if not stores.has(database):
        print(f"Filling {database}, once", flush=True)
        stores.make(f"filling_{database}")
        fill(f"filling_{database}")
        stores.keep(f"filling_{database}", database)


def run(command: list[str | Path], given: dict[str, str], folder: Path) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=os.environ | given, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise NotHere(f"{Path(command[1]).name} ended: {done.stderr.strip()[-1500:]}")
