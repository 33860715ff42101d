"""The least that a page of Flask, SQLAlchemy and Jinja can cost, on the same server."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, render_template_string
from sqlalchemy import Integer, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

PAGE = (
    "<!doctype html><title>Ceiling</title><ul>"
    "{% for row in rows %}<li><a href='/{{ row.id }}'>{{ row.title }}</a></li>{% endfor %}</ul>"
)


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "row"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))


def make(folder: str) -> Flask:
    """`/healthz` says a word, `/rows` reads twenty rows and renders them."""
    app = Flask(__name__)
    engine = create_engine(f"sqlite:///{Path(folder) / 'ceiling.db'}")

    @app.get("/healthz")
    def hello() -> str:
        return "hello"

    @app.get("/rows")
    def rows() -> str:
        with Session(engine) as session:
            return render_template_string(PAGE, rows=session.scalars(select(Row).limit(20)))

    return app


def fill(folder: str) -> None:
    engine = create_engine(f"sqlite:///{Path(folder) / 'ceiling.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Row(title=f"What we did about housing, part {n}") for n in range(20))
        session.commit()
