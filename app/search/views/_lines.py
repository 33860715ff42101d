"""What the lines of a page of results say: worked out once for all that say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from app.core.i18n import lazy_
from app.core.slugs import slugify
from app.core.templating import day
from app.forum.filtering import ThreadFilter
from app.network.naming import language_name
from app.search.finding import Hit
from app.search.shown import FoundPost, FoundWebinar

KINDS: Mapping[str, Any] = {
    "overview": lazy_("Where this stands"),
    "question": lazy_("Question"),
    "conversation": lazy_("Conversation"),
    "reply": lazy_("From a reply"),
    "webinar": lazy_("Webinar"),
    "notes": lazy_("Notes"),
    "practitioner_notes": lazy_("Notes, practitioners' part"),
    "city": lazy_("City"),
}


@dataclass(frozen=True)
class LineWords:
    """Words of one page: many of its lines share kind, day and language."""

    kinds: Mapping[str, str] = field(
        default_factory=lambda: {name: str(words) for name, words in KINDS.items()}
    )
    day: Callable[[date], str] = field(default_factory=lambda: cache(day))
    language: Callable[[str], str] = field(default_factory=lambda: cache(language_name))


def address_of(hit: Hit) -> str:
    if hit.post:
        return _address_in_thread(hit.post, hit.is_overview)
    if hit.webinar:
        return _address_of_webinar(hit, hit.webinar)
    return url_for("cities.show", slug=hit.city.slug if hit.city else "")


def _address_in_thread(post: FoundPost, is_overview: bool) -> str:
    return url_for(
        "threads.show",
        thread_id=post.thread_id,
        slug=slugify(post.title),
        page=post.page if post.page > 1 else None,
        _anchor="standing-heading" if is_overview else f"post-{post.number}",
    )


def _address_of_webinar(hit: Hit, webinar: FoundWebinar) -> str:
    if hit.is_notes:
        return url_for("summaries.show", webinar_id=webinar.id)
    return url_for("webinars.show", webinar_id=webinar.id, slug=slugify(webinar.title))


def narrowing(wanted: ThreadFilter, base: Mapping[str, str]) -> Callable[..., str]:
    """Addresses of this search with one more filter: there are dozens beside the results."""
    here, now = url_for("search.show"), wanted.query()

    def address(**one: str) -> str:
        fields = {**now, **one, **base}
        return f"{here}?{'&'.join(map(_field, fields, fields.values()))}"

    return address


@lru_cache(maxsize=1000)
def _field(name: str, value: str) -> str:
    return urlencode({name: value})
