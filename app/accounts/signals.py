"""What happened to people's accounts."""

from __future__ import annotations

from blinker import Signal

account_approved = Signal()  # sender: User
