"""What happens to attendance."""

from __future__ import annotations

from blinker import Signal

attendance_corrected = Signal(
    "what ticks or reports say of one person changed; the sender is the registration"
)
