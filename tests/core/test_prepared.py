"""Prepared changes, sent past SQLAlchemy, keep to its transactions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.alone import NeedsSession, each_alone
from app.core.clock import UTCDateTime, utcnow
from app.core.db import db, write
from app.core.prepared import MOST_LENGTHS, Prepared
from app.network.models import City
from tests.core.test_db import a_city


@Prepared
def _renamed() -> Any:
    asked: Any = sa.bindparam("held_slug"), sa.bindparam("new_slug")
    return sa.update(City).where(City.slug == asked[0]).values(slug=asked[1])


def rename(old: str, new: str) -> None:
    _renamed.change((), held_slug=old, new_slug=new)


def test_a_change_in_a_savepoint_is_undone_with_it(app: Flask) -> None:
    with write() as session:
        session.add(a_city("aachen"))
        session.flush()
        rename("aachen", "bremen")
        attempt = session.begin_nested()
        rename("bremen", "celle")
        attempt.rollback()

    assert db.session.scalars(sa.select(City.slug)).all() == ["bremen"]


@Prepared
def _among() -> Any:
    slugs, kinds = (
        sa.bindparam(name, expanding=True, type_=kind)
        for name, kind in (("slugs", sa.String), ("opened", UTCDateTime()))
    )
    found = sa.select(City.slug).where(City.slug.in_(slugs), City.created_at.not_in(kinds))
    return found.where(City.country_code.in_(["DE", "AT"])).order_by(City.slug)


@pytest.mark.parametrize("way", [each_alone, nullcontext])
def test_lists_have_any_length(app: Flask, way: Callable[[], Any]) -> None:
    """Each length is a statement of its own, also the empty list; values keep their types."""
    names = ["aachen", "bremen", "celle"]
    with write() as session:
        session.add_all(a_city(name) for name in names)
    then = [utcnow() - timedelta(days=99)] * 2
    with way():
        for wanted in ([], names[:1], names[1:], names, names[2:], [*names, "dresden"]):
            for moments in (then, []):
                rows = _among.rows((), slugs=wanted, opened=moments)
                assert [slug for (slug,) in rows] == [one for one in wanted if one in names]


def test_of_many_lengths_the_last_are_kept(app: Flask) -> None:
    for length in range(MOST_LENGTHS + 5):
        assert _among.rows((), slugs=["none"] * length, opened=[]) == []

    assert 0 < len(_among._spoken) <= MOST_LENGTHS


@Prepared
def _removed() -> Any:
    slugs = sa.bindparam("slugs", expanding=True, type_=sa.String)
    return sa.delete(City).where(City.slug.in_(slugs))


def test_what_needs_the_session_takes_no_second_connection(app: Flask) -> None:
    with each_alone(), pytest.raises(NeedsSession):
        _removed.rows((), slugs=["aachen"])
