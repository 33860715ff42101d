"""What conversations do when something happens to people."""

from __future__ import annotations

from app.accounts.models import Seat, User
from app.forum.city_reading import forget_city
from app.forum.handing_over import move_follows, move_questions


def on_seat_handed_over(seat: Seat, successor: User, actor: User) -> None:
    move_follows(seat, successor)
    move_questions(seat, successor, actor)


def on_reader_stopped_counting(person: User) -> None:
    forget_city(person)
