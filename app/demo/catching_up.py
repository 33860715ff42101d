"""Everybody has read what is older than their last visit; the rest is new for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.accounts.models import User
from app.core.clock import standing_at
from app.core.db import db
from app.demo.cast import Cast, Told
from app.demo.reading import chapter
from app.forum.queries import readers_of
from app.forum.reading import mark_read

USUALLY_AWAY = 1  # days


def catch_up(cast: Cast) -> None:
    away = {
        cast.people[entry["email"]].id: timedelta(days=entry.get("days_away", USUALLY_AWAY))
        for entry in chapter("network")["people"]
    }
    for told in cast.threads.values():
        for reader in db.session.scalars(readers_of(told.thread)).all():
            _read(told, reader, cast.now - away[reader.id])


def _read(told: Told, reader: User, until: datetime) -> None:
    seen = [post.number for post in told.posts if post.created_at <= until]
    own = [post.number for post in told.posts if post.author_id == reader.id]
    if last := max([*seen, *own], default=0):
        with standing_at(max(until, told.post(last).created_at)):
            mark_read(reader.id, told.thread.id, last)
