"""What happened to people's accounts."""

from __future__ import annotations

from blinker import Signal

account_approved = Signal()  # sender: User
reader_stopped_counting = Signal()  # sender: User
seat_handed_over = Signal()  # sender: the ended Seat; successor, actor: User
