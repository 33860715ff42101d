"""What notes do when something happens to people."""

from __future__ import annotations

from app.accounts.models import Seat, User
from app.notes.deciding import hand_over_actions


def on_seat_handed_over(seat: Seat, successor: User, actor: User) -> None:
    hand_over_actions(seat.user_id, successor)
