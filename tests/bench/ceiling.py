"""The least that a page of Flask, SQLAlchemy and Jinja can cost: same server, same database.

Every page here but `/healthz` has about 24 kB, as a page of twenty posts has.
"""

from __future__ import annotations

import os

from flask import Flask, Response
from sqlalchemy import Integer, String, Text, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

ROWS = 20
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="/static/app.css"></head><body><main><h1>{{ title }}</h1>
{% for row in rows %}
<article class="post" id="post-{{ row.id }}"><header>
<a href="/members/{{ row.id }}">{{ row.author }}</a> <span>{{ row.city }}</span>
<a href="/threads/1/{{ row.id }}">No. {{ row.id }}</a></header>
<div class="post__body"><p>{{ row.body }}</p></div>
<footer><a href="/threads/1/{{ row.id }}/reply">Reply</a></footer></article>
{% endfor %}
</main></body></html>
"""
BODY = "What <we> did about housing & rents, and what it cost: a sentence of a usual length. " * 10
URL = "CEILING_URL"


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "ceiling_row"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    author: Mapped[str] = mapped_column(String(80))
    city: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)


def make() -> Flask:
    """`/rows` is the ceiling that pages are compared with."""
    app = Flask(__name__)
    engine = create_engine(os.environ[URL])
    page = app.jinja_env.from_string(PAGE)
    twenty = select(Row.id, Row.author, Row.city, Row.body).order_by(Row.id).limit(ROWS)
    rows = [dict(row) for row in _rows()]
    kept = page.render(title="Ceiling", rows=rows).encode()

    @app.get("/healthz")
    def hello() -> str:
        return "hello"

    @app.get("/jinja")
    def jinja() -> str:
        return page.render(title="Ceiling", rows=rows)

    @app.get("/rows")
    def one_query() -> str:
        with Session(engine) as session:
            return page.render(title="Ceiling", rows=session.execute(twenty).all())

    @app.get("/cached")
    def cached() -> Response:
        return Response(kept, mimetype="text/html")

    return app


def _rows() -> list[dict[str, object]]:
    return [
        {"id": number, "author": f"Official {number}", "city": "Measured city", "body": BODY}
        for number in range(1, ROWS + 1)
    ]


def fill(url: str) -> None:
    engine = create_engine(url)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Row(**row) for row in _rows())
        session.commit()
    engine.dispose()
