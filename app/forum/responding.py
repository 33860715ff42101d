"""Saying something with one press: Helpful, Same in our city, We will try this."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from babel.lists import format_list
from sqlalchemy import and_, case, delete, func, select

from app.accounts.models import User
from app.accounts.queries import current_city_id
from app.core.clock import utcnow
from app.core.db import Words, db
from app.core.i18n import in_language, language, ngettext, with_region
from app.core.jobs import insert_once
from app.forum.curating.holding import hold_thread_of
from app.forum.enums import ResponseKind
from app.forum.errors import OwnPost
from app.forum.models import Post, Thread
from app.forum.packing import packed, unpacked
from app.forum.queries import is_author, names_shown_to, post_is_readable
from app.forum.reader_models import PostResponse
from app.network.models import City


@dataclass
class Said:
    """Who said one thing about a post: cities by name, and how many people without one."""

    cities: list[Words] = field(default_factory=list)
    others: int = 0
    count: int = 0
    is_mine: bool = False

    @property
    def who(self) -> str:
        """ "Graz, Lund and 2 people" in the reader's language."""
        names = [in_language(names) for names in self.cities]
        if self.others:
            names.append(ngettext("%(num)s person", "%(num)s people", self.others))
        return format_list(names, locale=with_region(language()))

    @property
    def heads(self) -> int:
        """How many are named, for one or several in the sentence."""
        return len(self.cities) + self.others


def toggle(post: Post, person: User, kind: ResponseKind) -> bool:
    """Say it, or take it back. Return whether it is said now. Raise OwnPost."""
    if post.author_id == person.id:
        raise OwnPost
    thread = hold_thread_of(post)
    mine = (
        PostResponse.post_id == post.id,
        PostResponse.user_id == person.id,
        PostResponse.kind == kind,
    )
    taken_back = db.session.scalars(delete(PostResponse).where(*mine).returning(PostResponse.kind))
    is_said = taken_back.first() is None
    if is_said:
        _add(post, person, kind)
    everything = select(func.count()).where(PostResponse.post_id == post.id)
    counted: Any = everything.scalar_subquery()  # by the statement that keeps it
    post.response_count = counted
    thread.revision += 1
    db.session.flush()
    return is_said


def packed_responses(viewer: User | None) -> Any:
    """What was said about the post that a statement reads, as one value for `said_in`.

    Cities only where names are shown.
    """
    table = PostResponse
    rows = (
        select(
            table.created_at,
            table.user_id,
            table.kind,
            case((is_author(viewer, table.user_id), "mine"), else_="").label("whose"),
            City.names,
        )
        .select_from(table)
        .outerjoin(City, and_(City.id == table.city_id, names_shown_to(viewer)))
        .where(table.post_id == Post.id, post_is_readable())
        .correlate(Post, Thread)
    )
    return case((Post.response_count > 0, packed(rows)), else_=None)


def said_in(value: str | None) -> dict[ResponseKind, Said]:
    """What `packed_responses` holds, in the order in which it was said."""
    found: dict[ResponseKind, Said] = {}
    for _at, _who, kind, whose, city in sorted(unpacked(value), key=_when):
        _note(found.setdefault(ResponseKind(kind), Said()), bool(whose), json.loads(city or "null"))
    return found


def _when(row: list[str]) -> tuple[str, int]:
    return row[0], int(row[1])


def _note(said: Said, is_mine: bool, city: Words | None) -> None:
    said.count += 1
    said.is_mine = said.is_mine or is_mine
    if city is None:
        said.others += 1
    elif city not in said.cities:
        said.cities.append(city)


def _add(post: Post, person: User, kind: ResponseKind) -> None:
    now = utcnow()
    city_id = db.session.scalar(select(current_city_id(person)))
    values = {"post_id": post.id, "user_id": person.id, "kind": kind, "created_at": now}
    insert_once(PostResponse, {**values, "city_id": city_id})
