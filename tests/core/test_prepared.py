"""Prepared changes, sent past SQLAlchemy, keep to its transactions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from app.core.db import db, write
from app.core.prepared import Prepared
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
