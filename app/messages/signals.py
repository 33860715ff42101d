"""What happens in private conversations. Sent inside the transaction of the change."""

from __future__ import annotations

from blinker import Signal

message_sent = Signal("sent with the message, first ones included")
