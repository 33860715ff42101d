"""A member's page of which all parts are kept, told before the framework begins.

The view itself says what the page is made from, by the functions and statements it uses anyway,
and whoever asks is known by the same statement of sessions. No text is made here. Whatever is not
at hand is left to the framework: a part to be made, a session without a token, words to be flashed,
a cookie to be renewed. So is what was read until then (`core.reading_ahead`): it is not read twice.

A thread is tried for whom this process has told the same address before: who comes for the first
time mostly has something new to read, and would only wait for the try. Lists, and a file that is
the same for all who may have it, are tried for everybody once they were told to anybody: their
parts are shared, and what is one reader's own is laid into them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from flask import Flask, Response, current_app, request, session
from flask_login import COOKIE_NAME
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie

from app.core.alone import NeedsSession, each_alone
from app.core.clock import utcnow
from app.core.early_answers import UNUSUAL, Answer, note_route, said
from app.core.forgery import token_of
from app.core.fragments import Key, NotKept, kept_fragments, making_no_text
from app.core.frame import theme_of
from app.core.i18n import language_for, speaking
from app.core.parts import around_key, bell_key, filled, looks, own_words, unread_of
from app.core.reading_ahead import MEMBER, SESSION, UNREAD, forget
from app.core.tally import running_tally
from app.core.visitor_pages import Meaning, Meanings, asked_by_all, meaning_of_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

TELL, TO_ANYBODY = "tells_members_early", "told_early_to_anybody"
PERSON_OF, TOLD_BEFORE, TOLD_TO_ANYBODY = "person_of_session", "told_before", "told_to_anybody"
OF_A_PAGE = {"Content-Type": "text/html; charset=utf-8", "Vary": "Cookie"}
ONCE = {"_flashes", "_remember", "_remember_seconds"}
"""What the framework takes out of a session when it answers."""


@dataclass(frozen=True)
class Asked:
    """What is known about a request of a member. `path` is where forms lead back to. `token`: None
    when the session has none yet, so that there can be no form.
    """

    person: Any
    query: str
    path: str
    token: str | None
    look: Key
    environ: dict[str, Any]


Told = tuple[dict[str, str], str]
"""Headers and body."""

Tell = Callable[..., Told | None]
"""From an Asked and the values in the address. It makes nothing and only reads."""


def told_early(tell: Tell, to_anybody: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For an `open_page`: how it is told to members out of what is kept.

    `to_anybody`: it is tried for who comes for the first time, too.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, TELL, tell)
        setattr(view, TO_ANYBODY, to_anybody)
        return view

    return mark


def know_members(app: Flask, person_of: Callable[[str, str], Any]) -> None:
    """`person_of`: from the id of a session and the name in its cookie to who it is, or None."""
    app.extensions[PERSON_OF] = person_of


def init_early_members(app: Flask) -> None:
    app.extensions[TOLD_BEFORE] = Meanings(asked_by_one)
    app.extensions[TOLD_TO_ANYBODY] = Meanings()
    app.after_request(learn)
    app.wsgi_app = EarlyMembers(app, app.wsgi_app)  # type: ignore[method-assign]


def learn(response: Response) -> Response:
    """What this address means, if members may be told early and one was told now."""
    view = current_app.view_functions.get(request.endpoint or "")
    if hasattr(view, TELL) and response.status_code == 200 and request.method == "GET":
        meaning = meaning_of_request() if "_user_id" in session else None
        if meaning is not None:  # the row of the person is not read again for it
            _known(to_anybody=getattr(view, TO_ANYBODY)).learn(request.environ, meaning)
    return response


def asked_by_one(environ: dict[str, Any]) -> tuple[Hashable, ...]:
    """Who asks, by their cookies, and what for."""
    cookies = environ.get("HTTP_COOKIE", "").encode("utf-8", "surrogatepass")
    return blake2b(cookies, digest_size=16).digest(), *asked_by_all(environ)


def _known(to_anybody: bool) -> Meanings:
    name = TOLD_TO_ANYBODY if to_anybody else TOLD_BEFORE
    return cast(Meanings, current_app.extensions[name])


def _meaning_of(environ: dict[str, Any]) -> Meaning | None:
    return _known(to_anybody=True).of(environ) or _known(to_anybody=False).of(environ)


def filled_alone(around: str, asked: Asked, token: str, **blocks: str) -> Told | None:
    """`parts.whole_page` without a request. None: the number at the bell has yet to be drawn."""
    unread = unread_of(asked.person)
    bells = [""] if unread is None else kept_fragments([bell_key(unread)])
    if bells is None:
        leave(asked, UNREAD, unread)
        return None
    words = own_words(asked.person, bells[0]) | blocks
    return OF_A_PAGE, filled(around, words, asked.path, token)


def kept_page(template: str, asked: Asked, token: str, **blocks: str) -> Told | None:
    """The same of a page that stands in this template."""
    around = kept_fragments([around_key(template, asked.person, asked.look)])
    return filled_alone(around[0], asked, token, **blocks) if around else None


def leave(asked: Asked, name: str, value: T) -> T:
    """For the framework, which takes it by `reading_ahead.taken` instead of asking again."""
    asked.environ[name] = (asked.person.id, value)
    return value


class EarlyMembers:
    """Around the framework, beside what answers visitors."""

    def __init__(self, app: Flask, inside: WSGIApplication) -> None:
        self._app, self._inside = app, inside
        self._cookie = f"{app.config['SESSION_COOKIE_NAME']}="

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        forget(environ)  # what an earlier try of the same request read
        told = self._told(environ) if self._is_plain(environ) else None
        if told is None:
            return self._inside(environ, start_response)
        headers, body = told[0], told[1].encode()
        length = {"Content-Length": str(len(body))}
        return said(Answer("200 OK", headers | length, body), environ, start_response)

    def _is_plain(self, environ: WSGIEnvironment) -> bool:
        cookies = environ.get("HTTP_COOKIE", "")
        return (
            self._cookie in cookies
            and COOKIE_NAME not in cookies
            and environ["REQUEST_METHOD"] == "GET"
            and environ.get("CONTENT_LENGTH") in {None, "", "0"}
            and not any(environ.get(name) for name in UNUSUAL)
        )

    def _told(self, environ: WSGIEnvironment) -> Told | None:
        with self._app.app_context():
            meaning = _meaning_of(environ)
            tell = _tell_of(meaning) if meaning else None
            if meaning is None or tell is None:
                return None
            cookies: dict[str, str] = dict(parse_cookie(environ))
            environ[SESSION] = session = _session(cookies)
            if not _is_settled(session):
                return None
            try:
                return _told_to(session, cookies, tell, meaning, environ)
            except SQLAlchemyError:
                return None  # the framework has a page for it


def _told_to(
    session: Any, cookies: dict[str, str], tell: Tell, meaning: Meaning, environ: WSGIEnvironment
) -> Told | None:
    note_route(meaning)
    with each_alone():
        person = current_app.extensions[PERSON_OF](str(session.get("sid", "")), session["_user_id"])
        if person is None:
            return None
        environ[MEMBER] = (session["sid"], session["_user_id"], person)
        wish = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        with speaking(language_for(person, cookies.get("language", ""), wish)):
            look = looks(theme_of(cookies.get("theme", "")), "")
            path = meaning.address.rstrip("?")
            query = environ.get("QUERY_STRING", "")
            token = token_of(session.get("csrf_token"))
            asked = Asked(person, query, path, token, look, environ)
            told = _out_of_kept(tell, asked, meaning.view_args)
    if told is not None:
        environ["werkzeug.request"] = meaning  # where the log looks for the route
        _note(person)
    return told


def _out_of_kept(tell: Tell, asked: Asked, values: dict[str, Any]) -> Told | None:
    try:
        with making_no_text():
            return tell(asked, **values)
    except (NotKept, NeedsSession):
        return None  # the framework makes or asks it


def _tell_of(meaning: Meaning) -> Tell | None:
    view = current_app.view_functions.get(meaning.url_rule.endpoint)
    return getattr(view, TELL, None)


def _session(cookies: dict[str, str]) -> Any:
    """What the framework would read from the cookie, by its own rules."""
    app: Any = current_app
    return app.session_interface.open_session(app, SimpleNamespace(cookies=cookies, environ={}))


def _is_settled(session: Any) -> bool:
    """Somebody's, with nothing to say once, and the cookie needs no new day."""
    is_todays = session.get("day") == utcnow().date().isoformat()
    return "_user_id" in session and is_todays and ONCE.isdisjoint(session)


def _note(person: Any) -> None:
    tally = running_tally()
    if tally is not None:
        tally.account = person.id
